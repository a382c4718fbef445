using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Integrations.Lambda;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Templates;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Phase: makes the client's response head out of the integration's answer (rest-api.md 4.3, 5.9, 5.10).</summary>
/// <remarks>
/// Not confirmed, and chosen here: both ids are the gateway's own, so that a mapped x-amzn-RequestId is renamed, as a backend's is (4.3), and a mapped x-amz-apigw-id left out, while a mapped
/// X-Amzn-Trace-Id takes the place of ours; a status below 200 that a template sets is left aside, as no final answer has one. An HTTP_PROXY backend's 204 or 304 without Content-Type gets none, because there is nothing it could be of.
/// </remarks>
internal static class MapResponse
{
    public static Verdict Run(RequestContext request) => request.Route!.Integration switch
    {
        HttpProxyPlan => PassThrough(request, request.Call!),
        HttpPlan http => Select(request, http.Responses, isMock: false),
        LambdaProxyPlan => MapResult.Run(request),
        LambdaPlan lambda => SelectByMessage.Run(request, lambda),
        MockPlan mock => Select(request, mock.Responses, isMock: true),
        _ => Verdict.Of(FaultKind.ClosedConfiguration),
    };

    private static Verdict PassThrough(RequestContext request, UpstreamCall call)
    {
        ResponseHead response = request.Exchange.Response;
        ResponseHead answer = call.Response;
        HeaderTable headers = response.Headers;
        HeaderTable backend = answer.Headers;
        response.Status = answer.Status;

        // One copy for all fields, which are then recorded by their offsets in it.
        headers.TakeBlock(backend.Block.AsSpan(0, backend.BlockLength));
        int connection = backend.IndexOf(KnownHeader.Connection);
        bool hasContentType = false;
        for (int i = 0; i < backend.Count; i++)
        {
            ref readonly HeaderField field = ref backend[i];
            HeaderRule rule = HeaderRules.Of(field.Known);
            if ((rule & HeaderRule.NotReturned) != 0) continue;
            if ((rule & HeaderRule.Remapped) != 0 || field.Known == KnownHeader.XAmznRequestId)
            {
                AddRemapped(headers, backend.Name(i), field.ValueStart, field.ValueLength);
                continue;
            }

            if (FieldList.ConnectionNames(backend, connection, backend.Name(i))) continue;
            hasContentType |= field.Known == KnownHeader.ContentType;
            headers.AddAt(field.NameStart, field.NameLength, field.ValueStart, field.ValueLength, field.Known);
        }

        if (!hasContentType && answer.Status is not (204 or 304)) headers.Add(KnownHeader.ContentType, "Content-Type"u8, "application/json"u8);
        AddIds(request, headers);
        return Verdict.Answer;
    }

    /// <summary>Answers by an integration response, for every type that is not a proxy.</summary>
    /// <param name="request">The request; the integration's body is in its <see cref="RequestContext.HeldAnswer"/> where the route asks for that.</param>
    /// <param name="responses">The integration responses.</param>
    /// <param name="isMock">Whether nothing was called, so that there is no body and no trace.</param>
    private static Verdict Select(RequestContext request, ResponseSelection responses, bool isMock)
    {
        if (responses.Choose(request.IntegrationStatus) is not { } chosen) return Verdict.Of(FaultKind.NoResponseMatch);
        if (!chosen.IsDeclared) return Verdict.Of(FaultKind.ResponseNotDeclared);
        if (isMock) request.HeldAnswer.Use([], request.Exchange.Loop.Buffers); // whatever the request template rendered (5.11)
        return Answer(request, chosen, isMock ? HeaderRule.Remapped : HeaderRule.Remapped | HeaderRule.RemappedFromMapping, isTraced: !isMock);
    }

    /// <summary>Makes the client's answer by one integration response: template, mappings, overrides, in the place of what the integration said.</summary>
    /// <param name="request">The request.</param>
    /// <param name="chosen">A response whose status the method declares.</param>
    /// <param name="renamed">Which mapped names are remapped (4.3).</param>
    /// <param name="isTraced">Whether the trace id is told (4.3).</param>
    internal static Verdict Answer(RequestContext request, ResponsePlan chosen, HeaderRule renamed, bool isTraced)
    {
        BodyTemplate? template = RenderTemplate.ChooseForResponse(request, chosen.Templates);
        if (ConvertBody.RunForAnswer(request, chosen, template) is { Ends: true } unconverted) return unconverted;
        if (RenderTemplate.RunForResponse(request, template, request.HeldAnswer.Memory) is { Ends: true } failed) return failed;
        if (chosen.MapsBody && BodyValues.Check(request, request.HeldAnswer, FaultKind.ResponseNotJson) is { Ends: true } unreadable) return unreadable;

        ResponseHead response = request.Exchange.Response;
        HeaderTable headers = response.Headers;
        TemplateOverrides? overrides = request.OverridesOrNull;
        response.Status = overrides is { Status: >= 200 and var status } ? status : chosen.Status;
        bool hasContentType = false;
        foreach (ParameterMapping mapping in chosen.Parameters)
        {
            if (OverrideReader.Replaces(overrides, OverrideTarget.ResponseHeader, mapping.Name.Span)) continue;
            var writer = new ByteWriter(request.Services.ValueScratch);
            ValueReader.Write(mapping.Source, request, ref writer);
            hasContentType |= AddMapped(request, mapping.Known, mapping.Name.Span, writer, renamed);
        }

        if (AddOverrides(request, overrides, renamed, ref hasContentType) is { Ends: true } tooLarge) return tooLarge;
        if (!hasContentType)
        {
            // 4.3: a template stored under $default is never a Content-Type.
            bool isNamed = template is not null && !template.MediaType.Span.SequenceEqual("$default"u8);
            headers.Add(KnownHeader.ContentType, "Content-Type"u8, isNamed ? template!.MediaType.Span : "application/json"u8);
        }

        RenderTemplate.TakeForResponse(request, template);
        if (isTraced && !headers.Contains(KnownHeader.XAmznTraceId)) headers.Add(KnownHeader.XAmznTraceId, "X-Amzn-Trace-Id"u8, request.Trace);
        AddIds(request, headers);
        return Verdict.Answer;
    }

    /// <summary>Adds a mapped field; one without a value, or with one that no field may have, is left out.</summary>
    /// <returns>Whether it was the Content-Type.</returns>
    private static bool AddMapped(RequestContext request, KnownHeader known, ReadOnlySpan<byte> name, in ByteWriter value, HeaderRule renamed)
    {
        if (known is KnownHeader.TransferEncoding or KnownHeader.XAmzApigwId || value is { Length: 0, Overflowed: false }) return false;
        if (value.Overflowed || !Syntax.IsFieldValue(value.Written))
        {
            request.Observer?.OnHeaderDropped(request, name);
            return false;
        }

        HeaderTable headers = request.Exchange.Response.Headers;
        if (HeaderRules.Has(known, renamed) || known == KnownHeader.XAmznRequestId)
        {
            int start = headers.Append(value.Written);
            AddRemapped(headers, name, start, value.Length);
            return false;
        }

        headers.Add(known, name, value.Written);
        return known == KnownHeader.ContentType;
    }

    private static Verdict AddOverrides(RequestContext request, TemplateOverrides? overrides, HeaderRule renamed, ref bool hasContentType)
    {
        int total = 0;
        for (int i = 0; i < (overrides?.Count ?? 0); i++)
        {
            if (overrides!.Target(i) != OverrideTarget.ResponseHeader) continue;
            ReadOnlySpan<byte> name = overrides.Name(i);
            var writer = new ByteWriter(request.Services.ValueScratch);
            OverrideReader.WriteJoined(overrides, ref i, ref writer);
            total += name.Length + writer.Length;
            if (writer.Overflowed || total > LoopServices.ScratchSize) return Verdict.Of(FaultKind.OverridesTooLarge);

            // The name is a template's choice, and may be the client's word.
            if (!Syntax.IsFieldName(name)) request.Observer?.OnHeaderDropped(request, name);
            else hasContentType |= AddMapped(request, KnownHeaders.Find(name), name, writer, renamed);
        }

        return Verdict.Continue;
    }

    public static void AddIds(RequestContext request, HeaderTable headers)
    {
        headers.Add(KnownHeader.XAmznRequestId, "x-amzn-RequestId"u8, request.RequestId);
        headers.Add(KnownHeader.XAmzApigwId, "x-amz-apigw-id"u8, request.ExtendedRequestId);
    }

    private static void AddRemapped(HeaderTable headers, ReadOnlySpan<byte> name, int valueStart, int valueLength)
    {
        ReadOnlySpan<byte> prefix = "x-amzn-Remapped-"u8;
        int start = headers.Append(prefix);
        headers.Append(name);
        headers.AddAt(start, prefix.Length + name.Length, valueStart, valueLength, KnownHeader.Other);
    }
}

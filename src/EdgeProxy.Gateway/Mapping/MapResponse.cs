using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Integrations.Lambda;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Phase: makes the client's response head out of the integration's answer (rest-api.md 4.3, 5.9, 5.10).</summary>
/// <remarks>Not confirmed, and chosen here: an HTTP_PROXY backend's 204 or 304 without Content-Type gets none, because there is nothing it could be of.</remarks>
internal static class MapResponse
{
    public static Verdict Run(RequestContext request) => request.Route!.Integration switch
    {
        HttpProxyPlan => PassThrough(request, request.Call!),
        HttpPlan http => Select(request, http.Responses, isHttp: true),
        LambdaProxyPlan => MapResult.Run(request),
        MockPlan mock => Select(request, mock.Responses, isHttp: false),
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

            if (connection >= 0 && IsNamedInConnection(backend, connection, backend.Name(i))) continue;
            hasContentType |= field.Known == KnownHeader.ContentType;
            headers.AddAt(field.NameStart, field.NameLength, field.ValueStart, field.ValueLength, field.Known);
        }

        if (!hasContentType && answer.Status is not (204 or 304)) headers.Add(KnownHeader.ContentType, "Content-Type"u8, "application/json"u8);
        AddIds(request, headers);
        return Verdict.Answer;
    }

    private static Verdict Select(RequestContext request, ResponseSelection responses, bool isHttp)
    {
        if (responses.Choose(request.IntegrationStatus) is not { } chosen) return Verdict.Of(FaultKind.NoResponseMatch);
        if (!chosen.IsDeclared) return Verdict.Of(FaultKind.ResponseNotDeclared);

        ResponseHead response = request.Exchange.Response;
        HeaderTable headers = response.Headers;
        response.Status = chosen.Status;
        HeaderRule renamed = isHttp ? HeaderRule.Remapped | HeaderRule.RemappedFromMapping : HeaderRule.Remapped;
        bool hasContentType = false;
        foreach (ParameterMapping mapping in chosen.Parameters)
        {
            if (mapping.Known == KnownHeader.TransferEncoding) continue;
            var writer = new ByteWriter(request.Services.ValueScratch);
            ValueReader.Write(mapping.Source, request, ref writer);
            if (writer.Length == 0) continue;
            if (writer.Overflowed || !ValueReader.IsFieldValue(writer.Written))
            {
                request.Observer?.OnHeaderDropped(request, mapping.Name.Span);
                continue;
            }

            if (HeaderRules.Has(mapping.Known, renamed))
            {
                int value = headers.Append(writer.Written);
                AddRemapped(headers, mapping.Name.Span, value, writer.Length);
                continue;
            }

            hasContentType |= mapping.Known == KnownHeader.ContentType;
            headers.Add(mapping.Known, mapping.Name.Span, writer.Written);
        }

        BodyTemplate? template = ChooseTemplate(request, chosen.Templates);
        if (!hasContentType)
        {
            // 4.3: a template stored under $default is never a Content-Type.
            bool isNamed = template is not null && !template.MediaType.Span.SequenceEqual("$default"u8);
            headers.Add(KnownHeader.ContentType, "Content-Type"u8, isNamed ? template!.MediaType.Span : "application/json"u8);
        }

        // An empty template passes the body like none; a mock's body is empty (5.10, 5.11).
        if (template is { Text.IsEmpty: false }) request.HeldAnswer.Use(template.Text.Bytes, request.Exchange.Loop.Buffers);
        else if (!isHttp) request.HeldAnswer.Use([], request.Exchange.Loop.Buffers);

        if (isHttp) headers.Add(KnownHeader.XAmznTraceId, "X-Amzn-Trace-Id"u8, request.Trace);
        AddIds(request, headers);
        return Verdict.Answer;
    }

    /// <summary>5.10: the request's Accept, its first media type alone; else <c>application/json</c>; else the first stored.</summary>
    public static BodyTemplate? ChooseTemplate(RequestContext request, BodyTemplate[] templates)
    {
        if (templates.Length == 0) return null;
        HeaderTable client = request.Exchange.Request.Headers;
        int accept = client.LastIndexOf(KnownHeader.Accept);
        if (accept >= 0)
        {
            ReadOnlySpan<byte> first = client.Value(accept);
            int end = first.IndexOfAny((byte)',', (byte)';');
            if (end >= 0) first = first[..end];
            if (Find(templates, first.Trim(" \t"u8)) is { } asked) return asked;
        }

        return Find(templates, "application/json"u8) ?? templates[0];
    }

    private static BodyTemplate? Find(BodyTemplate[] templates, ReadOnlySpan<byte> mediaType)
    {
        foreach (BodyTemplate template in templates)
        {
            if (mediaType.SequenceEqual(template.MediaType.Span)) return template;
        }

        return null;
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

    private static bool IsNamedInConnection(HeaderTable backend, int first, ReadOnlySpan<byte> name)
    {
        for (int i = first; i < backend.Count; i++)
        {
            if (backend[i].Known == KnownHeader.Connection && FieldList.Contains(backend.Value(i), name)) return true;
        }

        return false;
    }
}

using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Responses;

/// <summary>The gateway responses of REST APIs, as they are (rest-api.md 3.1) or as the API customised them (3.2).</summary>
/// <remarks>
/// Not confirmed, and chosen here: a mapped field replaces the one of ours with its name; fields that frame the message (and Date) cannot be mapped;
/// a body that would exceed 64 KB is answered in the standard form.
/// </remarks>
internal sealed class RestErrorForm : IErrorForm
{
    private RestErrorForm()
    {
    }

    public static RestErrorForm Instance { get; } = new();

    public BodyChunk Fill(RequestContext request, Fault fault)
    {
        ResponseHead head = request.Exchange.Response;
        head.Status = fault.Status;
        if (request.Deployment?.Plan.GatewayResponses.PlanOrNull(fault) is { } plan) return FillCustomised(request, fault, plan);
        AddField(head.Headers, KnownHeader.ContentType, "Content-Type"u8, "application/json"u8);
        AddIds(request, fault, head.Headers);
        return StandardBody(request, fault);
    }

    private static BodyChunk FillCustomised(RequestContext request, Fault fault, GatewayResponsePlan plan)
    {
        ResponseHead head = request.Exchange.Response;
        if (plan.Status != 0) head.Status = plan.Status;
        foreach (ParameterMapping mapping in plan.Parameters) AddMapped(request, mapping, head.Headers);

        BodyChunk body = default;
        bool hasBody = false;
        ReadOnlySpan<byte> mediaType = "application/json"u8;
        int accept = request.Exchange.Request.Headers.IndexOf(KnownHeader.Accept);
        if (plan.TemplateOrNull(accept < 0 ? default : request.Exchange.Request.Headers.Value(accept)) is { } template)
        {
            var writer = new ByteWriter(request.Services.TargetScratch);
            foreach (ValueSource part in template.Parts) ValueReader.Write(part, request, ref writer);
            ValueReader.MakeText(ref writer, 0);
            if (!writer.Overflowed)
            {
                body = new BodyChunk(request.Services.TargetScratch, 0, writer.Length);
                hasBody = true;

                // A template stored under $default is never a Content-Type (4.3).
                if (!template.MediaType.Span.SequenceEqual("$default"u8)) mediaType = template.MediaType.Span;
            }
        }

        AddField(head.Headers, KnownHeader.ContentType, "Content-Type"u8, mediaType);
        AddIds(request, fault, head.Headers);
        return hasBody ? body : StandardBody(request, fault);
    }

    /// <summary>What the default template makes; only the message that names parameters differs from request to request.</summary>
    private static BodyChunk StandardBody(RequestContext request, Fault fault)
    {
        if (request.Fault != FaultKind.ParametersMissing) return new BodyChunk(fault.Body, 0, fault.Body.Length);
        var writer = new ByteWriter(request.Services.TargetScratch);
        writer.Write("{\"message\":\""u8);
        ValidateParameters.WriteMessage(request, isQuoted: true, ref writer);
        writer.Write("\"}"u8);
        return writer.Overflowed ? new BodyChunk(fault.Body, 0, fault.Body.Length) : new BodyChunk(request.Services.TargetScratch, 0, writer.Length);
    }

    private static void AddMapped(RequestContext request, ParameterMapping mapping, HeaderTable headers)
    {
        var writer = new ByteWriter(request.Services.ValueScratch);
        ValueReader.Write(mapping.Source, request, ref writer);
        if (writer.Length == 0) return; // what cannot be resolved is left out
        if (writer.Overflowed || !Syntax.IsFieldValue(writer.Written))
        {
            request.Observer?.OnHeaderDropped(request, mapping.Name.Span);
            return;
        }

        headers.Add(mapping.Known, mapping.Name.Span, writer.Written);
    }

    private static void AddIds(RequestContext request, Fault fault, HeaderTable headers)
    {
        AddField(headers, KnownHeader.XAmznRequestId, "x-amzn-RequestId"u8, request.RequestId);
        AddField(headers, KnownHeader.XAmznErrorType, "x-amzn-ErrorType"u8, fault.ErrorType);
        AddField(headers, KnownHeader.XAmzApigwId, "x-amz-apigw-id"u8, request.ExtendedRequestId);
        if (fault.RetryAfter.Length > 0 && !HasRetryAfter(headers)) headers.Add(KnownHeader.Other, "Retry-After"u8, fault.RetryAfter);
    }

    // No name that is known by number: it is looked for in the few answers that have it.
    private static bool HasRetryAfter(HeaderTable headers)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            if (Ascii.EqualsIgnoreCase(headers.Name(i), "Retry-After"u8)) return true;
        }

        return false;
    }

    private static void AddField(HeaderTable headers, KnownHeader known, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (!headers.Contains(known)) headers.Add(known, name, value);
    }
}

using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Validation.Json;
using EdgeProxy.Http.Messages;
using EdgeProxy.Templates.Json;

namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>Makes the client's response out of the result of an AWS_PROXY function (rest-api.md 5.8, 5.13).</summary>
internal static class MapResult
{
    public static Verdict Run(RequestContext request)
    {
        bool isStreamed = request.Route!.Integration.StreamsAnswer;
        JsonTape tape = request.Services.Lambda.Tape;
        FaultKind fault = Map(request, isStreamed, isStreamed ? request.HeldAnswer.Span[..request.PreludeLength] : request.HeldAnswer.Span, tape);
        tape.Release();
        if (fault != FaultKind.None)
        {
            request.Exchange.Response.Clear();
            return Verdict.Of(fault);
        }

        HeaderTable headers = request.Exchange.Response.Headers;
        if (!headers.Contains(KnownHeader.ContentType)) headers.Add(KnownHeader.ContentType, "Content-Type"u8, "application/json"u8);
        if (!headers.Contains(KnownHeader.XAmznTraceId)) headers.Add(KnownHeader.XAmznTraceId, "X-Amzn-Trace-Id"u8, request.Trace);
        MapResponse.AddIds(request, headers);
        return Verdict.Answer;
    }

    private static FaultKind Map(RequestContext request, bool isStreamed, ReadOnlySpan<byte> text, JsonTape tape)
    {
        ResponseHead head = request.Exchange.Response;
        if (!FunctionResult.TryRead(text, isStreamed, tape, out FunctionResult result)) return FaultKind.FunctionResultMalformed;
        JsonView view = tape.View(text);
        FieldVerdict fields = FunctionHeaders.Add(view, result, head.Headers, request.Settings.FunctionFields, request.Services.ValueScratch);
        if (fields != FieldVerdict.Added) return Refuse(request, fields);
        head.Status = result.Status;
        request.IntegrationResultStatus = result.Status;
        return isStreamed ? FaultKind.None : MapBody(request, view, result);
    }

    private static FaultKind Refuse(RequestContext request, FieldVerdict fields)
    {
        if (fields != FieldVerdict.Malformed && !request.Services.IsRehearsal)
        {
            request.Services.Metrics.LimitHits(fields == FieldVerdict.TooMany ? "limits.functionHeaderCount" : "limits.functionHeaderBytes").Increment(request.Exchange.Loop.Ordinal);
        }

        return FaultKind.FunctionResultMalformed;
    }

    private static FaultKind MapBody(RequestContext request, JsonView view, in FunctionResult result)
    {
        LoopBuffers buffers = request.Exchange.Loop.Buffers;
        HeldBody answer = request.HeldAnswer;
        if (result.Body < 0)
        {
            answer.Use([], buffers);
            return FaultKind.None;
        }

        ReadOnlySpan<byte> raw = view.Raw(result.Body);
        byte[] body = buffers.Rent(raw.Length);
        int length = raw.Length;
        if (view.Nodes[result.Body].IsEscaped)
        {
            length = JsonText.Unescape(raw, body);
            Surrogates.Replace(body.AsSpan(0, length));
        }
        else
        {
            raw.CopyTo(body);
        }

        answer.Hold(body, length, buffers); // the view is gone with this
        if (!result.IsBase64Encoded) return FaultKind.None;

        // Only for a client that asks for a binary type in the first place; what Content-Type the function says does not count.
        HeaderTable client = request.Exchange.Request.Headers;
        int accept = client.LastIndexOf(KnownHeader.Accept);
        if (!request.Deployment!.Plan.BinaryTypes.Matches(accept < 0 ? default : client.Value(accept))) return FaultKind.None;
        return Base64Body.TryDecode(answer, buffers) ? FaultKind.None : FaultKind.FunctionBodyNotBase64;
    }
}

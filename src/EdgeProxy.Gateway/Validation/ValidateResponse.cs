using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Integrations.Http;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Validation;

/// <summary>Phase: holds the answer against the method's response model, where the API asks for it (<c>x-edgeproxy-response-validation</c>).</summary>
/// <remarks>Such an answer is held whole before a byte of it is sent. Answers without a body, of other media types and to HEAD pass, and gRPC streams.</remarks>
internal static class ValidateResponse
{
    // For a node without a limit of its own: an answer that has to be held cannot be endless.
    private const long MostHeld = 10 * 1024 * 1024;

    public static LoopTask<Verdict> RunAsync(RequestContext request, Verdict mapped)
    {
        if (mapped.IsFault || request.IsGrpc || ModelOrNull(request) is not { } model) return mapped;
        if (request.AnswerBody is { } own) return Judge(request, model, own, mapped);
        return request.Call is { } call ? HoldAsync(request, call, model, mapped) : mapped;
    }

    private static BodyModel? ModelOrNull(RequestContext request)
    {
        ResponseModels[] responses = request.Route!.Validation.Responses;
        ResponseHead response = request.Exchange.Response;
        if (responses.Length == 0 || response.Status is 204 or 304 || request.Exchange.Request.Method == HttpMethod.Head) return null;
        foreach (ResponseModels models in responses)
        {
            if (models.Status != response.Status) continue;
            int contentType = response.Headers.IndexOf(KnownHeader.ContentType);
            return BodyModel.FindOrNull(models.Bodies, contentType < 0 ? default : response.Headers.Value(contentType));
        }

        return null;
    }

    private static async LoopTask<Verdict> HoldAsync(RequestContext request, UpstreamCall call, BodyModel model, Verdict mapped)
    {
        long most = call.ResponseBodyLimit < 0 ? MostHeld : call.ResponseBodyLimit;
        while (true)
        {
            BodyRead read = await call.ReadBodyAsync();
            if (read.Failed) return Verdict.Of(CallHttp.FaultOf(read.Status));
            if (read.Chunk.Length > most - request.HeldAnswer.Length) return Verdict.Of(FaultKind.ResponseTooLarge);
            request.HeldAnswer.Append(read.Chunk.Span, request.Exchange.Loop.Buffers);
            if (read.Status == BodyStatus.End) break;
        }

        request.HeldAnswer.Complete();
        return Judge(request, model, request.HeldAnswer.Span, mapped);
    }

    private static Verdict Judge(RequestContext request, BodyModel model, ReadOnlySpan<byte> body, Verdict mapped)
    {
        // Of a request nothing is an empty object; of an answer that promises JSON it is none.
        SchemaValidator validator = request.Services.Validator;
        BodyVerdict verdict = body.IsEmpty ? BodyVerdict.Malformed : validator.Run(model.Schema, body, request.Settings.Validation);
        if (verdict == BodyVerdict.Valid) return mapped;
        Refusals.ReportResponse(request, verdict, body.IsEmpty ? null : validator.RefusedBy);
        return request.Route!.Validation.RefusesResponses ? Verdict.Of(FaultKind.ResponseInvalid) : mapped;
    }
}

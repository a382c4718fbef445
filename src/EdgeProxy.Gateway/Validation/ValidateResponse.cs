using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Validation;

/// <summary>Phase: holds the answer against the method's response model, where the API asks for it (<c>x-edgeproxy-response-validation</c>).</summary>
/// <remarks>Such an answer was held whole by <see cref="Mapping.ReceiveAnswer"/> before a byte of it is sent. Answers without a body, of other media types and to HEAD pass, and gRPC streams.</remarks>
internal static class ValidateResponse
{
    public static Verdict Run(RequestContext request, Verdict mapped)
    {
        if (mapped.IsFault || request.IsGrpc || !request.HeldAnswer.IsWhole || ModelOrNull(request) is not { } model) return mapped;
        return Judge(request, model, request.HeldAnswer.Span, mapped);
    }

    /// <summary>Whether the integration's answer, as it came, may be one that is judged; asked before it is mapped.</summary>
    public static bool Awaits(RequestContext request, UpstreamCall call)
    {
        ResponseModels[] responses = request.Route!.Validation.Responses;
        if (responses.Length == 0 || request.IsGrpc || request.Route.Integration.StreamsAnswer || request.Exchange.Request.Method == HttpMethod.Head) return false;
        bool passes = request.Route.Integration is HttpProxyPlan;
        int status = passes ? call.Response.Status : request.Route.Integration.ResponsesOrNull?.Choose(call.Response.Status)?.Status ?? 0;
        if (status is 204 or 304) return false;
        foreach (ResponseModels models in responses)
        {
            if (models.Status != status) continue;

            // Any other type than HTTP_PROXY says itself of which media type its answers are.
            if (!passes) return true;
            int contentType = call.Response.Headers.IndexOf(KnownHeader.ContentType);
            return BodyModel.FindOrNull(models.Bodies, contentType < 0 ? default : call.Response.Headers.Value(contentType)) is not null;
        }

        return false;
    }

    /// <summary>The model that an answer, as it would be sent, is held against; null when none is.</summary>
    public static BodyModel? ModelOrNull(RequestContext request)
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

using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Integrations.Http;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Phase: holds the integration's body whole, where a later phase looks into it. Others stream.</summary>
/// <remarks>The integration's time runs on until the last byte is here (rest-api.md 5.12).</remarks>
internal static class ReceiveAnswer
{
    public static LoopTask<Verdict> RunAsync(RequestContext request)
    {
        if (request.Call is not { } call) return Verdict.Continue;
        bool isAwaited = !request.Route!.ResponseBody.IsNone || ValidateResponse.Awaits(request, call) || ConvertBody.AwaitsAnswer(request, call) || HoldsForOthers(request, call);
        return isAwaited ? HoldAsync(request, call) : Verdict.Continue;
    }

    /// <summary>Whether other requests wait for what this one stores: a slow client of its own is not to keep it from them.</summary>
    private static bool HoldsForOthers(RequestContext request, UpstreamCall call) =>
        request.CacheUseOrNull is { Fresh.Leads: true } && call.Response.Framing == BodyFraming.Length && call.Response.ContentLength <= Math.Min(request.Settings.Cache.MaxEntry, request.Settings.HeldBodyLimit);

    private static async LoopTask<Verdict> HoldAsync(RequestContext request, UpstreamCall call)
    {
        long most = request.Settings.HeldBodyLimit;
        while (true)
        {
            BodyRead read = await call.ReadBodyAsync();
            if (read.Failed) return Verdict.Of(CallHttp.FaultOf(read.Status));
            if (read.Chunk.Length > most - request.HeldAnswer.Length) return ReceiveBody.RefuseHeld(request, FaultKind.ResponseTooLarge);
            request.HeldAnswer.Append(read.Chunk.Span, request.Exchange.Loop.Buffers);
            if (read.Status == BodyStatus.End) break;
        }

        request.HeldAnswer.Complete();
        request.IsAnswerReceived = true;
        return Verdict.Continue;
    }
}

using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Integrations.Http;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
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
        bool isAwaited = !request.Route!.ResponseBody.IsNone || ValidateResponse.Awaits(request, call) || ConvertBody.AwaitsAnswer(request, call) || HoldsForOthers(request, call)
            || (request.Observer is { WantsAnswer: true } && request.Route.Integration is HttpPlan);
        return isAwaited ? HoldAsync(request, call) : Verdict.Continue;
    }

    /// <summary>Whether other requests wait for what this one stores: a slow client of its own is not to keep it from them.</summary>
    private static bool HoldsForOthers(RequestContext request, UpstreamCall call) =>
        request.CacheUseOrNull is { Fresh.Leads: true } && call.Response.Framing == BodyFraming.Length && call.Response.ContentLength <= Math.Min(request.Settings.Cache.MaxEntry, request.Settings.HeldBodyLimit);

    private static LoopTask<Verdict> HoldAsync(RequestContext request, UpstreamCall call)
    {
        // A small body came with its head: then nothing waits.
        LoopTask<BodyRead> reading = call.ReadBodyAsync();
        if (!reading.IsCompleted) return HoldSlowAsync(request, call, reading);
        return IsHeld(request, reading.GetAwaiter().GetResult(), out Verdict verdict) ? verdict : HoldSlowAsync(request, call, call.ReadBodyAsync());
    }

    private static async LoopTask<Verdict> HoldSlowAsync(RequestContext request, UpstreamCall call, LoopTask<BodyRead> reading)
    {
        while (true)
        {
            if (IsHeld(request, await reading, out Verdict verdict)) return verdict;
            reading = call.ReadBodyAsync();
        }
    }

    /// <summary>Takes what was read; true when that is all, or the request fails.</summary>
    private static bool IsHeld(RequestContext request, in BodyRead read, out Verdict verdict)
    {
        verdict = Verdict.Continue;
        if (read.Failed)
        {
            verdict = Verdict.Of(CallHttp.FaultOf(read.Status));
            return true;
        }

        if (read.Chunk.Length > request.Settings.HeldBodyLimit - request.HeldAnswer.Length)
        {
            verdict = ReceiveBody.RefuseHeld(request, FaultKind.ResponseTooLarge);
            return true;
        }

        // All in one run, which is the usual small answer, stays where it was received; who watches may look at any time.
        bool isAll = read.Status == BodyStatus.End && request.HeldAnswer.Length == 0 && request.Observer is null;
        if (isAll) request.HeldAnswer.Borrow(new ArraySegment<byte>(read.Chunk.Buffer, read.Chunk.Start, read.Chunk.Length), request.Exchange.Loop.Buffers);
        else request.HeldAnswer.Append(read.Chunk.Span, request.Exchange.Loop.Buffers);
        if (read.Status != BodyStatus.End) return false;
        request.HeldAnswer.Complete();
        request.IsAnswerReceived = true;
        return true;
    }
}

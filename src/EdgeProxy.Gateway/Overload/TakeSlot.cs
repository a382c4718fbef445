using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Overload;

/// <summary>Phase: takes one of the route's slots, where an operator caps how many requests of it may be under way, waiting for one where that is allowed.</summary>
/// <remarks>
/// API Gateway has nothing like it. The phase stands behind whatever can refuse a request or answer it from here, so that a slot is held for the integration and the
/// way back only; <see cref="RequestContext.End"/> gives it back, however the request ends.
/// </remarks>
internal static class TakeSlot
{
    /// <summary>The setting, for the metric of limits.</summary>
    public const string Setting = "apis[].concurrency";

    public static LoopTask<Verdict> RunAsync(RequestContext request)
    {
        // A rehearsal takes nobody's place.
        if (request.Deployment!.SlotsOrNull(request.Route!.Ordinal) is not { } slots || request.Services.IsRehearsal) return Verdict.Continue;
        ConcurrencyCap cap = slots.CapOf(request.Deployment.Settings(request.Route.Ordinal));
        if (!slots.Limit.TryEnter(cap)) return WaitAsync(request, slots, cap);
        request.Slots = slots;
        return Verdict.Continue;
    }

    private static async LoopTask<Verdict> WaitAsync(RequestContext request, RouteSlots slots, ConcurrencyCap cap)
    {
        Exchange exchange = request.Exchange;
        request.Body.Keep(exchange.Loop.Buffers);
        RouteSlotWait wait = request.SlotWait;
        LoopTask<SlotOutcome> entering = slots.Limit.EnterAsync(cap, wait, exchange.Loop);
        exchange.Pending = wait;
        SlotOutcome outcome = await entering;
        exchange.Pending = null;
        slots.Outcomes(outcome).Increment(exchange.Loop.Ordinal);
        if (outcome == SlotOutcome.Entered)
        {
            request.Slots = slots;

            // It may have gone when the slot was on its way already.
            return exchange.Aborted == AbortReason.None ? Verdict.Continue : Verdict.Of(FaultKind.ClientGone);
        }

        if (outcome == SlotOutcome.Aborted) return Verdict.Of(FaultKind.ClientGone);
        request.Services.Metrics.LimitHits(Setting).Increment(exchange.Loop.Ordinal);
        return Verdict.Of(FaultKind.RouteBusy);
    }
}

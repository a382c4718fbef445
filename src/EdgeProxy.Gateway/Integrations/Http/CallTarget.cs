using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Grpc;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Gateway.Integrations.Http;

/// <summary>Calls one of an upstream's targets, and another when that is allowed and worth it.</summary>
/// <remarks>
/// <code>
///   circuit --open--> 503
///      | closed, or a probe
///   a slot, if there are so many only --none, and the queue full or too slow--> 503
///      |
///   choose a target --> send --> judge --good, or no more attempts, or not allowed, or no budget--> the answer or the fault
///      ^                           |
///      \-- (pause, if it is the same target again) <--/
/// </code>
/// All attempts together have the integration's time.
/// </remarks>
internal static class CallTarget
{
    public static LoopTask<Verdict> RunAsync(RequestContext request, UpstreamGroup group) =>
        request.Services.IsRehearsal ? RehearseAsync(request, group) : SendAsync(request, group);

    private static async LoopTask<Verdict> SendAsync(RequestContext request, UpstreamGroup group)
    {
        UpstreamPolicy policy = group.Policy;
        ILogger log = request.Services.Log;
        int stripe = request.Exchange.Loop.Ordinal;
        long circuitTurn = 0;
        if (policy.Circuit.IsOn && !group.TryPassCircuit(request.Now, stripe, log, out circuitTurn)) return Verdict.Of(FaultKind.UpstreamCircuitOpen);

        bool isTimed = GrpcCalls.IsTimed(request, out long timeout);
        long deadline = request.Now + (isTimed ? timeout : request.Route!.Integration.TimeoutNanoseconds);
        if (policy.Cap.Max > 0)
        {
            if (group.Live.Slots.TryEnter(policy.Cap)) request.UpstreamSlots = group.Live.Slots;
            else if (await WaitForSlotAsync(request, group, deadline) is { Ends: true } refused)
            {
                if (policy.Circuit.IsOn) group.ReportToCircuit(circuitTurn, CallJudgement.None, request.Now, log);
                return refused;
            }
        }

        int attempts = group.Attempts;
        if (attempts > 1) group.Live.Budget.CountRequest(request.Now);
        UpstreamCall call = request.Call!;
        ulong tried = 0;
        UpstreamOutcome outcome;
        CallJudgement judgement = CallJudgement.None;
        for (int attempt = 1; ; attempt++)
        {
            int index = group.Pick(request.Now, tried, log);
            BoundTarget target = group.Targets[index];
            bool isAgain = (tried & (1UL << index)) != 0;
            tried |= 1UL << index;
            if (attempt > 1 || !request.Services.Upstreams.CanCarry(call, target.Name)) call = Renew(request, target.Name);
            long pause = isAgain ? RetryRules.PauseBefore(policy.Retries, attempt - 1, request.Services.Random.Next()) : 0;
            if (pause > 0)
            {
                bool isOver = await PauseAsync(request, call, Math.Min(deadline, request.Now + pause));

                // An attempt for which no time is left would be sent and cut off at once.
                outcome = isOver ? UpstreamOutcome.TimedOut : UpstreamOutcome.Aborted;
                if (!isOver || request.Now >= deadline) break;
            }

            request.Target = target;
            target.Live.Enter(stripe);
            long until = policy.Retries.TryTimeout > 0 ? Math.Min(deadline, request.Now + policy.Retries.TryTimeout) : deadline;
            call.Deadline = until;
            call.IsDeadlineFixed = isTimed;
            outcome = await call.SendAsync(target.Name);

            // The whole time moves with the attempt's by what the client has kept it waiting; from here on it is the whole time that counts.
            deadline += call.Deadline - until;
            call.Deadline = deadline;
            judgement = CallJudgements.Of(policy, outcome, call.Response.Status, isTimed && request.Now >= deadline);
            group.Report(target.Live, judgement, request.Now, stripe, log);
            if (attempt >= attempts || request.Now >= deadline) break;
            RetryCauses cause = RetryRules.CauseOrNone(policy.Retries, outcome, call.Response.Status, call.Method, HasBody(call));
            if (cause == RetryCauses.None) break;
            if (!group.Live.Budget.TryTake(policy.Retries, request.Now))
            {
                group.Live.Series.BudgetRefusals.Increment(stripe);
                break;
            }

            group.Live.Series.Retries(cause).Increment(stripe);
            if (cause == RetryCauses.Status) await DiscardAnswer.RunAsync(call);
            request.LeaveTarget();
        }

        if (policy.Circuit.IsOn) group.ReportToCircuit(circuitTurn, judgement, request.Now, log);
        return CallHttp.End(request, call, outcome, isTimed);
    }

    private static async LoopTask<Verdict> WaitForSlotAsync(RequestContext request, UpstreamGroup group, long deadline)
    {
        RouteSlotWait wait = request.SlotWait; // that of the route has ended
        ConcurrencyCap cap = group.Policy.Cap;

        // Who got a slot with no time left would be cut off at once, and the target taken for slow.
        cap = cap with { WaitNanoseconds = Math.Min(cap.WaitNanoseconds, deadline - request.Now) };
        LoopTask<SlotOutcome> entering = group.Live.Slots.EnterAsync(cap, wait, request.Exchange.Loop);
        request.Exchange.Pending = wait;
        SlotOutcome outcome = await entering;
        request.Exchange.Pending = request.Call;
        int stripe = request.Exchange.Loop.Ordinal;
        group.Live.Series.Waits(outcome).Increment(stripe);
        switch (outcome)
        {
            case SlotOutcome.Entered:
                request.UpstreamSlots = group.Live.Slots;

                // It may have gone when the slot was on its way already.
                return request.Exchange.Aborted == AbortReason.None ? Verdict.Continue : Verdict.Of(FaultKind.ClientGone);
            case SlotOutcome.Aborted:
                return Verdict.Of(FaultKind.ClientGone);
            default:
                group.Live.Series.SlotRefusals.Increment(stripe);
                return Verdict.Of(FaultKind.UpstreamBusy);
        }
    }

    private static LoopTask<Verdict> RehearseAsync(RequestContext request, UpstreamGroup group)
    {
        if (group.Policy.Circuit.IsOn && !group.Live.Circuit.WouldEnter(group.Policy.Circuit, request.Now)) return Verdict.Of(FaultKind.UpstreamCircuitOpen);
        BoundTarget target = group.Targets[group.Pick(request.Now, tried: 0, request.Services.Log, isRehearsal: true)];
        request.Target = target;
        return CallHttp.SendAsync(request, target.Name);
    }

    // None, or not touched yet, or in memory, from where it can be sent as often as it takes.
    private static bool HasBody(UpstreamCall call) =>
        call.Body is null || call.Framing == BodyFraming.None || !call.IsBodyTouched || call.Body is HeldBody { IsWhole: true };

    /// <summary>Goes on with a fresh call that sends the same.</summary>
    private static UpstreamCall Renew(RequestContext request, UpstreamName target)
    {
        UpstreamCall old = request.Call!;
        UpstreamCall call = request.Services.Upstreams.Rent(target);
        call.TakeRequest(old);
        request.Call = call;
        request.Exchange.Pending = call;
        old.Return();
        return call;
    }

    private static async LoopTask<bool> PauseAsync(RequestContext request, UpstreamCall call, long until)
    {
        RetryPause pause = request.RetryPause;
        request.Exchange.Pending = pause;
        bool isOver = await pause.WaitAsync(request.Exchange.Loop.Timers, until);
        request.Exchange.Pending = call;
        return isOver;
    }
}

using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Gateway.Throttling;

/// <summary>Phase: takes a token from each bucket that the request falls under, or from none and refuses it; with an API key, counts it against its plan (rest-api.md 2, step 10; 9.2, 9.3).</summary>
/// <remarks>
/// <para>
/// This is the one place that decides when throttles count: behind whatever says who calls, before anything that costs. The service's order is that of the text:
/// the quota, then the buckets from the narrowest to the widest.
/// </para>
/// <para>
/// A request uses its quota when all buckets have let it pass, so that nobody ever sees one counted that was refused. Whether anything is left is
/// looked at first nevertheless: without, it is the quota that the client is told of.
/// </para>
/// </remarks>
internal static class Throttle
{
    public static Verdict Run(RequestContext request)
    {
        // A rehearsal is not traffic.
        if (request.Services.IsRehearsal) return Verdict.Continue;
        if (request.ApiKey.Plan is { } plan) return RunPlan(request, plan);

        long now = request.Now;
        TakenToken taken = default;
        RateLimit? method = request.Deployment!.ThrottleOrNull(request.Route!.Ordinal);
        if (method is not null && !method.TryTake(now, out taken)) return Refuse(request, request.Deployment.Settings(request.Route.Ordinal).ThrottleScope);
        if (request.Snapshot.AccountThrottle is { } account && !account.TryTake(now, out _))
        {
            method?.GiveBack(taken);
            return Refuse(request, ThrottleScope.Account);
        }

        return Verdict.Continue;
    }

    private static Verdict RunPlan(RequestContext request, PlanStage stage)
    {
        long now = request.Now;
        int day = UsageDay.Of(request.Services.UnixMilliseconds(now));
        UsagePlan plan = stage.Plan;
        UsageCell cell = request.ApiKey.Cell;
        ref UsageRow row = ref cell.Row;
        PlanMethodLimit? planMethod = stage.MethodLimitOrNull(request);
        RateLimit? method = request.Deployment!.ThrottleOrNull(request.Route!.Ordinal);
        RateLimit? account = request.Snapshot.AccountThrottle;
        TakenToken ofPlanMethod = default;
        TakenToken ofPlan = default;
        TakenToken ofMethod = default;
        TakenToken ofAccount = default;
        ThrottleScope refusal;
        if (plan.Quota is { } quota && cell.IsSpent(quota, day)) return RefusePlan(request, plan, ThrottleScope.KeyQuota);
        if (planMethod is not null && !planMethod.TryTake(row.Ordinal, now, out ofPlanMethod)) refusal = ThrottleScope.KeyRate;
        else if (plan.HasThrottle && !TokenWord.TryTake(ref row.Bucket, plan.Throttle, now, out ofPlan)) refusal = ThrottleScope.KeyRate;
        else if (method is not null && !method.TryTake(now, out ofMethod)) refusal = request.Deployment.Settings(request.Route.Ordinal).ThrottleScope;
        else if (account is not null && !account.TryTake(now, out ofAccount)) refusal = ThrottleScope.Account;
        else if (!cell.TryCount(plan.Quota, day)) refusal = ThrottleScope.KeyQuota; // another request has used what was left since it was looked at
        else
        {
            plan.Live.Admitted.Increment(request.Exchange.Loop.Ordinal);
            return Verdict.Continue;
        }

        // A token that was not taken changes nothing where it is given back.
        account?.GiveBack(ofAccount);
        method?.GiveBack(ofMethod);
        TokenWord.GiveBack(ref row.Bucket, ofPlan);
        planMethod?.GiveBack(row.Ordinal, ofPlanMethod);
        return RefusePlan(request, plan, refusal);
    }

    private static Verdict RefusePlan(RequestContext request, UsagePlan plan, ThrottleScope scope)
    {
        (scope == ThrottleScope.KeyQuota ? plan.Live.OverQuota : plan.Live.Throttled).Increment(request.Exchange.Loop.Ordinal);
        return Refuse(request, scope);
    }

    private static Verdict Refuse(RequestContext request, ThrottleScope scope)
    {
        request.Stage!.Live.Throttled(scope).Increment(request.Exchange.Loop.Ordinal);
        return Verdict.Of(scope == ThrottleScope.KeyQuota ? FaultKind.QuotaExceeded : FaultKind.Throttled);
    }
}

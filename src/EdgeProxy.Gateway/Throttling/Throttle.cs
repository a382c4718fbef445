using EdgeProxy.Gateway.Responses;

namespace EdgeProxy.Gateway.Throttling;

/// <summary>Phase: takes a token from each bucket that the request falls under, or from none and refuses it (rest-api.md 2, step 10; 9.3).</summary>
/// <remarks>
/// This is the one place that decides when throttles count: behind whatever says who calls, before anything that costs. The service's order is that of the text,
/// from the narrowest bucket to the widest.
/// </remarks>
internal static class Throttle
{
    public static Verdict Run(RequestContext request)
    {
        // A rehearsal is not traffic.
        if (request.Services.IsRehearsal) return Verdict.Continue;

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

    private static Verdict Refuse(RequestContext request, ThrottleScope scope)
    {
        request.Stage!.Live.Throttled(scope).Increment(request.Exchange.Loop.Ordinal);
        return Verdict.Of(FaultKind.Throttled);
    }
}

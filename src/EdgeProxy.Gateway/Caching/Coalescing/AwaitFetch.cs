using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Caching.Freshness;
using EdgeProxy.Gateway.Responses;

namespace EdgeProxy.Gateway.Caching.Coalescing;

/// <summary>Phase: waits for another request's fetch of the same, or fetches for others.</summary>
/// <remarks>Only what found nothing to serve comes here. Whatever comes of the wait, the request goes on: with the stored answer, or with a fetch of its own.</remarks>
internal static class AwaitFetch
{
    public static async LoopTask<Verdict> RunAsync(RequestContext request, CacheUse use)
    {
        FetchTable table = use.Store!.Fetches;
        ulong hash = use.Fresh.FetchHash;
        CacheMetrics metrics = request.Services.Metrics.Cache;
        int stripe = request.Exchange.Loop.Ordinal;
        if (table.IsUncacheable(hash, request.Now)) return Verdict.Continue;

        FetchWait wait = use.Fresh.WaitOn(request.Exchange.Loop);
        request.Exchange.Pending = wait;
        FetchOutcome outcome = await wait.JoinAsync(table, hash, request.Settings.Cache.CoalesceWaiters, request.Now + request.Settings.Cache.CoalesceWait);
        request.Exchange.Pending = null;
        metrics.CountFetch(stripe, outcome);
        switch (outcome)
        {
            case FetchOutcome.Aborted:
                return Verdict.Of(FaultKind.ClientGone);
            case FetchOutcome.Leads:
                use.Fresh.Lead(table, hash);

                // Stored between the look-up and now, by who led before.
                Verdict stored = LookUpCache.Again(request, use);
                if (stored.Ends || !use.Key.IsWhole) use.Fresh.EndLead(FetchOutcome.Stored, request.Now);
                return stored;
            case FetchOutcome.Stored:
                use.HitIs = CacheOutcome.Coalesced;
                return LookUpCache.Again(request, use);
            case FetchOutcome.Failed when Revalidate.MayStandIn(request, use):
                return ServeStored.Run(request, use, CacheOutcome.Stale);
            default:
                return Verdict.Continue;
        }
    }
}

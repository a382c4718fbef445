using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Caching.Coalescing;
using EdgeProxy.Gateway.Hosts;
using EdgeProxy.Gateway.Routing;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>Fetches a newer answer while the expired one is served (RFC 5861, 3): a walk of its own, of which no client knows.</summary>
/// <remarks>
/// One for a key at a time, on whatever loop, and so many on a loop as <c>cache.refreshes</c> says; who comes later is served the expired answer and starts nothing. It takes no token
/// and is not accounted: what it came of is counted in <c>edgeproxy_cache_refreshes_total</c>.
/// </remarks>
internal static class RefreshStored
{
    /// <summary>Begins to fetch, if nobody does.</summary>
    /// <param name="request">The request, whose answer has expired.</param>
    /// <param name="use">The same.</param>
    public static void Begin(RequestContext request, CacheUse use)
    {
        LoopServices services = request.Services;
        int stripe = request.Exchange.Loop.Ordinal;
        if (services.Refreshes >= request.Settings.Cache.Refreshes)
        {
            services.Metrics.Cache.TooManyRefreshes.Increment(stripe);
            return;
        }

        FetchTable table = use.Store!.Fetches;
        ulong hash = use.Fresh.FetchHash;
        if (!table.TryLead(hash)) return;
        services.Refreshes++;
        RunAsync(new RequestContext(new RefreshExchange(request.Exchange), services), request.Snapshot, request.Deployment!, table, hash).Forget();
    }

    private static async LoopTask RunAsync(RequestContext refresh, GatewaySnapshot snapshot, StageDeployment deployment, FetchTable table, ulong hash)
    {
        refresh.CacheUse.Fresh.IsRefresh = true;
        refresh.CacheUse.Fresh.Lead(table, hash);
        bool isNew = false;
        try
        {
            // The client's own walk goes first; what it is made with is the loop's.
            await refresh.Exchange.Loop.YieldAsync();
            refresh.BeginRefresh(snapshot);
            if (CheckTarget.Run(refresh).Ends || SelectHost.Run(refresh).Ends) return;
            refresh.Deployment = deployment;
            if (SelectRoute.Run(refresh).Ends) return;
            Verdict verdict = await RestWalk.FetchAsync(refresh);
            isNew = !verdict.IsFault && refresh.CacheUse.Outcome != CacheOutcome.Stale;
            if (isNew && !refresh.HeldAnswer.IsWhole && refresh.CacheUse.Recorded.IsActive) isNew = await DrainAsync(refresh);
        }
        finally
        {
            refresh.Services.Metrics.Cache.CountRefresh(refresh.Exchange.Loop.Ordinal, isNew);
            refresh.Services.Refreshes--;
            refresh.End();
        }
    }

    /// <summary>Reads the body, which is stored at its end.</summary>
    private static async LoopTask<bool> DrainAsync(RequestContext refresh)
    {
        while (true)
        {
            BodyRead read = await refresh.AnswerSource.ReadBodyAsync();
            if (read.Status != BodyStatus.Data) return read.Status == BodyStatus.End;
            if (!refresh.CacheUse.Recorded.Records) return false; // it is not stored, and may have no end
        }
    }
}

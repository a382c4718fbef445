using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>The look-up of routes whose answers are judged by what they say themselves (RFC 9111, 4).</summary>
/// <remarks>
/// GET and HEAD are answered from what was stored for a GET. What is for the origin alone to answer, a range or a condition on its present state, passes the cache by, and so does
/// a gRPC call; other methods but OPTIONS and TRACE make invalid what is stored for their target.
/// </remarks>
internal static class LookUpFresh
{
    public static Verdict Run(RequestContext request, RouteCache cache, CacheStore store, FreshnessRules rules)
    {
        CacheUse use = request.CacheUse;
        FreshUse fresh = use.Fresh;
        HttpMethod method = request.Exchange.Request.Method;
        if (method is HttpMethod.Options or HttpMethod.Trace || request.IsGrpc) return Verdict.Continue;
        use.Cache = cache;
        use.Store = store;
        fresh.Policy = cache.Policy;
        fresh.Invalidates = method is not (HttpMethod.Get or HttpMethod.Head);
        HeaderTable headers = request.Exchange.Request.Headers;
        if (!fresh.Invalidates)
        {
            use.Outcome = CacheOutcome.Miss;
            if (rules.HonorsRequests && !fresh.IsRefresh) fresh.Request = CacheControl.OfRequest(headers);
            fresh.Conditions = Preconditions.Of(headers);
        }

        var key = new ByteWriter(request.Services.TargetScratch.AsSpan(0, Math.Min(LoopServices.ScratchSize, request.Settings.Cache.MaxKey)));
        if (!TargetKey.TryWrite(request, cache, ref key)) return PassBy(request, use, isKeyTooLong: true);
        int target = key.Length;
        use.Hash = fresh.FetchHash = store.HashOf(key.Written);
        if (fresh.Invalidates)
        {
            use.Key.Copy(key.Written, request.Exchange.Loop.Buffers);
            return Verdict.Continue;
        }

        if (fresh.Conditions.IsForOrigin || request.Exchange.Request.HasBody) return PassBy(request, use, isKeyTooLong: false);
        if (Find(request, use, store, ref key, out bool isUnusable) is { Ends: true } found) return found;
        if (isUnusable) return PassBy(request, use, isKeyTooLong: key.Overflowed);
        if (fresh.Request.Has(CacheDirectives.OnlyIfCached)) return Verdict.Of(FaultKind.NotCached);

        // Only an answer to GET is stored, under the target's own key: which fields it varies by, it says itself.
        if (method == HttpMethod.Get) use.Key.Copy(key.Written[..target], request.Exchange.Loop.Buffers);
        fresh.MayWait = use.MayCoalesce(request) && !(fresh.Conditions.Any && !fresh.Revalidates) && !fresh.Request.Has(CacheDirectives.NoStore);

        // What an authorised request gets may be for nobody else; who is not authorised waits for those alone who are not either.
        if (fresh.MayWait && headers.Contains(KnownHeader.Authorization)) fresh.FetchHash = ~fresh.FetchHash;
        return Verdict.Continue;
    }

    /// <summary>Looks again for what another request has fetched meanwhile.</summary>
    public static Verdict Again(RequestContext request, CacheUse use)
    {
        var key = new ByteWriter(request.Services.TargetScratch.AsSpan(0, Math.Min(LoopServices.ScratchSize, request.Settings.Cache.MaxKey)));
        key.Write(use.Key.Span);
        use.LetGo();
        use.Fresh.Revalidates = false;
        if (Find(request, use, use.Store!, ref key, out bool isUnusable) is { Ends: true } found) return found;
        if (isUnusable) use.LetGo(); // nor may it stand in for a failure
        return Verdict.Continue;
    }

    private static Verdict PassBy(RequestContext request, CacheUse use, bool isKeyTooLong)
    {
        use.LetGo();
        use.Fresh.Revalidates = false;
        if (isKeyTooLong) request.Services.Metrics.Cache.KeysTooLong.Increment(request.Exchange.Loop.Ordinal);
        if (use.Fresh.Invalidates) return Verdict.Continue; // nothing that is stored has such a key
        use.Outcome = CacheOutcome.Bypass;
        return use.Fresh.Request.Has(CacheDirectives.OnlyIfCached) ? Verdict.Of(FaultKind.NotCached) : Verdict.Continue;
    }

    private static Verdict Find(RequestContext request, CacheUse use, CacheStore store, ref ByteWriter key, out bool isUnusable)
    {
        isUnusable = false;
        FreshUse fresh = use.Fresh;
        if (!store.TryFind(key.Written, store.HashOf(key.Written), request.Now, out CachedEntry entry)) return Verdict.Continue;
        use.Hold(entry);
        var head = new StoredHead(entry.Head);
        if ((head.Flags & StoredFlags.IsVaryMarker) != 0)
        {
            bool isWritten = VaryMarker.TryExtend(VaryMarker.GenerationOf(entry.Head), VaryMarker.NamesOf(entry.Head), request.Exchange.Request.Headers, ref key);
            use.LetGo();
            isUnusable = !isWritten;
            if (!isWritten) return Verdict.Continue;
            fresh.FetchHash = store.HashOf(key.Written);
            if (!store.TryFind(key.Written, fresh.FetchHash, request.Now, out entry)) return Verdict.Continue;
            use.Hold(entry);
            head = new StoredHead(entry.Head);
        }

        if (!EntryNotes.TryRead(head.Notes, out EntryNotes notes) || !LookUpCache.CanRead(request, head))
        {
            isUnusable = true;
            return Verdict.Continue;
        }

        switch (fresh.IsRefresh ? StoredUse.Revalidate : UseStored.Decide(notes.Life, fresh.Request, request.Now))
        {
            case StoredUse.Fresh:
                return ServeStored.Run(request, use, use.HitIs);
            case StoredUse.StaleAccepted:
                return ServeStored.Run(request, use, CacheOutcome.Stale);
            case StoredUse.StaleWhileRevalidate:
                RefreshStored.Begin(request, use);
                return ServeStored.Run(request, use, CacheOutcome.Stale);
            case StoredUse.OnlyIfCached:
                use.LetGo();
                return Verdict.Of(FaultKind.NotCached);
            default:
                // Held until the origin has answered: it may be confirmed by it, or stand in for it.
                fresh.Revalidates = request.Route!.Integration is HttpProxyPlan && Revalidate.HasValidator(head);
                return Verdict.Continue;
        }
    }
}

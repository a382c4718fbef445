using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Caching.Freshness;
using EdgeProxy.Gateway.Compression;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching;

/// <summary>Phase: answers from the stage's cache, or remembers where the answer is to be stored (rest-api.md 8).</summary>
/// <remarks>
/// Whatever fails in here, the request goes on as if there were no cache. Not confirmed, and chosen here (decision 0037): HEAD and gRPC pass the cache by; an answer
/// with a content coding that the client does not take is left where it is, and the request passes it by.
/// </remarks>
internal static class LookUpCache
{
    public static Verdict Run(RequestContext request)
    {
        // An explanation neither looks into what lives on nor fills it.
        if (request.Deployment!.CacheOrNull(request.Route!.Ordinal) is not { } cache || request.Services.IsRehearsal) return Verdict.Continue;
        if (request.Snapshot.Cache is not { } store) return Verdict.Continue;
        if (cache.Policy is { Rules: { } rules }) return LookUp(request, cache, store, rules);
        return MayUse(request) ? LookUp(request, cache, store) : Verdict.Continue;
    }

    /// <summary>Whether requests like this one go by the cache at all.</summary>
    public static bool MayUse(RequestContext request) => request.Exchange.Request.Method is not (HttpMethod.Head or HttpMethod.Other) && !request.IsGrpc;

    private static Verdict LookUp(RequestContext request, RouteCache cache, CacheStore store)
    {
        CacheUse use = request.CacheUse;
        use.Cache = cache;
        use.Store = store;
        use.Fresh.Policy = cache.Policy;
        use.TimeToLive = cache.Settings.TimeToLive;
        use.Outcome = CacheOutcome.Miss;
        if (AsksToRefresh(request.Exchange.Request.Headers))
        {
            if (!cache.Settings.RequiresAuthorization || MayInvalidate())
            {
                use.Outcome = CacheOutcome.Refresh;
            }
            else if (cache.Settings.Unauthorized == UnauthorizedCacheControl.Refuse)
            {
                use.Outcome = CacheOutcome.Bypass;
                return Verdict.Of(FaultKind.CacheControlUnauthorized);
            }
            else
            {
                use.WarnsOfIgnored = cache.Settings.Unauthorized == UnauthorizedCacheControl.Warn;
            }
        }

        try
        {
            return Find(request, use, cache, store);
        }
        catch (Exception exception)
        {
            return GoOnWithout(request, use, exception);
        }
    }

    private static Verdict LookUp(RequestContext request, RouteCache cache, CacheStore store, FreshnessRules rules)
    {
        try
        {
            return LookUpFresh.Run(request, cache, store, rules);
        }
        catch (Exception exception)
        {
            return GoOnWithout(request, request.CacheUse, exception);
        }
    }

    /// <summary>Looks again for what was not there, once another request has stored it.</summary>
    /// <param name="request">The request.</param>
    /// <param name="use">The same; it has the key.</param>
    public static Verdict Again(RequestContext request, CacheUse use)
    {
        if (!use.Key.IsWhole) return Verdict.Continue;
        try
        {
            if (use.Cache!.Policy is { Rules: not null }) return LookUpFresh.Again(request, use);
            return use.Store!.TryFind(use.Key.Span, use.Hash, request.Now, out CachedEntry entry) ? Serve(request, use, entry) : Verdict.Continue;
        }
        catch (Exception exception)
        {
            return GoOnWithout(request, use, exception);
        }
    }

    private static Verdict GoOnWithout(RequestContext request, CacheUse use, Exception exception)
    {
        CacheFailures.Report(request, exception);
        use.LetGo();
        use.StoreNothing(request.Exchange.Loop.Buffers, request.Now);
        request.Exchange.Response.Clear();
        request.HeldAnswer.Release(request.Exchange.Loop.Buffers);
        use.Fresh.Revalidates = use.Fresh.MayWait = false;
        use.Outcome = CacheOutcome.Bypass;
        return Verdict.Continue;
    }

    private static Verdict Find(RequestContext request, CacheUse use, RouteCache cache, CacheStore store)
    {
        var key = new ByteWriter(request.Services.TargetScratch.AsSpan(0, Math.Min(LoopServices.ScratchSize, request.Settings.Cache.MaxKey)));
        if (!CacheKey.TryWrite(request, cache, ref key))
        {
            use.Outcome = CacheOutcome.Bypass;
            request.Services.Metrics.Cache.KeysTooLong.Increment(request.Exchange.Loop.Ordinal);
            return Verdict.Continue;
        }

        ulong hash = store.HashOf(key.Written);
        if (use.Outcome == CacheOutcome.Miss && store.TryFind(key.Written, hash, request.Now, out CachedEntry entry))
        {
            return Serve(request, use, entry);
        }

        // No key has the body in it, and nobody expects one of a GET: a backend that goes by it would have one client choose what others get.
        if (request.Exchange.Request is { Method: HttpMethod.Get, HasBody: true }) return Verdict.Continue;
        use.Hash = use.Fresh.FetchHash = hash;
        use.Key.Copy(key.Written, request.Exchange.Loop.Buffers);
        use.Fresh.MayWait = use.Outcome == CacheOutcome.Miss && use.MayCoalesce(request) && !AsksForPart(request.Exchange.Request.Headers);
        return Verdict.Continue;
    }

    /// <summary>Whether the answer may be none to store, so that nobody is to wait for it.</summary>
    private static bool AsksForPart(HeaderTable headers) => Preconditions.Of(headers) is { IsForOrigin: true } or { Any: true };

    private static Verdict Serve(RequestContext request, CacheUse use, in CachedEntry entry)
    {
        use.Hold(entry);
        var head = new StoredHead(entry.Head);
        if (!CanRead(request, head))
        {
            use.LetGo();
            use.Outcome = CacheOutcome.Bypass;
            use.Key.Release(request.Exchange.Loop.Buffers);
            return Verdict.Continue;
        }

        use.Outcome = use.HitIs;
        head.CopyTo(request);
        request.HeldAnswer.Lend(entry.Body, request.Exchange.Loop.Buffers);
        StoreAnswer.Tell(request, use);
        return Verdict.Answer;
    }

    /// <summary>Whether the client takes the coding that an answer was stored in.</summary>
    public static bool CanRead(RequestContext request, in StoredHead head) =>
        (head.Flags & StoredFlags.IsEncoded) == 0 || Accepts(request.Exchange.Request.Headers, head.ValueOf(KnownHeader.ContentEncoding));

    /// <summary>Whether the client asks for an answer that was not stored: <c>Cache-Control: max-age=0</c>.</summary>
    public static bool AsksToRefresh(HeaderTable headers)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known == KnownHeader.CacheControl && FieldList.Contains(headers.Value(i), "max-age=0"u8)) return true;
        }

        return false;
    }

    /// <summary>Whether the caller is allowed <c>execute-api:InvalidateCache</c> on the method.</summary>
    /// <remarks>Only a caller who signed can be (rest-api.md 8). Routes that ask for a signature are served closed, so that no caller who comes here has.</remarks>
    private static bool MayInvalidate() => false;

    private static bool Accepts(HeaderTable headers, ReadOnlySpan<byte> coding) =>
        ContentCodings.TryFind(coding, out ContentCoding found) && (found == ContentCoding.Identity || AcceptEncoding.Choose(headers, [found]) == found);
}

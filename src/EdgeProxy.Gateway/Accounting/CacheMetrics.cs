using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Caching.Coalescing;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Accounting;

/// <summary>What the node's cache holds and does; what it did for requests is counted by route.</summary>
internal sealed class CacheMetrics
{
    private readonly Counter _tooLarge;
    private readonly Counter _tooLargeLimit;
    private readonly Counter _noRoom;
    private readonly Counter _noRoomLimit;
    private readonly Counter _tooManyWaiters;
    private readonly Counter _waitedTooLong;
    private readonly Counter[] _fetches; // by FetchOutcome
    private readonly Counter _refreshed;
    private readonly Counter _notRefreshed;
    private readonly Lock _gate = new();
    private CacheStore? _store;
    private CacheFigures _before;
    private long _loggedAt = long.MinValue;

    /// <param name="registry">Where the families are made.</param>
    /// <param name="limits">The family of limits that were met.</param>
    public CacheMetrics(MetricRegistry registry, CounterFamily limits)
    {
        CounterFamily stores = registry.Counter("edgeproxy_cache_stores_total", "Answers that came by the cache: stored, too large for it, without room in it, or of a kind that is not stored.", "result");
        Stored = stores.With("stored");
        Unsuitable = stores.With("unsuitable");
        _tooLarge = stores.With("too_large");
        _noRoom = stores.With("no_room");
        _tooLargeLimit = limits.With("cache.maxEntry");
        _noRoomLimit = limits.With("cache.maxBytes");
        KeysTooLong = limits.With("cache.maxKey");
        TooManyRefreshes = limits.With("cache.refreshes");
        _tooManyWaiters = limits.With("cache.coalesceWaiters");
        _waitedTooLong = limits.With("cache.coalesceWait");
        CounterFamily waits = registry.Counter(
            "edgeproxy_cache_fetches_total",
            "Requests that found nothing to serve, where one fetches for all: those that fetched for others (leads), and those that waited, by what came of it (stored, uncacheable, failed, timed_out, crowded, aborted).", "result");
        _fetches = Array.ConvertAll<string, Counter>(["leads", "stored", "uncacheable", "failed", "timed_out", "crowded", "aborted"], name => waits.With(name));
        CounterFamily refreshes = registry.Counter("edgeproxy_cache_refreshes_total", "Expired answers that were fetched anew while they were served, by whether that gave a newer one.", "result");
        _refreshed = refreshes.With("refreshed");
        _notRefreshed = refreshes.With("failed");
        Invalidated = registry.Counter("edgeproxy_cache_invalidations_total", "Stored answers that a request by another method has made invalid.").With();
        CounterFamily variants = registry.Counter("edgeproxy_cache_variants_total", "Compressed variants of stored answers, by whether they were stored or served.", "result");
        VariantsStored = variants.With("stored");
        VariantsServed = variants.With("served");
        registry.GaugeFunction("edgeproxy_cache_fetches_waiting", "Requests that wait for another's fetch.").Add(() => Volatile.Read(ref _store)?.Fetches.Waiting ?? 0);
        Failures = registry.Counter("edgeproxy_cache_failures_total", "Failures within the cache; the requests were answered without it.").With();
        registry.GaugeFunction("edgeproxy_cache_entries", "Entries of the cache, expired ones among them.").Add(() => Figures.Entries);
        registry.GaugeFunction("edgeproxy_cache_bytes", "Memory that the cache has taken for entries; cache.maxBytes at most.").Add(() => Figures.Bytes);
        registry.GaugeFunction("edgeproxy_cache_index_bytes", "Memory that finding entries takes besides.").Add(() => Figures.IndexBytes);
        registry.CounterFunction("edgeproxy_cache_evictions_total", "Entries given up to make room for others.").Add(() => Figures.Evicted);
    }

    public Counter Stored { get; }

    /// <summary>Answers that are not stored, whatever their size.</summary>
    public Counter Unsuitable { get; }

    /// <summary>Requests that passed the cache by because their key is too long.</summary>
    public Counter KeysTooLong { get; }

    public Counter Failures { get; }

    /// <summary>Expired answers that were not fetched anew because as many as may are already.</summary>
    public Counter TooManyRefreshes { get; }

    /// <summary>Stored answers that were made invalid.</summary>
    public Counter Invalidated { get; }

    public Counter VariantsStored { get; }

    public Counter VariantsServed { get; }

    /// <summary>Figures of now; evictions of earlier stores are counted in.</summary>
    public CacheFigures Figures
    {
        get
        {
            lock (_gate)
            {
                CacheFigures now = _store?.Figures ?? default;
                return now with { Evicted = now.Evicted + _before.Evicted, Refused = now.Refused + _before.Refused };
            }
        }
    }

    public void CountTooLarge(int stripe)
    {
        _tooLarge.Increment(stripe);
        _tooLargeLimit.Increment(stripe);
    }

    public void CountNoRoom(int stripe)
    {
        _noRoom.Increment(stripe);
        _noRoomLimit.Increment(stripe);
    }

    public void CountFetch(int stripe, FetchOutcome outcome)
    {
        _fetches[(int)outcome].Increment(stripe);
        if (outcome == FetchOutcome.Crowded) _tooManyWaiters.Increment(stripe);
        if (outcome == FetchOutcome.TimedOut) _waitedTooLong.Increment(stripe);
    }

    public void CountRefresh(int stripe, bool isNew) => (isNew ? _refreshed : _notRefreshed).Increment(stripe);

    /// <summary>Tells of another store from now on; null for none.</summary>
    public void Watch(CacheStore? store)
    {
        lock (_gate)
        {
            if (_store is { } last) _before += last.Figures;
            _store = store;
        }
    }

    /// <summary>Whether a failure may be logged: one in so many nanoseconds.</summary>
    public bool TryTakeLogLine(long now, long pause)
    {
        long last = Volatile.Read(ref _loggedAt);
        if (last != long.MinValue && now - last < pause) return false;
        return Interlocked.CompareExchange(ref _loggedAt, now, last) == last;
    }
}

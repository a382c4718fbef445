using EdgeProxy.Gateway.Caching;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Accounting;

/// <summary>What the node's cache holds and does; what it did for requests is counted by route.</summary>
internal sealed class CacheMetrics
{
    private readonly Counter _tooLarge;
    private readonly Counter _tooLargeLimit;
    private readonly Counter _noRoom;
    private readonly Counter _noRoomLimit;
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

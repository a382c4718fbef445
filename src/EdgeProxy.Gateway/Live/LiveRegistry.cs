using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Gateway.Live;

/// <summary>What outlasts plans: found by (api id, stage, resource path, method) and never by generated ids, so that an import again keeps it.</summary>
/// <remarks>Asked when plans are built, on control threads; requests hold what they need through their plan.</remarks>
/// <param name="metrics">Where live state counts.</param>
internal sealed class LiveRegistry(GatewayMetrics metrics)
{
    private readonly Dictionary<(string Api, string Stage), StageLive> _stages = [];
    private readonly Lock _gate = new();
    private RateLimit? _accountThrottle;
    private CacheStore? _cache;
    private long _cacheBytes;
    private (long Bytes, CacheStore? Store)? _next;

    public GatewayMetrics Metrics => metrics;

    /// <summary>What API keys used of usage plans.</summary>
    public UsageLedger Usage { get; } = new(metrics.UsagePlanRequests);

    /// <summary>Stages known so far.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _stages.Count;
        }
    }

    /// <summary>The node's own bucket: the same one for as long as its rate is the same; null without a rate.</summary>
    public RateLimit? AccountThrottle(Rate? rate)
    {
        lock (_gate) return RateLimit.Follow(ref _accountThrottle, rate);
    }

    /// <summary>The node's cache: the same one for as long as its size is the same. Null when nothing is cached, and when there is no memory for it.</summary>
    /// <param name="bytes">Its size; 0 for none.</param>
    public CacheStore? Cache(long bytes)
    {
        CacheStore? cache = PrepareCache(bytes);
        KeepCache();
        return cache;
    }

    /// <summary>The same for plans that do not serve yet: another cache is the node's from <see cref="KeepCache"/> on.</summary>
    public CacheStore? PrepareCache(long bytes)
    {
        lock (_gate)
        {
            if (bytes == _cacheBytes && (_cache is not null || bytes == 0))
            {
                _next = null;
                return _cache;
            }

            if (_next is not { } next || next.Bytes != bytes) _next = next = (bytes, NewCacheOrNull(bytes));
            return next.Store;
        }
    }

    /// <summary>Has what was prepared last be the node's cache.</summary>
    public void KeepCache()
    {
        lock (_gate)
        {
            if (_next is not { } next) return;
            (_cache, _cacheBytes, _next) = (next.Store, next.Bytes, null);
            metrics.Cache.Watch(_cache);
        }
    }

    /// <summary>Gives up what was prepared last.</summary>
    public void DropCache()
    {
        lock (_gate) _next = null;
    }

    private CacheStore? NewCacheOrNull(long bytes)
    {
        try
        {
            return bytes > 0 ? new CacheStore(CacheStoreOptions.For(bytes, Environment.ProcessorCount)) : null;
        }
        catch (OutOfMemoryException)
        {
            // A node without a cache is a slower node.
            metrics.Cache.Failures.Increment(0);
            return null;
        }
    }

    /// <summary>The live state of a stage, made when it is new.</summary>
    public StageLive Stage(ApiFacts api, string stage)
    {
        lock (_gate)
        {
            (string, string) key = (api.Id.ToString(), stage);
            if (!_stages.TryGetValue(key, out StageLive? live))
            {
                live = new StageLive(metrics, api, stage);
                _stages.Add(key, live);
            }

            return live;
        }
    }

    /// <summary>The stages there is live state of.</summary>
    public List<StageLive> Stages()
    {
        lock (_gate) return [.. _stages.Values];
    }

    /// <summary>
    /// Forgets stages that are not served any more, and of others the routes and upstreams that they have no more; requests under way finish with them. What comes later under
    /// their names begins anew, and so do its series.
    /// </summary>
    /// <param name="gone">The stages that are not served.</param>
    /// <param name="changed">The plans that serve now of stages that go on.</param>
    public void Forget(IReadOnlyCollection<StageLive> gone, IReadOnlyCollection<StagePlan> changed)
    {
        var series = new GoneSeries();
        lock (_gate)
        {
            foreach (StagePlan plan in changed) plan.Live.Keep(plan.Main, plan.Canary, series);
            var apis = new HashSet<string>(StringComparer.Ordinal);
            var forgotten = new List<StageLive>(gone.Count);
            foreach (StageLive stage in gone)
            {
                (string, string) key = (stage.ApiId, stage.Stage);
                if (!_stages.TryGetValue(key, out StageLive? known) || !ReferenceEquals(known, stage)) continue;
                _stages.Remove(key);
                stage.End();
                forgotten.Add(stage);
                apis.Add(stage.ApiId);
            }

            // Of an API without a stage all goes.
            if (apis.Count > 0) foreach ((string api, _) in _stages.Keys) apis.Remove(api);
            foreach (string api in apis) series.AddApi(api);
            foreach (StageLive stage in forgotten)
            {
                if (!apis.Contains(stage.ApiId)) series.AddStage(stage.ApiId, stage.Stage);
            }

            // Under the lock, so that a stage which comes again finds none of them.
            series.TakeOut(metrics);
        }
    }
}

using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Live;

/// <summary>What outlasts the plans of one stage.</summary>
internal sealed class StageLive : ISeriesOwner
{
    private const int StatusClasses = 10;

    private static long s_lastGeneration;

    private readonly Dictionary<(string Resource, string Method), RouteLive> _routes = [];
    private readonly Dictionary<string, UpstreamLive> _upstreams = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly Counter?[] _throttled = new Counter?[(int)ThrottleScope.KeyQuota + 1];
    private readonly Counter?[] _canaries = new Counter?[2 * StatusClasses];
    private readonly GatewayMetrics _metrics;
    private long _cacheGeneration = Interlocked.Increment(ref s_lastGeneration);
    private readonly string _apiName;
    private readonly string _apiType;
    private bool _isGone;

    internal StageLive(GatewayMetrics metrics, ApiFacts api, string stage)
    {
        _metrics = metrics;
        _apiName = api.Name.ToString();
        _apiType = api.Kind switch { ApiKind.Http => "HTTP", ApiKind.WebSocket => "WEBSOCKET", _ => "REST" };
        ApiId = api.Id.ToString();
        Stage = stage;
        Series = SeriesOf(this, "", "");
        KeyRefusals = metrics.AuthFailures.With(ApiId, "key");
        BytesReceived = metrics.DataProcessed.With(ApiId, stage, "in");
        BytesSent = metrics.DataProcessed.With(ApiId, stage, "out");
    }

    public string ApiId { get; }

    public string Stage { get; }

    /// <summary>Whether it is not served any more.</summary>
    public bool IsGone => Volatile.Read(ref _isGone);

    /// <summary>For requests without a route, and for routes without detailed metrics.</summary>
    public RouteSeries Series { get; }

    /// <summary>The requests without an API key that opens the stage, where one is asked for.</summary>
    public Counter KeyRefusals { get; }

    public Counter BytesReceived { get; }

    public Counter BytesSent { get; }

    /// <summary>The requests that were refused for want of a token; a series is made when it first counts.</summary>
    public Counter Throttled(ThrottleScope scope) => Volatile.Read(ref _throttled[(int)scope]) ?? MakeThrottled(scope);

    /// <summary>The requests that the canary served, or those that it did not, by class of status.</summary>
    public Counter CanaryRequests(bool isCanary, int status)
    {
        int codeClass = Math.Clamp(status / 100, 0, StatusClasses - 1);
        int index = (isCanary ? StatusClasses : 0) + codeClass;
        return Volatile.Read(ref _canaries[index]) ?? MakeCanary(index, isCanary, codeClass);
    }

    /// <summary>The number that stands in the keys of the stage's cached answers: no other stage has it, nor had this one before its last flush.</summary>
    public long CacheGeneration => Volatile.Read(ref _cacheGeneration);

    /// <summary>Has all of the stage's cached answers found by nobody any more. Their memory goes to others in time. Any thread.</summary>
    public void FlushCache() => Volatile.Write(ref _cacheGeneration, Interlocked.Increment(ref s_lastGeneration));

    /// <summary>Makes room for a deployment's routes where there is none yet.</summary>
    public void Expect(int routes)
    {
        lock (_gate)
        {
            if (_routes.Count == 0) _routes.EnsureCapacity(routes);
        }
    }

    /// <summary>The live state of a route, made when it is new.</summary>
    /// <param name="resourcePath">The resource path as written.</param>
    /// <param name="method">The method as written.</param>
    public RouteLive Route(string resourcePath, string method)
    {
        lock (_gate)
        {
            if (!_routes.TryGetValue((resourcePath, method), out RouteLive? live))
            {
                live = new RouteLive(resourcePath, method, this);
                _routes.Add((resourcePath, method), live);
            }

            return live;
        }
    }

    /// <summary>Forgets the routes and upstreams that neither of the stage's deployments has; requests under way finish with theirs.</summary>
    /// <param name="main">What serves.</param>
    /// <param name="canary">What serves beside it; null for nothing.</param>
    /// <param name="gone">Gets the series of what is forgotten.</param>
    public void Keep(StageDeployment main, StageDeployment? canary, GoneSeries gone)
    {
        lock (_gate)
        {
            KeepRoutes(main, canary, gone);
            KeepUpstreams(main, canary, gone);
        }
    }

    /// <summary>The live state of an upstream, made when it is new, and kept until <see cref="Keep"/> finds that no deployment has it.</summary>
    /// <param name="name">Scheme, host and port of the integration's URI.</param>
    public UpstreamLive Upstream(string name)
    {
        lock (_gate)
        {
            if (!_upstreams.TryGetValue(name, out UpstreamLive? live)) _upstreams.Add(name, live = new UpstreamLive(name, new UpstreamSeries(_metrics, ApiId, Stage, name, this)));
            return live;
        }
    }

    /// <summary>It is not served any more.</summary>
    internal void End() => Volatile.Write(ref _isGone, true);

    private void KeepRoutes(StageDeployment main, StageDeployment? canary, GoneSeries gone)
    {
        // Mostly a deployment changes what routes do rather than which there are.
        if (_routes.Count <= main.Plan.Routes.Length) return;
        var kept = new HashSet<RouteLive>(ReferenceEqualityComparer.Instance);
        foreach (RoutePlan route in main.Plan.Routes) kept.Add(main.Live(route.Ordinal));
        foreach (RoutePlan route in canary?.Plan.Routes ?? []) kept.Add(canary!.Live(route.Ordinal));
        if (_routes.Count == kept.Count) return;
        foreach (((string Resource, string Method) key, RouteLive live) in _routes)
        {
            if (kept.Contains(live)) continue;
            live.End();
            _routes.Remove(key);
            gone.AddRoute(ApiId, Stage, key.Resource, key.Method);
        }
    }

    private void KeepUpstreams(StageDeployment main, StageDeployment? canary, GoneSeries gone)
    {
        if (_upstreams.Count == 0) return;
        var kept = new HashSet<UpstreamLive>(ReferenceEqualityComparer.Instance);
        var targets = new HashSet<TargetLive>(ReferenceEqualityComparer.Instance);
        Add(main.Upstreams);
        if (canary is not null) Add(canary.Upstreams);
        foreach ((string name, UpstreamLive live) in _upstreams)
        {
            if (kept.Contains(live))
            {
                live.Keep(targets, gone);
                continue;
            }

            live.Series.End();
            _upstreams.Remove(name);
            gone.AddUpstream(ApiId, Stage, name);
        }

        void Add(IReadOnlyCollection<UpstreamGroup> groups)
        {
            foreach (UpstreamGroup group in groups)
            {
                kept.Add(group.Live);
                foreach (BoundTarget target in group.Targets) targets.Add(target.Live);
            }
        }
    }

    /// <summary>Slots for one of its routes.</summary>
    internal RouteSlots MakeSlots(string resourcePath, string method) => new(_metrics, ApiId, Stage, resourcePath, method);

    private Counter MakeCanary(int index, bool isCanary, int codeClass)
    {
        Counter made = _metrics.CanaryRequests.With(this, ApiId, Stage, isCanary ? "true" : "false", $"{codeClass}xx");
        Volatile.Write(ref _canaries[index], made);
        return made;
    }

    private Counter MakeThrottled(ThrottleScope scope)
    {
        Counter made = _metrics.Throttled.With(this, ApiId, Stage, scope switch
        {
            ThrottleScope.Account => "account",
            ThrottleScope.Stage => "stage",
            ThrottleScope.KeyRate => "key_rate",
            ThrottleScope.KeyQuota => "key_quota",
            _ => "method",
        });
        Volatile.Write(ref _throttled[(int)scope], made);
        return made;
    }

    /// <summary>A series of its own for one of its routes, or for itself.</summary>
    internal RouteSeries SeriesOf(ISeriesOwner owner, string resource, string method) => new(_metrics, owner, ApiId, _apiName, _apiType, Stage, resource, method);
}

using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Http.Client;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>A deployment as one stage runs it: bound to the stage's variables, settings and live state, by route ordinal.</summary>
internal sealed class StageDeployment
{
    private readonly BoundUri?[] _uris;
    private readonly BoundFunction?[] _functions;
    private readonly RouteLive[] _live;
    private readonly RateLimit?[]? _throttles;
    private readonly RouteCache?[]? _caches;
    private readonly RouteSlots?[]? _slots;
    private readonly RouteSettings[]? _settings;
    private readonly RouteSettings _defaultSettings;

    /// <param name="plan">The deployment.</param>
    /// <param name="variables">The stage's variables, or the canary's.</param>
    /// <param name="stage">The stage's live state.</param>
    /// <param name="defaultSettings">For routes without settings of their own.</param>
    /// <param name="settings">By ordinal, or null when no route has its own.</param>
    /// <param name="defaultProtocol">For integrations that name no protocol (<c>upstream.protocol</c>).</param>
    /// <param name="clientCertificate">The files of what upstreams are shown when they ask; null for nothing.</param>
    /// <param name="links">What VPC links stand for, by id.</param>
    /// <param name="upstreamPolicy">How upstreams' targets are chosen and held to account where documents say nothing else.</param>
    /// <param name="usesCache">Whether it goes by the stage's cache, where settings say so; a canary may not.</param>
    /// <param name="cacheHeader">The field that tells clients what the cache did, on routes whose policy alone says that they are cached; empty for none.</param>
    public StageDeployment(
        DeploymentPlan plan, StageVariables variables, StageLive stage, RouteSettings defaultSettings, RouteSettings[]? settings = null,
        UpstreamProtocol defaultProtocol = UpstreamProtocol.Http1, (string Certificate, string Key)? clientCertificate = null,
        IReadOnlyDictionary<string, VpcLink>? links = null, UpstreamPolicy? upstreamPolicy = null, bool usesCache = true, Utf8Text cacheHeader = default)
    {
        Plan = plan;
        Variables = variables;
        _settings = settings;
        _defaultSettings = defaultSettings;
        _uris = new BoundUri?[plan.Routes.Length];
        _functions = new BoundFunction?[plan.Routes.Length];
        _live = new RouteLive[plan.Routes.Length];

        // Routes of an API mostly call the same few hosts: one name object each, so that looking up a pool compares references.
        var names = new Dictionary<UpstreamName, UpstreamName>();
        var groups = new UpstreamGroups(stage, upstreamPolicy ?? UpstreamPolicy.Default);
        RouteCacheSettings ofPolicy = cacheHeader.IsEmpty ? RouteCacheSettings.OfPolicy : RouteCacheSettings.OfPolicy with { StatusHeader = cacheHeader };
        stage.Expect(plan.Routes.Length);
        for (int i = 0; i < plan.Routes.Length; i++)
        {
            RoutePlan route = plan.Routes[i];
            _live[i] = stage.Route(route.ResourcePath.ToString(), route.Method.ToString());
            if (route.Integration is LambdaIntegrationPlan lambda) _functions[i] = BoundFunction.Bind(lambda.Uri, variables, lambda.RequestParameters);
            if (Settings(i).Throttle is { } rate) (_throttles ??= new RateLimit?[plan.Routes.Length])[i] = _live[i].Throttle(rate);
            RouteCacheSettings? stored = Settings(i).Cache ?? (route.CachePolicy is { Rules: not null } ? ofPolicy : null);
            if (usesCache && stored is { } cache && route is { CacheKey: not null, ClosedBy: GatewayResponseType.None, Integration.StreamsAnswer: false }) (_caches ??= new RouteCache?[plan.Routes.Length])[i] = new RouteCache(plan.Number, route, cache, stage);
            if (Settings(i).Concurrency.Max > 0) (_slots ??= new RouteSlots?[plan.Routes.Length])[i] = _live[i].Slots(stage);
            if (route.Integration is not HttpIntegrationPlan http) continue;
            _uris[i] = BoundUri.Bind(http.Uri, variables, http.RequestParameters, names, http.Upstream, defaultProtocol, clientCertificate, links, isOverridable: http.RequestTemplates.AreRun, groups: groups);
        }

        Upstreams = groups.All;
        UpstreamTls = UpstreamTlsOf(_uris);
        Id = plan.Id;
    }

    public DeploymentPlan Plan { get; }

    /// <summary>By which requests know it (<c>$context.deploymentId</c>): deployments of the same content share a plan.</summary>
    public Utf8Text Id { get; init; }

    /// <summary>Each way in which it speaks TLS, once.</summary>
    public IReadOnlyCollection<UpstreamTls> UpstreamTls { get; }

    public StageVariables Variables { get; }

    /// <summary>The upstreams with targets to choose from or to hold to account.</summary>
    public IReadOnlyCollection<UpstreamGroup> Upstreams { get; }

    /// <summary>The integration URI of a route; null for one that calls no HTTP backend.</summary>
    public BoundUri? UriOrNull(int ordinal) => _uris[ordinal];

    /// <summary>The function of a route; null for one that calls none.</summary>
    public BoundFunction? FunctionOrNull(int ordinal) => _functions[ordinal];

    /// <summary>The bucket that requests of a route take a token from; null for none.</summary>
    public RateLimit? ThrottleOrNull(int ordinal) => _throttles?[ordinal];

    /// <summary>The cache of a route; null when its answers are not cached.</summary>
    public RouteCache? CacheOrNull(int ordinal) => _caches?[ordinal];

    /// <summary>Whether any route goes by the cache.</summary>
    public bool Caches => _caches is not null;

    /// <summary>The slots that requests of a route take one of; null where any number may be under way.</summary>
    public RouteSlots? SlotsOrNull(int ordinal) => _slots?[ordinal];

    public RouteLive Live(int ordinal) => _live[ordinal];

    public RouteSettings Settings(int ordinal) => _settings is null ? _defaultSettings : _settings[ordinal];

    private static IReadOnlyCollection<UpstreamTls> UpstreamTlsOf(BoundUri?[] uris)
    {
        HashSet<UpstreamTls>? found = null;
        foreach (BoundUri? uri in uris)
        {
            if (uri?.Upstream?.Tls is { } tls) (found ??= []).Add(tls);
        }

        return found is null ? [] : found;
    }
}

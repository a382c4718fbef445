using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Routing;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Http.Messages;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Telemetry.Tracing;
using EdgeProxy.TestKit;

namespace EdgeProxy.Benchmarks.Gateway;

/// <summary>A data plane with one route between a fake client and a fake backend, so that only the gateway's own work is measured.</summary>
internal sealed class BenchmarkGateway
{
    private readonly GatewayHandler _handler;
    private readonly byte[]? _body;

    public BenchmarkGateway(string method, string path, IntegrationPlan integration, string head, AccessLogProducer? log = null, string? body = null, BodyModel? model = null, string? answer = null, RouteCacheSettings? cache = null, string? apiKey = null, RouteSettings? settings = null)
    {
        var metrics = new GatewayMetrics(new MetricRegistry(stripes: 1));
        Upstream = new FakeUpstream(Loop) { KeepsTexts = false };
        Upstream.Answer("HTTP/1.1 200 OK\nDate: Sun, 22 Nov 2026 13:00:00 GMT\nServer: backend\nContent-Type: application/json\nContent-Length: 5", "hello");
        if (answer is not null) Upstream.Answer($"HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: {Encoding.UTF8.GetByteCount(answer)}", answer);
        Exchange = new FakeExchange(Loop);
        var snapshots = new SnapshotHolder();
        var builder = new RouteTableBuilder<RestRules>();
        builder.Add(HttpMethods.Find(Encoding.ASCII.GetBytes(method)), path);
        var plan = new DeploymentPlan("deploy", builder.Build(out _), [new RoutePlan { Ordinal = 0, ResourcePath = path, Method = method, Integration = integration, ApiKeySource = apiKey is null ? ApiKeySource.None : ApiKeySource.Header, ParameterNames = path.Contains("{id}", StringComparison.Ordinal) ? ["id"] : [], RequestBody = integration is LambdaIntegrationPlan || body is not null ? BodyNeed.Whole : BodyNeed.None, ResponseBody = answer is null || cache is not null ? BodyNeed.None : BodyNeed.Whole, CacheKey = cache is null ? null : new CacheKeyPlan { Parts = [new CacheKeyPart("method.request.path.id", Map(MappingTarget.Path, "id", "method.request.path.id", "id").Source)] }, Validation = model is null ? ValidationPlan.None : new ValidationPlan { Bodies = [model] } }]);
        var api = new ApiFacts { Id = "abcde12345", Name = "benchmark", Kind = ApiKind.Rest };
        var live = new LiveRegistry(metrics);
        var variables = new StageVariables([new("backend", "10.0.0.1:9000")]);
        if (apiKey is null)
        {
            StagePlan stage = StagePlan.Build(api, "prod", plan, variables, live, cache is null ? settings ?? RouteSettings.Detailed : new RouteSettings { DetailedMetrics = true, Cache = cache });
            snapshots.Swap(new GatewaySnapshot { Mounts = new BasePathTable([("", stage)]), Cache = live.Cache(cache is null ? 0 : 64 * 1024 * 1024) });
        }
        else
        {
            snapshots.Swap(Keyed(api, plan, variables, live, apiKey));
        }

        _handler = new GatewayHandler(snapshots, [new LoopServices(metrics, Upstream, log, new FastRandom(), TimeProvider.System) { Functions = Functions }]);
        _body = body is null ? null : Encoding.UTF8.GetBytes(body);
        Exchange.Receive(head);
        Handle();
    }

    public LoopHarness Loop { get; } = new();

    public FakeUpstream Upstream { get; }

    /// <summary>What answers in the place of functions.</summary>
    public FakeFunctionClient Functions { get; } = new() { KeepsTexts = false };

    public FakeExchange Exchange { get; }

    /// <summary>Serves the request again and gives its status.</summary>
    public int Handle()
    {
        Exchange.ReceiveAgain();
        if (_body is not null) Exchange.Add(_body);
        LoopTask walk = _handler.HandleAsync(Exchange);
        if (!walk.IsCompleted) throw new InvalidOperationException("The walk waits.");
        return Exchange.Response.Status;
    }

    // All that a request with a key can meet: the key among many, plan and method limits of it, its quota, and the throttles of stage and node.
    private static GatewaySnapshot Keyed(ApiFacts api, DeploymentPlan plan, StageVariables variables, LiveRegistry live, string apiKey)
    {
        const int Keys = 10_000; // a million are in KeyTableBenchmarks
        const double Fast = 1e9;
        UsagePlanLive gold = live.Usage.PlanOf("gold");
        Rate rate = Rate.InSixteenths(Fast, int.MaxValue);
        var usagePlan = new UsagePlan(gold, rate, new Quota(Quota.MostLimit, QuotaPeriod.Month));
        var builder = new KeyTableBuilder(live.Usage, live.Usage.BeginConfiguration());
        for (int i = 0; i < Keys; i++) builder.TryAdd(Encoding.ASCII.GetBytes($"another-key-of-40-characters-in-all-{i:D7}"), Encoding.ASCII.GetBytes($"k{i}"), isEnabled: true, [gold]);
        builder.TryAdd(Encoding.ASCII.GetBytes(apiKey), "the-key"u8, isEnabled: true, [gold]);
        var settings = new RouteSettings { DetailedMetrics = true, Throttle = new Rate(Fast, int.MaxValue) };
        StagePlan stage = StagePlan.Build(api, "prod", plan, variables, live, settings);
        var plans = new PlanStage?[gold.Ordinal + 1];
        plans[gold.Ordinal] = new PlanStage(usagePlan, [new PlanMethodLimit(rate, gold.BucketsOf("abcde12345", "prod", "/", "GET"))], null);
        return new GatewaySnapshot
        {
            Mounts = new BasePathTable([("", new StagePlan { Api = stage.Api, Name = stage.Name, Live = stage.Live, Main = stage.Main, UsagePlans = plans })]),
            AccountThrottle = live.AccountThrottle(new Rate(Fast, int.MaxValue)),
            Keys = builder.Build(),
            Usage = live.Usage,
        };
    }

    /// <summary>A mapping to a path placeholder or query parameter.</summary>
    public static ParameterMapping Map(MappingTarget target, string name, string source, params string[] pathParameters) =>
        ValueSource.TryParseRequest(source, pathParameters, out ValueSource? parsed) ? new ParameterMapping(target, name, parsed!) : throw new ArgumentException("No source.", nameof(source));

    public static HttpProxyPlan Proxy(string uri, params ParameterMapping[] parameters) => new()
    {
        Uri = UriTemplate.Parse(uri), Method = "GET", KnownMethod = HttpMethod.Get, RequestParameters = parameters,
    };
}

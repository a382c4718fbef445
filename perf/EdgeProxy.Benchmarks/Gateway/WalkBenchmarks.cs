using BenchmarkDotNet.Attributes;
using EdgeProxy.Compiler.Schemas;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Http.Messages;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeProxy.Benchmarks.Gateway;

/// <summary>A request's whole walk, from its parsed head to its account, without any I/O.</summary>
[MemoryDiagnoser]
public class WalkBenchmarks
{
    private const string ShortHead = "GET /pets/17 HTTP/1.1\nHost: api.example.com\nUser-Agent: load\nAccept: */*";

    private const string Key = "0123456789abcdefghijklmnopqrstuvwxyzABCD";

    private const string BrowserHead = """
        GET /pets/17?tab=health&lang=en HTTP/1.1
        Host: api.example.com
        Connection: keep-alive
        sec-ch-ua: "Chromium";v="130", "Not?A_Brand";v="99"
        sec-ch-ua-mobile: ?0
        sec-ch-ua-platform: "Linux"
        Upgrade-Insecure-Requests: 1
        User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36
        Accept: text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8
        Sec-Fetch-Site: none
        Sec-Fetch-Mode: navigate
        Sec-Fetch-Dest: document
        Accept-Encoding: gzip, deflate, br, zstd
        Accept-Language: en-GB,en;q=0.9
        Cookie: session=8f14e45fceea467f; theme=dark
        """;

    private AccessLog _log = null!;
    private BenchmarkGateway _mock = null!;
    private BenchmarkGateway _logged = null!;
    private BenchmarkGateway _proxy = null!;
    private BenchmarkGateway _keyed = null!;
    private BenchmarkGateway _browser = null!;
    private BenchmarkGateway _balanced = null!;
    private BenchmarkGateway _leastLoaded = null!;
    private BenchmarkGateway _guarded = null!;
    private BenchmarkGateway _missing = null!;
    private BenchmarkGateway _throttled = null!;
    private BenchmarkGateway _capped = null!;
    private BenchmarkGateway _mapped = null!;
    private BenchmarkGateway _cached = null!;
    private BenchmarkGateway _cachedLarge = null!;
    private BenchmarkGateway _filling = null!;
    private BenchmarkGateway _function = null!;
    private BenchmarkGateway _functionOfBrowser = null!;

    [GlobalSetup]
    public void SetUp()
    {
        // So few chunks that all are made at once: when the sink falls behind, the oldest is dropped and used again.
        _log = new AccessLog(1, new AccessLogOptions { Path = "/dev/null", MaxBytes = 256 << 10 }, new LogMetrics(new MetricRegistry(1)), NullLogger.Instance);
        ParameterMapping id = BenchmarkGateway.Map(MappingTarget.Path, "id", "method.request.path.id", "id");
        _mock = new BenchmarkGateway("GET", "/pets/{id}", Mock(), ShortHead);
        _logged = new BenchmarkGateway("GET", "/pets/{id}", Mock(), ShortHead, _log.Producer(0));
        _proxy = new BenchmarkGateway("GET", "/pets/{id}", BenchmarkGateway.Proxy("http://${stageVariables.backend}/v1/{id}", id), ShortHead);
        _keyed = new BenchmarkGateway("GET", "/pets/{id}", BenchmarkGateway.Proxy("http://${stageVariables.backend}/v1/{id}", id), $"{ShortHead}\nX-API-Key: {Key}", apiKey: Key);
        _browser = new BenchmarkGateway("GET", "/pets/{id}", BenchmarkGateway.Proxy("http://${stageVariables.backend}/v1/{id}", id), BrowserHead);
        _balanced = Balanced(static node => node, id);
        _leastLoaded = Balanced(static node => node with { Balance = TargetBalance.LeastLoaded }, id);
        _guarded = Balanced(
            static node => node with
            {
                Ejection = node.Ejection with { FailurePercent = 50 },
                Circuit = node.Circuit with { FailurePercent = 50 },
                Cap = new ConcurrencyCap(Max: 100, Queue: 100, WaitNanoseconds: 1_000_000_000),
            },
            id);
        _function = Function(ShortHead);
        _functionOfBrowser = Function(BrowserHead);
        _mapped = Mapped();
        _cached = Cached(ShortHead, 1024);
        _cachedLarge = Cached(ShortHead, 10 * 1024);
        _filling = Cached(ShortHead + "\nCache-Control: max-age=0", 1024);
        _throttled = new BenchmarkGateway("GET", "/pets/{id}", Mock(), ShortHead, settings: new RouteSettings { DetailedMetrics = true, Throttle = new Rate(0, 0) });
        _capped = new BenchmarkGateway(
            "GET", "/pets/{id}", BenchmarkGateway.Proxy("http://${stageVariables.backend}/v1/{id}", id), ShortHead,
            settings: new RouteSettings { DetailedMetrics = true, Throttle = new Rate(1e9, 1000), Concurrency = new ConcurrencyCap(10, 10, 1_000_000) });
        _missing = new BenchmarkGateway("GET", "/other", Mock(), ShortHead);
    }

    [GlobalCleanup]
    public void CleanUp() => _log.Dispose();

    [Benchmark]
    public int Mock_with_access_log() => _logged.Handle();

    [Benchmark(Baseline = true)]
    public int MockWalk() => _mock.Handle();

    [Benchmark]
    public int Proxy() => _proxy.Handle();

    /// <summary>With an API key, its usage plan's limits and quota, and the throttles of stage and node: at most 1.08 of <see cref="Proxy"/> by a node's CPU.</summary>
    [Benchmark]
    public int Keyed_proxy() => _keyed.Handle();

    [Benchmark]
    public int Proxy_balanced() => _balanced.Handle();

    [Benchmark]
    public int Proxy_guarded() => _guarded.Handle();

    [Benchmark]
    public int Proxy_least_loaded() => _leastLoaded.Handle();

    [Benchmark]
    public int Proxy_with_browser_head() => _browser.Handle();

    [Benchmark]
    public int AWS_PROXY() => _function.Handle();

    [Benchmark]
    public int AWS_PROXY_with_browser_head() => _functionOfBrowser.Handle();

    [Benchmark]
    public int Validate_template_and_response_template() => _mapped.Handle();

    /// <summary>A request whose bucket is empty.</summary>
    [Benchmark]
    public int Throttled() => _throttled.Handle();

    /// <summary>As <see cref="Proxy"/>, with a token and a slot taken on the way.</summary>
    [Benchmark]
    public int Proxy_with_throttle_and_cap() => _capped.Handle();

    [Benchmark]
    public int Cache_hit() => _cached.Handle();

    [Benchmark]
    public int Cache_hit_of_10_KB() => _cachedLarge.Handle();

    [Benchmark]
    public int Proxy_and_store() => _filling.Handle();

    [Benchmark]
    public int Missing_route() => _missing.Handle();

    private static BenchmarkGateway Balanced(Func<UpstreamPolicy, UpstreamPolicy> adjust, ParameterMapping id)
    {
        HttpProxyPlan plan = BenchmarkGateway.Proxy("http://orders:9000/v1/{id}", id);
        return new BenchmarkGateway("GET", "/pets/{id}", new HttpProxyPlan
        {
            Uri = plan.Uri, Method = plan.Method, KnownMethod = plan.KnownMethod, RequestParameters = plan.RequestParameters,
            Upstream = new UpstreamPlan
            {
                Targets = [new TargetPlan(UriTemplate.Parse("10.0.0.1"), 3), new TargetPlan(UriTemplate.Parse("10.0.0.2"), 2), new TargetPlan(UriTemplate.Parse("10.0.0.3:9001"), 1)],
                Adjust = adjust,
            },
        }, ShortHead);
    }

    // Keyed by the path parameter; clients may have it filled anew.
    private static BenchmarkGateway Cached(string head, int length)
    {
        ParameterMapping id = BenchmarkGateway.Map(MappingTarget.Path, "id", "method.request.path.id", "id");
        return new BenchmarkGateway(
            "GET", "/pets/{id}", BenchmarkGateway.Proxy("http://${stageVariables.backend}/v1/{id}", id), head, answer: new string('x', length),
            cache: new RouteCacheSettings(3_600_000_000_000) { RequiresAuthorization = false });
    }

    // The function is a fake one that has answered already: the event, the result and the response are what is measured.
    private static BenchmarkGateway Function(string head)
    {
        var gateway = new BenchmarkGateway("GET", "/pets/{id}", new LambdaProxyPlan
        {
            Uri = UriTemplate.Parse("arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:pets/invocations"),
        }, head);
        gateway.Functions.Answer("""{"statusCode":200,"headers":{"Content-Type":"application/json","Cache-Control":"max-age=60"},"body":"{\"id\":17,\"name\":\"Rex\"}"}""");
        return gateway;
    }

    // What an API with models and templates of its own does to each request.
    private static BenchmarkGateway Mapped()
    {
        const string Model = """
            {"type": "object", "required": ["customer", "items"], "properties": {
              "customer": {"type": "string", "minLength": 1},
              "items": {"type": "array", "items": {"type": "object", "required": ["sku", "quantity"], "properties": {
                "sku": {"type": "string", "pattern": "^[A-Z0-9-]+$"}, "quantity": {"type": "integer", "minimum": 1}}}}}}
            """;
        const string Request = """
            #set($order = $input.path('$'))#set($context.requestOverride.header.X-Request = $context.requestId)
            {"id": "$input.params('id')", "customer": "$util.escapeJavaScript($order.customer)", "lines": [#foreach($item in $order.items)
              {"sku": "$item.sku", "quantity": $item.quantity}#if($foreach.hasNext),#end#end]}
            """;
        const string Response = """
            #set($answer = $input.path('$')){"order": $input.json('$.order'), "state": "$answer.state", "lines": $answer.lines.size()}
            """;
        const string Body = """{"customer":"Ada","items":[{"sku":"A-1","quantity":2},{"sku":"B-2","quantity":1},{"sku":"C-3","quantity":12}]}""";
        const string Answer = """{"order":{"number":17,"at":"2026-11-22T13:00:00Z"},"state":"accepted","lines":[1,2,3]}""";
        JsonValue model = JsonValue.ParseOrNull(Model)!;
        return new BenchmarkGateway(
            "POST", "/pets/{id}",
            new HttpPlan
            {
                Uri = UriTemplate.Parse("http://${stageVariables.backend}/v1/orders"), Method = "POST", KnownMethod = HttpMethod.Post,
                RequestTemplates = new RequestTemplates([Vtl(Request)], PassthroughBehavior.Never),
                Responses = new ResponseSelection([new ResponsePlan { Status = 200, Templates = [Vtl(Response)] }], static (_, _) => false, defaultIndex: 0),
            },
            $"POST /pets/17 HTTP/1.1\nHost: api.example.com\nUser-Agent: load\nAccept: */*\nContent-Type: application/json\nContent-Length: {Body.Length}",
            body: Body, model: new BodyModel("application/json", "Order", new SchemaCompiler(new SchemaResources()).Compile(model, [])), answer: Answer);
    }

    private static BodyTemplate Vtl(string text) => new("application/json", TemplateStage.Compile(text));

    private static MockPlan Mock() => new()
    {
        RequestTemplates = new RequestTemplates([new BodyTemplate("application/json", """{"statusCode": 200}""")], PassthroughBehavior.WhenNoMatch),
        Responses = new ResponseSelection(
            [new ResponsePlan { Status = 200, Templates = [new BodyTemplate("application/json", """{"id":17,"name":"Rex"}""")] }], static (_, _) => false, defaultIndex: 0),
    };
}

using BenchmarkDotNet.Attributes;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.Telemetry.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeProxy.Benchmarks.Gateway;

/// <summary>A request's whole walk, from its parsed head to its account, without any I/O.</summary>
[MemoryDiagnoser]
public class WalkBenchmarks
{
    private const string ShortHead = "GET /pets/17 HTTP/1.1\nHost: api.example.com\nUser-Agent: load\nAccept: */*";

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
    private BenchmarkGateway _browser = null!;
    private BenchmarkGateway _missing = null!;
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
        _browser = new BenchmarkGateway("GET", "/pets/{id}", BenchmarkGateway.Proxy("http://${stageVariables.backend}/v1/{id}", id), BrowserHead);
        _function = Function(ShortHead);
        _functionOfBrowser = Function(BrowserHead);
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

    [Benchmark]
    public int Proxy_with_browser_head() => _browser.Handle();

    [Benchmark]
    public int AWS_PROXY() => _function.Handle();

    [Benchmark]
    public int AWS_PROXY_with_browser_head() => _functionOfBrowser.Handle();

    [Benchmark]
    public int Missing_route() => _missing.Handle();

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

    private static MockPlan Mock() => new()
    {
        RequestTemplates = new RequestTemplates([new BodyTemplate("application/json", """{"statusCode": 200}""")], PassthroughBehavior.WhenNoMatch),
        Responses = new ResponseSelection(
            [new ResponsePlan { Status = 200, Templates = [new BodyTemplate("application/json", """{"id":17,"name":"Rex"}""")] }], static (_, _) => false, defaultIndex: 0),
    };
}

// In debug builds the state machine of every async method is an object.
#if !DEBUG
using EdgeProxy.Gateway.Caching.Freshness;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.Http.Messages;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Tests.Gateway;

public sealed class RestWalkAllocationTests
{
    private const int Requests = 2000;

    [Fact]
    public void A_mock_is_answered_without_allocating()
    {
        using AccessLog log = DevNull();
        using var gateway = new TestGateway(log.Producer(0));
        gateway.Route("GET /pets/{id}", Mock(200, "{\"pet\":1}", [MapBack("X-Request", "context.requestId")])).Serve();
        Assert.Equal(0, BytesFor(gateway, "GET /pets/7?x=1 HTTP/1.1\r\nHost: node:8080\r\nUser-Agent: test\r\nAccept: */*\r\n\r\n"u8.ToArray()));
        Assert.Equal(200, gateway.Exchange.Response.Status);
    }

    [Fact]
    public void A_request_is_proxied_without_allocating()
    {
        using AccessLog log = DevNull();
        using var gateway = new TestGateway(log.Producer(0));
        gateway.Route("GET /pets/{id}", Proxy("http://${stageVariables.backend}/v1/{id}", parameters:
        [
            Map("integration.request.path.id", "method.request.path.id", "id"),
            Map("integration.request.header.X-Stage", "context.stage"),
            Map("integration.request.querystring.all", "method.request.multivaluequerystring.x"),
        ])).Serve(variables: ("backend", "10.0.0.1:9000"));
        gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Type: text/plain\nServer: backend\nContent-Length: 5", "hello");
        Assert.Equal(0, BytesFor(gateway, "GET /pets/a%20b?x=1&x=2 HTTP/1.1\r\nHost: node:8080\r\nUser-Agent: test\r\nX-A: 1\r\nX-A: 2\r\nAccept: */*\r\n\r\n"u8.ToArray()));
        Assert.Equal("/v1/a%20b?x=1&x=2&all=1&all=2", gateway.Upstream.Target);
        Assert.Equal(200, gateway.Exchange.Response.Status);
    }

    [Theory]
    [InlineData("0123456789abcdefghijklmnopqrstuvwxyz", 100_000, 200)]
    [InlineData("0123456789abcdefghijklmnopqrstuvwxyz", 10, 429)]
    [InlineData("an-unknown-key-of-enough-characters", 10, 403)]
    public void A_key_and_its_plan_are_checked_without_allocating(string key, long quota, int status)
    {
        using AccessLog log = DevNull();
        using var gateway = new TestGateway(log.Producer(0));
        var problems = new ProblemList();
        ApiDefinition api = OpenApiImporter.Import("api.yaml", System.Text.Encoding.UTF8.GetBytes("""
            openapi: 3.0.1
            info: {title: Pets, version: '1'}
            components: {securitySchemes: {api_key: {type: apiKey, in: header, name: x-api-key}}}
            paths:
              /pets:
                get:
                  security: [{api_key: []}]
                  responses: {'200': {description: ok}}
                  x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'http://backend/pets'}
            """), new OpenApiImportOptions { ApiId = "pets" }, problems)!;
        var method = new UsagePlanMethodDefinition("/pets", "GET", 1e9, int.MaxValue, null);
        UsagePlanSet plans = CompileUsagePlans.Run(
            [new UsagePlanDefinition { Id = "gold", RateLimit = 1e9, BurstLimit = int.MaxValue, QuotaLimit = quota, QuotaPeriod = "MONTH", Stages = [new UsagePlanStageDefinition("pets", "prod", [method], null)] }], gateway.Live.Usage, problems);
        using var keys = new CompileApiKeys(plans, problems);
        keys.Add("0123456789abcdefghijklmnopqrstuvwxyz"u8, "ann"u8, true, "gold"u8, static () => null);
        var settings = new GatewaySettings { AccountThrottle = new Rate(1e9, int.MaxValue) };
        gateway.Snapshots.Swap(new SnapshotCompiler(gateway.Live).Compile(
            [new MountedApi(api, new StageDefinition { Name = "prod" }, "", [])], settings, RouteSettings.Detailed, new CheckOptions(), problems, plans: plans, keys: keys.Build())!);
        Assert.Empty(problems);
        gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 5", "hello");
        Assert.Equal(0, BytesFor(gateway, System.Text.Encoding.ASCII.GetBytes($"GET /pets HTTP/1.1\r\nHost: node:8080\r\nX-API-Key: {key}\r\n\r\n")));
        Assert.Equal(status, gateway.Exchange.Response.Status);
    }

    [Fact]
    public void A_held_body_and_a_refused_request_allocate_nothing()
    {
        using var gateway = new TestGateway();
        gateway.Route("GET /", Proxy("http://backend/")).Serve();
        gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", "abc", "def");
        Assert.Equal(0, BytesFor(gateway, "GET / HTTP/1.1\r\nHost: node:8080\r\n\r\n"u8.ToArray()));
        Assert.Equal(BodyFraming.Length, gateway.Exchange.Response.Framing);
        Assert.Equal(0, BytesFor(gateway, "GET /nowhere HTTP/1.1\r\nHost: node:8080\r\n\r\n"u8.ToArray()));
        Assert.Equal(403, gateway.Exchange.Response.Status);
    }

    [Fact]
    public void A_request_is_mapped_by_templates_both_ways_without_allocating()
    {
        using var gateway = new TestGateway();
        gateway.ServeDocument("""
            openapi: 3.0.1
            info: {title: Pets, version: '1'}
            paths:
              /pets/{id}:
                parameters: [{name: id, in: path, required: true, schema: {type: string}}]
                get:
                  responses: {'200': {description: ok, headers: {X-Name: {schema: {type: string}}}}}
                  x-amazon-apigateway-integration:
                    type: http
                    httpMethod: POST
                    uri: http://backend/{id}
                    requestParameters: {integration.request.querystring.name: method.request.body.name}
                    requestTemplates:
                      application/json: |
                        #set($context.requestOverride.path.id = $input.params('id'))#set($context.requestOverride.header.X-Q = $input.params().querystring.q)
                        {"id": "$input.params('id')", "from": "$context.identity.sourceIp", "at": $context.requestTimeEpoch, "v": "$stageVariables.v",
                         "all": {#foreach($n in $input.params().header.keySet())"$n": "$util.escapeJavaScript($input.params().header.get($n))"#if($foreach.hasNext), #end#end}}
                    responses:
                      default:
                        statusCode: 200
                        responseParameters: {method.response.header.X-Name: integration.response.body.name}
                        responseTemplates:
                          application/json: |
                            #set($r = $input.path('$'))#set($context.responseOverride.header.X-Id = $r.id)#set($context.responseOverride.status = 201)
                            {"names": [#foreach($p in $r.pets)"$p.name"#if($foreach.hasNext), #end#end]}
            """, variables: ("v", "1"));
        gateway.Upstream.KeepsTexts = false;
        gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", """{"id": 7, "name": "Bob", "pets": [{"name": "Rex"}, {"name": "Ada"}]}""");
        Assert.Equal(0, BytesFor(gateway, "GET /pets/7?q=a%20b HTTP/1.1\r\nHost: node:8080\r\nUser-Agent: test\r\nAccept: */*\r\n\r\n"u8.ToArray()));
        Assert.Equal((201, "7", "Bob", "{\"names\": [\"Rex\", \"Ada\"]}"), (gateway.Exchange.Response.Status, gateway.Exchange.ResponseField("X-Id"), gateway.Exchange.ResponseField("X-Name"), gateway.Exchange.SentText.Trim()));
        Assert.Equal("a b", gateway.Upstream.Field("X-Q"));
    }

    [Theory]
    [InlineData(1e9, int.MaxValue, 200)]
    [InlineData(0, 0, 429)]
    public void Tokens_are_taken_and_refused_without_allocating(double perSecond, int burst, int status)
    {
        using var gateway = new TestGateway();
        StagePlan stage = gateway.Route("GET /", Mock()).Stage(settings: new RouteSettings { DetailedMetrics = true, Throttle = new Rate(perSecond, burst) });
        gateway.Snapshots.Swap(new GatewaySnapshot
        {
            Mounts = new BasePathTable([("", stage)]),
            AccountThrottle = gateway.Live.AccountThrottle(new Rate(1e9, int.MaxValue)),
        });
        Assert.Equal(0, BytesFor(gateway, "GET / HTTP/1.1\r\nHost: node:8080\r\n\r\n"u8.ToArray()));
        Assert.Equal(status, gateway.Exchange.Response.Status);
    }

    [Theory]
    [InlineData("GET /?type=a&x=1 HTTP/1.1\r\nHost: node:8080\r\n\r\n", "hit")]
    [InlineData("GET /?type=a&x=1 HTTP/1.1\r\nHost: node:8080\r\nCache-Control: max-age=0\r\n\r\n", "refresh")]
    public void Answers_come_out_of_the_cache_and_go_into_it_without_allocating(string head, string status)
    {
        using AccessLog log = DevNull();
        using var gateway = new TestGateway(log.Producer(0));
        Assert.True(ValueSource.TryParseRequest("method.request.querystring.type", [], out ValueSource? type));
        gateway.CacheKey = new CacheKeyPlan { Parts = [new CacheKeyPart("method.request.querystring.type", type!)] };
        gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 6", "abc", "def");
        StagePlan stage = gateway.Route("GET /", Proxy("http://backend/")).Stage(settings: new RouteSettings { DetailedMetrics = true, Cache = new RouteCacheSettings(3_600_000_000_000) { RequiresAuthorization = false, StatusHeader = "X-Cache" } });
        gateway.Snapshots.Swap(new GatewaySnapshot { Mounts = new BasePathTable([("", stage)]), Cache = gateway.Live.Cache(1024 * 1024) });

        // So often that room has to be made more than once.
        for (int i = 0; i < 10_000; i++) Once(gateway, System.Text.Encoding.ASCII.GetBytes(head));
        Assert.Equal(0, BytesFor(gateway, System.Text.Encoding.ASCII.GetBytes(head)));
        Assert.Equal(("abcdef", status), (gateway.Exchange.SentText, gateway.Exchange.ResponseField("X-Cache")));
    }

    [Theory]
    [InlineData("", 200, "hit")]
    [InlineData("If-None-Match: \"1\"\r\n", 304, "hit")]
    [InlineData("Accept-Encoding: gzip\r\n", 200, "hit")]
    [InlineData("Cache-Control: no-cache\r\n", 200, "miss")]
    public void Answers_are_judged_by_what_they_say_without_allocating(string fields, int status, string told)
    {
        using var gateway = new TestGateway();
        gateway.MinimumCompressionSize = 100;
        gateway.CachePolicy = new CachePolicy { Rules = new FreshnessRules(), Coalesces = true, StoresVariants = true };
        string body = new('a', 500);
        gateway.Upstream.Answer("HTTP/1.1 200 OK\nCache-Control: max-age=3600\nETag: \"1\"\nVary: Accept-Language\nContent-Length: 500", body);
        StagePlan stage = gateway.Route("GET /", Proxy("http://backend/")).Stage(settings: new RouteSettings { DetailedMetrics = true, Cache = new RouteCacheSettings(1) { StatusHeader = "X-Cache" } });
        gateway.Snapshots.Swap(new GatewaySnapshot { Mounts = new BasePathTable([("", stage)]), Cache = gateway.Live.Cache(1024 * 1024) });
        byte[] head = System.Text.Encoding.ASCII.GetBytes($"GET /?x=1 HTTP/1.1\r\nHost: node:8080\r\nAccept-Language: en, de\r\n{fields}\r\n");
        for (int i = 0; i < 10_000; i++) Once(gateway, head);
        Assert.Equal(0, BytesFor(gateway, head));
        Assert.Equal((status, told), (gateway.Exchange.Response.Status, gateway.Exchange.ResponseField("X-Cache")));
    }

    [Fact]
    public void A_function_is_called_and_its_result_returned_without_allocating()
    {
        using var gateway = new TestGateway();
        gateway.Functions.KeepsTexts = false;
        gateway.Functions.Answer("""{"statusCode":200,"headers":{"X-A":"1"},"multiValueHeaders":{"Set-Cookie":["a=1","b=\u0032"]},"body":"{\"a\":1}"}""");
        gateway.Route("GET /pets/{id}", LambdaProxy(), BodyNeed.Whole).Serve(variables: ("color", "red"));
        Assert.Equal(0, BytesFor(gateway, "GET /pets/7?x=1&x=%20 HTTP/1.1\r\nHost: node:8080\r\nUser-Agent: test\r\nX-A: 1\r\nX-A: 2\r\nAccept: */*\r\n\r\n"u8.ToArray()));
        Assert.Equal(200, gateway.Exchange.Response.Status);
        Assert.Equal("{\"a\":1}", gateway.Exchange.SentText);
    }

    [Fact]
    public void An_answer_is_compressed_without_allocating()
    {
        using var gateway = new TestGateway();
        gateway.MinimumCompressionSize = 0;
        gateway.Route("GET /", Mock(200, new string('a', 5000))).Route("GET /proxy", Proxy("http://backend/")).Serve();
        gateway.Upstream.Answer("HTTP/1.1 200 OK\nETag: \"a\"\nTransfer-Encoding: chunked", new string('a', 5000), new string('b', 5000));
        Assert.Equal(0, BytesFor(gateway, "GET / HTTP/1.1\r\nHost: node:8080\r\nAccept-Encoding: gzip, br\r\n\r\n"u8.ToArray()));
        Assert.Equal("gzip", gateway.Exchange.ResponseField("Content-Encoding"));
        Assert.Equal(0, BytesFor(gateway, "GET /proxy HTTP/1.1\r\nHost: node:8080\r\nAccept-Encoding: deflate\r\n\r\n"u8.ToArray()));
        Assert.Equal("deflate", gateway.Exchange.ResponseField("Content-Encoding"));
    }

    private static long BytesFor(TestGateway gateway, byte[] head) => AllocationProbe.Least(() =>
    {
        for (int i = 0; i < Requests; i++) Once(gateway, head);
    });

    private static void Once(TestGateway gateway, byte[] head)
    {
        gateway.Exchange.ReceiveHead(head);
        gateway.Handle();
    }

    private static AccessLog DevNull() =>
        new(1, new AccessLogOptions { Path = "/dev/null", ChunkBytes = 8 << 20 }, new LogMetrics(new MetricRegistry(1)), NullLogger.Instance);
}
#endif

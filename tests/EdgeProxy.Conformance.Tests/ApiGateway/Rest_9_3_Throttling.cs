using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Throttling;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 9.3: token buckets of methods and of the account, from the stage's settings to the 429.</summary>
public sealed class Rest_9_3_Throttling : IDisposable
{
    private const string Document = """
        openapi: 3.0.1
        info: {title: Pets, version: '1'}
        x-amazon-apigateway-request-validators: {params: {validateRequestBody: false, validateRequestParameters: true}}
        x-amazon-apigateway-gateway-responses: {}
        paths:
          /pets:
            get: &mock
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses: {default: {statusCode: '200'}}
            post: *mock
            delete:
              x-amazon-apigateway-request-validator: params
              parameters: [{name: id, in: query, required: true, schema: {type: string}}]
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: DELETE, uri: 'http://backend/pets'}
          /pets/{id}:
            x-amazon-apigateway-any-method: *mock
          /closed:
            get: {responses: {'200': {description: ok}}, x-amazon-apigateway-auth: {type: AWS_IAM}, x-amazon-apigateway-integration: {type: http_proxy, httpMethod: GET, uri: 'http://backend/'}}
        """;

    private readonly StagedGateway _node = new();

    public void Dispose() => _node.Dispose();

    [Fact]
    public void A_request_beyond_the_burst_is_429_with_the_standard_answer()
    {
        Deploy(Settings("*", "*", 1, 2));
        Assert.Equal(200, _node.Status("GET /pets HTTP/1.1"));
        Assert.Equal(200, _node.Status("GET /pets HTTP/1.1"));
        FakeExchange answer = _node.Gateway.Send("GET /pets HTTP/1.1");
        Assert.Equal(429, answer.Response.Status);
        Assert.Equal("{\"message\":\"Too Many Requests\"}", answer.SentText);
        Assert.Equal("TooManyRequestsException", answer.ResponseField("x-amzn-ErrorType"));
        Assert.Equal("application/json", answer.ResponseField("Content-Type"));
        Assert.Null(answer.ResponseField("Retry-After"));
        Assert.Null(answer.ResponseField("X-Amzn-Trace-Id"));
    }

    [Fact]
    public void The_bucket_fills_at_its_rate()
    {
        Deploy(Settings("*", "*", 0.5, 1));
        Assert.Equal(200, _node.Status("GET /pets HTTP/1.1"));
        Assert.Equal(429, _node.Status("GET /pets HTTP/1.1"));
        _node.Gateway.Loop.Advance(TimeSpan.FromMilliseconds(1900));
        Assert.Equal(429, _node.Status("GET /pets HTTP/1.1"));
        _node.Gateway.Loop.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(200, _node.Status("GET /pets HTTP/1.1"));
        Assert.Equal(429, _node.Status("GET /pets HTTP/1.1"));
    }

    [Fact]
    public void Each_method_has_a_bucket_of_its_own_with_the_figures_of_the_stage()
    {
        Deploy(Settings("*", "*", 1, 1));
        Assert.Equal(200, _node.Status("GET /pets HTTP/1.1"));
        Assert.Equal(200, _node.Status("POST /pets HTTP/1.1"));
        Assert.Equal(200, _node.Status("GET /pets/1 HTTP/1.1"));
        Assert.Equal(429, _node.Status("GET /pets HTTP/1.1"));
        Assert.Equal(429, _node.Status("POST /pets HTTP/1.1"));

        // ANY is one method, whatever verb and path value the request has.
        Assert.Equal(429, _node.Status("PUT /pets/2 HTTP/1.1"));
    }

    [Fact]
    public void The_settings_of_a_method_take_the_place_of_those_of_the_stage()
    {
        Deploy(Settings("*", "*", 1, 1), Settings("/pets", "POST", 1, 3), Settings("/pets/{id}", "ANY", null, null));
        Assert.Equal([200, 429, 429, 429], Times(4, "GET /pets HTTP/1.1"));
        Assert.Equal([200, 200, 200, 429], Times(4, "POST /pets HTTP/1.1"));
        Assert.Equal([200, 200, 200, 200], Times(4, "GET /pets/1 HTTP/1.1"));
    }

    [Theory]
    [InlineData(-1.0, -1)]
    [InlineData(null, null)]
    [InlineData(-1.0, 5)]
    public void Minus_one_and_absent_are_no_limit(double? rate, int? burst)
    {
        Deploy(Settings("*", "*", rate, burst));
        Assert.Equal(Enumerable.Repeat(200, 20), Times(20, "GET /pets HTTP/1.1"));
    }

    [Fact]
    public void Zero_and_zero_refuse_everything()
    {
        Deploy(Settings("*", "*", 0, 0));
        Assert.Equal([429, 429], Times(2, "GET /pets HTTP/1.1"));
        _node.Gateway.Loop.Advance(TimeSpan.FromHours(1));
        Assert.Equal([429, 429], Times(2, "GET /pets HTTP/1.1"));
    }

    [Fact]
    public void The_account_s_bucket_is_shared_by_all_APIs()
    {
        Deploy(new GatewaySettings { AccountThrottle = new Rate(1, 3) }, (Document, Stage()), (Document, Stage()));
        Assert.Equal([200, 200], Times(2, "GET /pets HTTP/1.1"));
        Assert.Equal([200, 429], Times(2, "GET /api1/pets HTTP/1.1"));
        Assert.Equal(429, _node.Status("POST /pets HTTP/1.1"));
        _node.Gateway.Loop.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(200, _node.Status("GET /api1/pets HTTP/1.1"));
    }

    [Fact]
    public void A_token_is_taken_from_all_buckets_or_from_none()
    {
        Deploy(new GatewaySettings { AccountThrottle = new Rate(1, 2) }, (Document, Stage(Settings("*", "*", 0.001, 3))));
        Assert.Equal([200, 200, 429, 429, 429], Times(5, "GET /pets HTTP/1.1"));

        // The account refused those three; the method still has its third token, and only that one.
        _node.Gateway.Loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([200, 429, 429], Times(3, "GET /pets HTTP/1.1"));
        Assert.Equal("3", _node.Gateway.Metric("""edgeproxy_throttled_total{api_id="api0",stage="prod",scope="account"}"""));

        // The method refused the last two before the account was asked.
        Assert.Equal(200, _node.Status("POST /pets HTTP/1.1"));
        Assert.Equal("2", _node.Gateway.Metric("""edgeproxy_throttled_total{api_id="api0",stage="prod",scope="stage"}"""));
    }

    [Fact]
    public void Buckets_outlast_deployments_and_imports()
    {
        Deploy(Settings("*", "*", 0.001, 2));
        Assert.Equal(200, _node.Status("GET /pets HTTP/1.1"));
        Deploy(Settings("*", "*", 0.001, 2));
        Assert.Equal([200, 429], Times(2, "GET /pets HTTP/1.1"));
        Deploy(null, (Document.Replace("title: Pets", "title: Cats", StringComparison.Ordinal), Stage(Settings("/pets", "GET", 0.001, 2))));
        Assert.Equal(429, _node.Status("GET /pets HTTP/1.1"));
    }

    [Fact]
    public void Other_figures_begin_with_a_full_bucket()
    {
        Deploy(Settings("*", "*", 0.001, 1));
        Assert.Equal([200, 429], Times(2, "GET /pets HTTP/1.1"));
        Deploy(Settings("*", "*", 0.001, 2));
        Assert.Equal([200, 200, 429], Times(3, "GET /pets HTTP/1.1"));
    }

    [Fact]
    public void Stages_of_one_API_have_buckets_of_their_own()
    {
        Deploy(null, (Document, Stage(Settings("*", "*", 1, 1))), (Document, Stage(Settings("*", "*", 1, 1)) with { Name = "test" }));
        Assert.Equal([200, 429], Times(2, "GET /pets HTTP/1.1"));
        Assert.Equal([200, 429], Times(2, "GET /api1/pets HTTP/1.1"));
    }

    // Section 2: throttles come before validation, and no token is spent on what has no route or is served closed.
    [Fact]
    public void Throttles_come_behind_the_route_and_before_validation()
    {
        Deploy(Settings("/pets", "DELETE", 1, 1), Settings("/closed", "GET", 0, 0));
        Assert.Equal([400, 429], Times(2, "DELETE /pets HTTP/1.1"));
        Assert.Equal(500, _node.Status("GET /closed HTTP/1.1"));
        Assert.Equal(403, _node.Status("GET /nope HTTP/1.1"));
        Assert.Equal(0, _node.Gateway.Upstream.Calls);
        Assert.Equal("1", _node.Gateway.Metric("""edgeproxy_throttled_total{api_id="api0",stage="prod",scope="method"}"""));
    }

    [Fact]
    public void The_answer_can_be_customised()
    {
        string document = Document.Replace(
            "x-amazon-apigateway-gateway-responses: {}",
            "x-amazon-apigateway-gateway-responses: {THROTTLED: {statusCode: 420, responseParameters: {gatewayresponse.header.Retry-After: \"'1'\"}, responseTemplates: {application/json: '{\"t\":\"$context.error.responseType\"}'}}}",
            StringComparison.Ordinal);
        Deploy(null, (document, Stage(Settings("*", "*", 0, 0))));
        FakeExchange answer = _node.Gateway.Send("GET /pets HTTP/1.1");
        Assert.Equal((420, "{\"t\":\"THROTTLED\"}", "1"), (answer.Response.Status, answer.SentText, answer.ResponseField("Retry-After")));
    }

    [Fact]
    public void Settings_of_a_method_that_is_not_there_are_a_warning()
    {
        ProblemList problems = Deploy(Settings("/pets", "PATCH", 1, 1));
        Assert.Contains(problems, problem => problem is { Code: ProblemCode.NoEffect, Severity: ProblemSeverity.Warning } && problem.Message.Contains("PATCH /pets", StringComparison.Ordinal));
    }

    private static StageDefinition Stage(params MethodSettingsDefinition[] settings) => new() { Name = "prod", MethodSettings = settings };

    private static MethodSettingsDefinition Settings(string path, string verb, double? rate, int? burst) =>
        new() { ResourcePath = path, Verb = verb, ThrottlingRateLimit = rate, ThrottlingBurstLimit = burst };

    private int[] Times(int count, string request) => [.. Enumerable.Range(0, count).Select(_ => _node.Status(request))];

    private ProblemList Deploy(params MethodSettingsDefinition[] settings) => Deploy(null, (Document, Stage(settings)));

    private ProblemList Deploy(GatewaySettings? settings, params (string, StageDefinition)[] apis) => _node.Deploy(settings, apis);
}

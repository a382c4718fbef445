using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 9.1: which requests need an API key, and what becomes of those whose key does not open the stage.</summary>
public sealed class Rest_9_1_Keys : IDisposable
{
    private const string Gold = "gold-0123456789-abcdefghij-F0yrv6";
    private const string Off = "off-0123456789-abcdefghij-disabled";
    private const string Elsewhere = "elsewhere-0123456789-abcdefghij";
    private const string Nowhere = "nowhere-0123456789-abcdefghij";

    private const string Document = """
        openapi: 3.0.1
        info: {title: Pets, version: '1'}
        components: {securitySchemes: {api_key: {type: apiKey, in: header, name: x-api-key}}}
        paths:
          /pets:
            get: &keyed
              security: [{api_key: []}]
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses:
                  default:
                    statusCode: '200'
                    responseTemplates: {application/json: '[$context.identity.apiKey][$context.identity.apiKeyId]'}
          /open:
            get:
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration:
                type: mock
                requestTemplates: {application/json: '{"statusCode": 200}'}
                responses:
                  default:
                    statusCode: '200'
                    responseTemplates: {application/json: '[$context.identity.apiKey][$context.identity.apiKeyId]'}
          /validated:
            post:
              security: [{api_key: []}]
              x-amazon-apigateway-request-validator: params
              parameters: [{name: id, in: query, required: true, schema: {type: string}}]
              responses: {'200': {description: ok}}
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: POST, uri: 'http://backend/pets'}
        x-amazon-apigateway-request-validators: {params: {validateRequestBody: false, validateRequestParameters: true}}
        """;

    private readonly StagedGateway _node = new();

    public void Dispose() => _node.Dispose();

    [Theory]
    [InlineData("X-API-Key")]
    [InlineData("x-api-key")]
    [InlineData("X-Api-KEY")]
    public void A_key_of_a_plan_that_lists_the_stage_opens_the_method_whatever_the_case_of_the_field(string field)
    {
        Deploy();
        FakeExchange answer = _node.Gateway.Send($"GET /pets HTTP/1.1\nHost: node\n{field}: {Gold}");
        Assert.Equal(200, answer.Response.Status);
        Assert.Equal($"[{Gold}][k-gold]", answer.SentText);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("nobody-0123456789-abcdefghij-nobody")]
    [InlineData("short")]
    [InlineData(Off)]
    [InlineData(Elsewhere)]
    [InlineData(Nowhere)]
    [InlineData(Gold + "x")]
    [InlineData("GOLD-0123456789-abcdefghij-F0yrv6")]
    [InlineData("k-gold")]
    public void A_key_that_is_missing_unknown_disabled_or_in_no_plan_of_the_stage_is_403_with_one_and_the_same_answer(string? key)
    {
        Deploy();
        FakeExchange answer = _node.Gateway.Send("GET /pets HTTP/1.1\nHost: node" + (key is null ? "" : $"\nX-API-Key: {key}"));
        Assert.Equal(403, answer.Response.Status);
        Assert.Equal("{\"message\":\"Forbidden\"}", answer.SentText);
        Assert.Equal("ForbiddenException", answer.ResponseField("x-amzn-ErrorType"));
        Assert.Equal("application/json", answer.ResponseField("Content-Type"));
        Assert.Equal("1", _node.Gateway.Metric("edgeproxy_auth_failures_total{api_id=\"api0\",reason=\"key\"}"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\nX-API-Key: " + Gold)]
    [InlineData("\nX-API-Key: " + Off)]
    [InlineData("\nX-API-Key: nonsense")]
    public void A_method_that_needs_no_key_ignores_the_field_and_counts_nothing(string field)
    {
        Deploy();
        FakeExchange answer = _node.Gateway.Send("GET /open HTTP/1.1\nHost: node" + field);
        Assert.Equal(200, answer.Response.Status);
        Assert.Equal("[][]", answer.SentText);
        Assert.Equal(0, _node.Gateway.Live.Usage.TakeChanged(new List<EdgeProxy.Gateway.Operations.UsageRecord>(), 0));
        Assert.Equal("0", _node.Gateway.Metric("edgeproxy_usage_plan_requests_total{usage_plan=\"p-gold\",outcome=\"admitted\"}"));
    }

    [Fact]
    public void A_refused_key_is_not_known_to_anything_behind()
    {
        Deploy(Document + """

            x-amazon-apigateway-gateway-responses:
              INVALID_API_KEY:
                statusCode: '401'
                responseTemplates: {application/json: '{"key":"$context.identity.apiKey","id":"$context.identity.apiKeyId","type":"$context.error.responseType"}'}
            """);
        FakeExchange answer = _node.Gateway.Send($"GET /pets HTTP/1.1\nHost: node\nX-API-Key: {Off}");
        Assert.Equal(401, answer.Response.Status);
        Assert.Equal("""{"key":"","id":"","type":"INVALID_API_KEY"}""", answer.SentText);
    }

    [Fact]
    public void With_the_source_AUTHORIZER_the_field_is_ignored_and_without_an_authorizer_no_key_is_there()
    {
        Deploy(Document + "\nx-amazon-apigateway-api-key-source: AUTHORIZER\n");
        Assert.Equal(403, _node.Status($"GET /pets HTTP/1.1\nHost: node\nX-API-Key: {Gold}"));
        Assert.Equal(200, _node.Status("GET /open HTTP/1.1\nHost: node"));
    }

    [Fact]
    public void The_key_is_judged_before_parameters_and_before_the_back_end()
    {
        Deploy();
        Assert.Equal(403, _node.Status("POST /validated HTTP/1.1\nHost: node\nContent-Length: 0"));
        Assert.Equal(400, _node.Status($"POST /validated HTTP/1.1\nHost: node\nX-API-Key: {Gold}\nContent-Length: 0"));
        Assert.Equal(0, _node.Gateway.Upstream.Calls);
    }

    [Fact]
    public void A_key_opens_several_stages_by_several_plans()
    {
        Deploy(keys: [(Gold, "k-gold", true, "p-elsewhere,p-gold")]);
        Assert.Equal(200, _node.Status($"GET /pets HTTP/1.1\nHost: node\nX-API-Key: {Gold}"));
        Assert.Equal("1", _node.Gateway.Metric("edgeproxy_usage_plan_requests_total{usage_plan=\"p-gold\",outcome=\"admitted\"}"));
    }

    [Fact]
    public void A_key_in_two_plans_of_one_stage_is_a_problem()
    {
        ProblemList problems = _node.DeployKeys(
            Document, new StageDefinition { Name = "prod" }, [Plan("a"), Plan("b")], [(Gold, "k-gold", true, "a,b")]);
        Problem problem = Assert.Single(problems, static problem => problem.Severity == ProblemSeverity.Error);
        Assert.Equal(ProblemCode.NotAllowed, problem.Code);
        Assert.Contains("usage plans a and b", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_stage_with_keyed_methods_that_no_plan_lists_is_told_of_and_closed()
    {
        ProblemList problems = _node.DeployKeys(Document, new StageDefinition { Name = "prod" }, [], [(Gold, "k-gold", true, "")]);
        Assert.Equal(ProblemCode.NoUsagePlan, Assert.Single(problems).Code);
        Assert.Equal(403, _node.Status($"GET /pets HTTP/1.1\nHost: node\nX-API-Key: {Gold}"));
    }

    [Fact]
    public void A_key_that_is_taken_out_or_disabled_is_refused_from_the_next_request_on()
    {
        Deploy();
        string request = $"GET /pets HTTP/1.1\nHost: node\nX-API-Key: {Gold}";
        Assert.Equal(200, _node.Status(request));
        Deploy(keys: [(Gold, "k-gold", false, "p-gold")]);
        Assert.Equal(403, _node.Status(request));
        Deploy(keys: []);
        Assert.Equal(403, _node.Status(request));
        Deploy();
        Assert.Equal(200, _node.Status(request));
    }

    private static UsagePlanDefinition Plan(string id, string stage = "prod") => new() { Id = id, Stages = [new UsagePlanStageDefinition("api0", stage, [], null)] };

    private void Deploy(string document = Document, (string, string, bool, string)[]? keys = null)
    {
        ProblemList problems = _node.DeployKeys(
            document, new StageDefinition { Name = "prod" }, [Plan("p-gold"), new UsagePlanDefinition { Id = "p-elsewhere" }],
            keys ?? [(Gold, "k-gold", true, "p-gold"), (Off, "k-off", false, "p-gold"), (Elsewhere, "k-elsewhere", true, "p-elsewhere"), (Nowhere, "k-nowhere", true, "")]);
        Assert.Empty(problems);
    }
}

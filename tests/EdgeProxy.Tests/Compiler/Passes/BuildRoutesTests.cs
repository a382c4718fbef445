using System.Text;
using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Validation.Patterns;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.ControlPlane.Imports.OpenApi;
using EdgeProxy.Tests.Gateway;

namespace EdgeProxy.Tests.Compiler.Passes;

/// <summary>Documents compiled and then asked: what was written must be what a client meets.</summary>
public sealed class BuildRoutesTests : IDisposable
{
    private const string Mock = "type: mock\nrequestTemplates: {application/json: '{\"statusCode\": 200}'}\nresponses:\n  default: ";

    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Sends_a_proxied_request_to_the_uri_with_its_mapped_parameters()
    {
        Serve(Documents.Good);
        _gateway.Upstream.Answer("HTTP/1.1 201 Created\nContent-Length: 2", "ok");
        FakeExchange answer = _gateway.Send("GET /pets/a%2Fb HTTP/1.1");
        Assert.Equal(201, answer.Response.Status);
        Assert.Equal("/pets/a%2Fb", _gateway.Upstream.Target);
        Assert.Equal(8081, _gateway.Upstream.Called!.Port);
    }

    [Fact]
    public void Maps_headers_and_query_of_an_http_integration_and_chooses_the_response_by_pattern()
    {
        Serve(Documents.WithIntegration("""
            type: http
            httpMethod: POST
            uri: http://${stageVariables.host}/a
            requestParameters:
              integration.request.header.X-Q: method.request.querystring.q
              integration.request.querystring.id: method.request.path.id
              integration.request.header.X-Static: "'text'"
            responses:
              default: {statusCode: 200, responseParameters: {method.response.header.ETag: integration.response.header.Tag}}
              4\d{2}: {statusCode: 404, responseTemplates: {application/json: '{"gone": true}'}}
            """), ("host", "back"));
        _gateway.Upstream.Answer("HTTP/1.1 410 Gone\nContent-Length: 0");
        FakeExchange answer = _gateway.Send("GET /x/7?q=v HTTP/1.1");
        Assert.Equal(("POST", "/a?id=7", "v", "text"), (_gateway.Upstream.Method, _gateway.Upstream.Target, _gateway.Upstream.Field("X-Q"), _gateway.Upstream.Field("X-Static")));
        Assert.Equal((404, "{\"gone\": true}"), (answer.Response.Status, answer.SentText));
    }

    [Fact]
    public void Answers_a_mock_with_its_headers_and_constant_body()
    {
        Serve(Documents.WithIntegration(Mock + "{statusCode: 200, responseParameters: {method.response.header.ETag: \"'v1'\"}, responseTemplates: {application/json: '[]'}}"));
        FakeExchange answer = _gateway.Send("GET /x/1 HTTP/1.1");
        Assert.Equal((200, "v1", "[]"), (answer.Response.Status, answer.ResponseField("ETag"), answer.SentText));
    }

    [Fact]
    public void Lets_a_mock_take_its_status_from_the_body_when_no_template_does()
    {
        Serve(Documents.WithIntegration("type: mock\nresponses: {default: {statusCode: 200}, '404': {statusCode: 404}}"));
        Assert.Equal(404, _gateway.Send("GET /x/1 HTTP/1.1\nHost: node\nContent-Length: 17", "{statusCode: 404}").Response.Status);
    }

    [Theory]
    [InlineData("requestTemplates: {application/json: '{statusCode: 200}'}", false)]
    [InlineData("requestTemplates: {application/json: '{statusCode: 200}'}\npassthroughBehavior: when_no_templates", true)]
    [InlineData("requestTemplates: {application/json: ''}\npassthroughBehavior: when_no_templates", false)]
    [InlineData("requestTemplates: {$default: '{statusCode: 200}'}", true)]
    [InlineData("requestTemplates: {$default: '{statusCode: 200}', text/plain: ''}", false)]
    [InlineData("passthroughBehavior: never", true)]
    [InlineData("passthroughBehavior: when_no_templates", false)]
    public void Reads_the_request_of_a_mock_only_when_its_status_may_stand_there(string members, bool none)
    {
        RoutePlan route = Assert.Single(Compile(Documents.WithIntegration($"type: mock\n{members}\nresponses: {{default: {{statusCode: 200}}}}")).Routes);
        Assert.Equal(none ? BodyNeed.None : BodyNeed.Whole, route.RequestBody);
    }

    [Theory]
    [InlineData("x-amazon-apigateway-auth: {type: AWS_IAM}", "{\"message\":null}", "AuthorizerConfigurationException")]
    [InlineData("", "{\"message\": \"Internal server error\"}", "InternalServerErrorException")]
    public void Serves_closed_what_is_not_executed(string operation, string body, string type)
    {
        Serve(Documents.WithIntegration("type: aws_proxy\nhttpMethod: POST\nuri: arn:aws:apigateway:eu-west-1:firehose:action/PutRecord").Replace("    get:\n", $"    get:\n      {operation}\n", StringComparison.Ordinal));
        FakeExchange answer = _gateway.Send("GET /x/1 HTTP/1.1");
        Assert.Equal((500, body, type), (answer.Response.Status, answer.SentText, answer.ResponseField("x-amzn-ErrorType")));
        Assert.Equal(0, _gateway.Upstream.Calls);
    }

    [Fact]
    public void Gives_each_method_the_route_at_its_place()
    {
        DeploymentPlan plan = Compile(Documents.Good.Replace("    get:", "    x-amazon-apigateway-any-method:", StringComparison.Ordinal));
        RoutePlan route = Assert.Single(plan.Routes);
        Assert.Equal(("/pets/{petId}", "ANY", "petId", false), (route.ResourcePath.ToString(), route.Method.ToString(), route.ParameterNames[0].ToString(), route.IsGreedy));
        Assert.Matches("^[a-z0-9]{6}$", route.ResourceId.ToString());
    }

    [Theory]
    [InlineData("POST", "BUFFERED", true, false)]
    [InlineData("GET", "STREAM", false, true)]
    public void Makes_a_plan_of_a_function(string method, string mode, bool isPost, bool streams)
    {
        RoutePlan route = Assert.Single(Compile(Documents.WithIntegration(
            $"type: AWS_PROXY\nhttpMethod: {method}\nresponseTransferMode: {mode}\nuri: arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:f/invocations")).Routes);
        var plan = Assert.IsType<LambdaProxyPlan>(route.Integration);
        Assert.Equal((isPost, streams, BodyNeed.Whole), (plan.IsPost, plan.StreamsAnswer, route.RequestBody));
    }

    [Fact]
    public void Runs_patterns_over_the_messages_of_a_function()
    {
        RoutePlan route = Assert.Single(Compile(Documents.WithIntegration("""
            type: aws
            httpMethod: POST
            uri: arn:aws:apigateway:eu-west-1:lambda:path/2015-03-31/functions/arn:aws:lambda:eu-west-1:111122223333:function:f/invocations
            responses:
              default: {statusCode: 200}
              ".*not found.*": {statusCode: 200}
              "(?i)bad.*": {statusCode: 200}
              "a|b": {statusCode: 200}
              "(\\n|.)+x": {statusCode: 200}
            """)).Routes);
        MessageSelection responses = Assert.IsType<LambdaPlan>(route.Integration).Responses;
        Assert.Equal(BodyNeed.Whole, route.RequestBody);
        var scratch = new PatternScratch();
        int Choose(string message) => responses.All.ToList().IndexOf(responses.Choose(Encoding.UTF8.GetBytes(message), scratch)!);
        Assert.Equal([0, 1, 0, 2, 0, 3, 3, 0, 4], new[] { "", "pet not found: 7", "pet not\nfound", "BAD thing", "it is BAD", "a", "b", "ab", "one\ntwo x" }.Select(Choose));
    }

    [Theory]
    [InlineData("timeoutInMillis: 1500", 1_500_000_000)]
    [InlineData("", 29_000_000_000)]
    public void Counts_time_outs_in_nanoseconds(string member, long nanoseconds) =>
        Assert.Equal(nanoseconds, Compile(Documents.WithIntegration($"type: http_proxy\nhttpMethod: ANY\nuri: http://a/\n{member}")).Routes[0].Integration.TimeoutNanoseconds);

    [Fact]
    public void Makes_no_plan_of_a_definition_with_errors()
    {
        var problems = new ProblemList();
        ApiDefinition api = Documents.Check(Documents.WithIntegration("type: http_proxy\nhttpMethod: GET\nuri: ftp://a/")).Api!;
        Assert.Null(ApiCompiler.Compile(api, new CheckOptions(), problems));
        Assert.True(problems.HasErrors);
    }

    private static DeploymentPlan Compile(string text)
    {
        var problems = new ProblemList();
        ApiDefinition? api = OpenApiImporter.Import("api.yaml", System.Text.Encoding.UTF8.GetBytes(text), new OpenApiImportOptions(), problems);
        DeploymentPlan? plan = ApiCompiler.Compile(api!, new CheckOptions(), problems);
        Assert.DoesNotContain(problems, problem => problem.Severity == ProblemSeverity.Error);
        return plan!;
    }

    private void Serve(string text, params (string Name, string Value)[] variables)
    {
        var values = new StageVariables(variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)));
        StagePlan stage = StagePlan.Build(TestGateway.Api, "prod", Compile(text), values, _gateway.Live);
        _gateway.Snapshots.Swap(new GatewaySnapshot { Mounts = new BasePathTable([("", stage)]) });
    }
}

using System.Globalization;
using EdgeProxy.Definitions;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 10: a share of a stage's requests served by another deployment, or with other variables.</summary>
public sealed class Rest_10_Canary : IDisposable
{
    private const string Document = """
        openapi: 3.0.1
        info: {title: Pets, version: '1'}
        paths:
          /:
            get:
              responses: {'200': {description: ok, headers: {X-Canary: {schema: {type: string}}, X-Deployment: {schema: {type: string}}, X-Stage: {schema: {type: string}}, X-Variable: {schema: {type: string}}, X-Added: {schema: {type: string}}, X-Kept: {schema: {type: string}}}}}
              x-amazon-apigateway-integration:
                type: http
                httpMethod: GET
                uri: http://backend/
                requestParameters:
                  integration.request.header.X-Variable: stageVariables.variable
                  integration.request.header.X-Added: stageVariables.added
                  integration.request.header.X-Kept: stageVariables.kept
                  integration.request.header.X-Canary: context.isCanaryRequest
                  integration.request.header.X-Deployment: context.deploymentId
                  integration.request.header.X-Stage: context.stage
                responses: {default: {statusCode: '200'}}
        """;

    private static readonly Dictionary<string, string> s_variables = new() { ["variable"] = "default", ["kept"] = "same" };
    private static readonly Dictionary<string, string> s_overrides = new() { ["variable"] = "canary", ["added"] = "new" };

    private readonly StagedGateway _node = new();

    public Rest_10_Canary() => _node.Gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");

    public void Dispose() => _node.Dispose();

    [Fact]
    public void At_0_percent_no_request_is_the_canary_s()
    {
        _node.Deploy(null, (Document, Stage(0)));
        for (int i = 0; i < 200; i++) Assert.Equal(("default", "", "same", "false"), Sent());
    }

    [Fact]
    public void At_100_percent_each_is_and_overrides_are_laid_over_the_variables()
    {
        _node.Deploy(null, (Document, Stage(100)));
        for (int i = 0; i < 200; i++) Assert.Equal(("canary", "new", "same", "true"), Sent());
    }

    [Theory]
    [InlineData(10.5)]
    [InlineData(50)]
    [InlineData(99)]
    public void Each_request_is_drawn_on_its_own(double percent)
    {
        const int Requests = 4000;
        _node.Deploy(null, (Document, Stage(percent)));
        int canaries = 0;
        int changes = 0;
        bool last = false;
        for (int i = 0; i < Requests; i++)
        {
            bool isCanary = Sent().Canary == "true";
            if (isCanary) canaries++;
            if (i > 0 && isCanary != last) changes++;
            last = isCanary;
        }

        // Five standard deviations; the generator has a fixed seed, so that the outcome is the same each time.
        double share = percent / 100;
        double slack = 5 * Math.Sqrt(Requests * share * (1 - share));
        Assert.InRange(canaries, (Requests * share) - slack, (Requests * share) + slack);
        double expected = 2 * share * (1 - share) * Requests;
        Assert.InRange(changes, expected * 0.8, expected * 1.2);
    }

    [Fact]
    public void Context_tells_of_a_canary_only_where_the_stage_has_one()
    {
        _node.Deploy(null, (Document, new StageDefinition { Name = "prod", Variables = s_variables }));
        Assert.Equal(("default", "", "same", ""), Sent());
    }

    [Fact]
    public void The_canary_runs_its_own_deployment_under_the_same_stage()
    {
        string canary = Document.Replace("  /:\n", "  /new:\n    get: {responses: {'200': {description: ok}}, x-amazon-apigateway-integration: {type: mock, requestTemplates: {application/json: '{\"statusCode\": 200}'}, responses: {default: {statusCode: '200'}}}}\n  /:\n", StringComparison.Ordinal);
        Assert.NotEqual(Document, canary);
        _node.DeployCanary(Document, Stage(0), canary);
        Assert.Equal(403, _node.Status("GET /new HTTP/1.1"));
        Sent();
        string deployment = Header("X-Deployment");
        _node.DeployCanary(Document, Stage(100), canary);
        Assert.Equal(200, _node.Status("GET /new HTTP/1.1"));
        Sent();
        Assert.NotEqual(deployment, Header("X-Deployment"));
        Assert.Equal("prod", Header("X-Stage"));
    }

    [Fact]
    public void Throttles_are_shared_with_the_stage()
    {
        StageDefinition stage = Stage(50) with { MethodSettings = [new() { ResourcePath = "*", Verb = "*", ThrottlingRateLimit = 0.001, ThrottlingBurstLimit = 40 }] };
        _node.DeployCanary(Document, stage, Document);
        int served = 0;
        for (int i = 0; i < 100; i++)
        {
            if (_node.Status("GET / HTTP/1.1") == 200) served++;
        }

        Assert.Equal(40, served);
    }

    [Fact]
    public void Metrics_tell_the_canary_s_requests_from_the_others()
    {
        _node.Deploy(null, (Document, Stage(50)));
        for (int i = 0; i < 100; i++) _node.Status("GET / HTTP/1.1");
        _node.Status("GET /nope HTTP/1.1");
        int canary = Counted("true", "2xx");
        int main = Counted("false", "2xx");
        Assert.Equal(100, canary + main);
        Assert.InRange(canary, 25, 75);
        Assert.Equal(1, Counted("true", "4xx") + Counted("false", "4xx"));
    }

    [Fact]
    public void A_stage_without_a_canary_has_no_such_series()
    {
        _node.Deploy(null, (Document, new StageDefinition { Name = "prod" }));
        _node.Status("GET / HTTP/1.1");
        Assert.Equal(0, Counted("false", "2xx"));
    }

    private static StageDefinition Stage(double percent) => new()
    {
        Name = "prod",
        Variables = s_variables,
        Canary = new CanaryDefinition { PercentTraffic = percent, StageVariableOverrides = s_overrides },
    };

    private (string Variable, string Added, string Kept, string Canary) Sent()
    {
        Assert.Equal(200, _node.Status("GET / HTTP/1.1"));
        return (Header("X-Variable"), Header("X-Added"), Header("X-Kept"), Header("X-Canary"));
    }

    private string Header(string name) => _node.Gateway.Upstream.Field(name) ?? "";

    private int Counted(string canary, string codeClass) => int.Parse(
        _node.Gateway.Metric($$"""edgeproxy_canary_requests_total{api_id="api0",stage="prod",canary="{{canary}}",code_class="{{codeClass}}"}""") ?? "0", CultureInfo.InvariantCulture);
}

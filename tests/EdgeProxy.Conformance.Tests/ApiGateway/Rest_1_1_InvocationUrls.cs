using System.Text;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 1.1 and 1.3, and the order of product.md 2.</summary>
public sealed class Rest_1_1_InvocationUrls : IDisposable
{
    private readonly TestGateway _gateway = new();
    private TestGateway? _other;

    public Rest_1_1_InvocationUrls()
    {
        // Each route says what it is called with; the stage tells which of them was chosen.
        ParameterMapping[] facts =
        [
            MapBack("Stage", "context.stage"), MapBack("Path", "context.path"), MapBack("Base", "context.customDomain.basePathMatched"),
            MapBack("Domain", "context.domainName"), MapBack("Prefix", "context.domainPrefix"), MapBack("Resource", "context.resourcePath"),
        ];
        _gateway.Route("GET /", Mock(parameters: facts)).Route("GET /ping", Mock(parameters: facts)).Route("GET /{proxy+}", Mock(parameters: facts));
        StagePlan prod = _gateway.Stage("prod");
        StagePlan test = _gateway.Stage("Test_1");
        _gateway.Snapshots.Swap(new GatewaySnapshot
        {
            Domains = new Utf8Table<DomainPlan>([("api.example.com", new DomainPlan(new BasePathTable([("orders/v1", test), ("pets", prod)])))]),
            Apis = new Utf8Table<ApiEntry>([("abcde12345", new ApiEntry("abcde12345", [prod, test])), ("closed1234", new ApiEntry("closed1234", [prod], isDefaultEndpointDisabled: true))]),
            Mounts = new BasePathTable([("mounted", _gateway.Stage("mounted"))]),
        });
    }

    public void Dispose()
    {
        _gateway.Dispose();
        _other?.Dispose();
    }

    [Theory]
    [InlineData("abcde12345.execute-api.eu-west-1.amazonaws.com", "/prod/a", "prod", "/prod/a")]
    [InlineData("ABCDE12345.Execute-Api.localhost:8080", "/prod/a", "prod", "/prod/a")]
    [InlineData("abcde12345.execute-api.node", "/Test_1", "Test_1", "/Test_1")]
    [InlineData("abcde12345-vpce-0123.execute-api.eu-west-1.amazonaws.com", "/prod/", "prod", "/prod/")]
    [InlineData("abcde12345.execute-api.node", "//prod/a", "prod", "/prod/a")]
    [InlineData("abcde12345.execute-api.node", "/prod//a", "prod", "/prod//a")]
    public void The_api_id_is_the_first_host_label_and_the_stage_the_first_segment(string host, string path, string stage, string contextPath)
    {
        FakeExchange answer = Get(host, path);
        Assert.Equal(200, answer.Response.Status);
        Assert.Equal(stage, answer.ResponseField("Stage"));
        Assert.Equal(contextPath, answer.ResponseField("Path"));
    }

    [Theory]
    [InlineData("x-apigw-api-id: abcde12345", 200)]
    [InlineData("X-Apigw-Api-Id: abcde12345", 200)]
    [InlineData("x-apigw-api-id: other", 403)]
    [InlineData("x-apigw-api-id: closed1234", 403)]
    [InlineData("x-apigw-api-id: abcde12345\nx-apigw-api-id: closed1234", 403)]
    [InlineData("X-Other: abcde12345", 403)]
    public void The_public_name_of_a_VPC_endpoint_takes_the_API_from_a_header(string field, int status)
    {
        const string Endpoint = "vpce-0c1308d7312217cd7-01234567.execute-api.us-east-1.vpce.amazonaws.com";
        Assert.Equal(status, _gateway.Send($"GET /prod/a HTTP/1.1\nHost: {Endpoint}\n{field}").Response.Status);

        // Any other host is the API's own, whatever a client says.
        Assert.Equal(200, _gateway.Send($"GET /prod/a HTTP/1.1\nHost: abcde12345.execute-api.us-east-1.amazonaws.com\n{field}").Response.Status);
    }

    [Theory]
    [InlineData("/pets/7", "prod", "/pets/7", "pets", "/{proxy+}")]
    [InlineData("/pets", "prod", "/pets", "pets", "/")]
    [InlineData("/orders/v1/items", "Test_1", "/orders/v1/items", "orders/v1", "/{proxy+}")]
    public void A_custom_domain_picks_the_stage_by_base_path(string path, string stage, string contextPath, string basePath, string resource)
    {
        FakeExchange answer = Get("API.example.com:443", path);
        Assert.Equal(stage, answer.ResponseField("Stage"));
        Assert.Equal(contextPath, answer.ResponseField("Path"));
        Assert.Equal(basePath, answer.ResponseField("Base"));
        Assert.Equal(resource, answer.ResponseField("Resource"));
        Assert.Equal("API.example.com", answer.ResponseField("Domain"));
        Assert.Equal("API", answer.ResponseField("Prefix"));
    }

    [Theory]
    [InlineData("/_aws/execute-api/abcde12345/prod/a/b", "/prod/a/b")]
    [InlineData("/restapis/abcde12345/prod/_user_request_/a/b", "/prod/a/b")]
    public void Emulator_path_forms_work_on_loopback_listeners(string path, string contextPath)
    {
        FakeExchange answer = Get("localhost:8080", path);
        Assert.Equal("prod", answer.ResponseField("Stage"));
        Assert.Equal(contextPath, answer.ResponseField("Path"));
        Assert.Equal("/{proxy+}", answer.ResponseField("Resource"));
    }

    [Theory]
    [InlineData("/_aws/execute-api/abcde12345/prod/a")]
    [InlineData("/restapis/abcde12345/prod/_user_request_/a")]
    public void Emulator_path_forms_do_not_work_on_public_listeners(string path)
    {
        _other = new TestGateway(listener: new ListenerFacts("data", IsAdmin: false, IsTls: false, IsLoopback: false, Port: 80));
        _other.Route("GET /{proxy+}", Mock());
        _other.Snapshots.Swap(new GatewaySnapshot { Apis = new Utf8Table<ApiEntry>([("abcde12345", new ApiEntry("abcde12345", [_other.Stage()]))]) });
        Assert.Equal(403, _other.Send($"GET {path} HTTP/1.1\nHost: node").Response.Status);
    }

    [Fact]
    public void Anything_else_goes_to_the_mounted_apis_without_a_stage_prefix()
    {
        FakeExchange answer = Get("whatever:8080", "/mounted/a");
        Assert.Equal("mounted", answer.ResponseField("Stage"));
        Assert.Equal("/mounted/a", answer.ResponseField("Path"));
    }

    [Fact]
    public void A_request_without_a_host_goes_to_the_mounted_apis()
    {
        Assert.Equal(200, _gateway.Send("GET /mounted HTTP/1.0\n").Response.Status);
    }

    [Theory]
    [InlineData("/ping")]
    [InlineData("/sping")]
    [InlineData("//ping")]
    [InlineData("/ping/")]
    public void Health_check_paths_of_a_custom_domain_reach_no_route(string path)
    {
        _other = new TestGateway();
        _other.Route("GET /{proxy+}", Mock());
        _other.Snapshots.Swap(new GatewaySnapshot { Domains = new Utf8Table<DomainPlan>([("api.example.com", new DomainPlan(new BasePathTable([("", _other.Stage())])))]) });
        Assert.Equal(403, _other.Send($"GET {path} HTTP/1.1\nHost: api.example.com").Response.Status);
        Assert.Equal(200, _other.Send($"GET {path.TrimEnd('/')}/more HTTP/1.1\nHost: api.example.com").Response.Status);
    }

    private FakeExchange Get(string host, string path) => _gateway.Send($"GET {path} HTTP/1.1\nHost: {host}");
}

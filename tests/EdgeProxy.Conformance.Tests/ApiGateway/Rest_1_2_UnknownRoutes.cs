using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 1.2, a row each.</summary>
public sealed class Rest_1_2_UnknownRoutes : IDisposable
{
    private readonly TestGateway _gateway = new();

    public Rest_1_2_UnknownRoutes()
    {
        _gateway.Route("GET /pets", Mock()).Route("POST /{name}", Mock());
        StagePlan stage = _gateway.Stage();
        _gateway.Snapshots.Swap(new GatewaySnapshot
        {
            Domains = new Utf8Table<DomainPlan>([("api.example.com", new DomainPlan(new BasePathTable([("pets", stage)])))]),
            Apis = new Utf8Table<ApiEntry>([("abcde12345", new ApiEntry("abcde12345", [stage])), ("closed1234", new ApiEntry("closed1234", [stage], isDefaultEndpointDisabled: true))]),
            Mounts = new BasePathTable([("", stage)]),
        });
    }

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("unknown123.execute-api.node", "/prod/pets")]
    [InlineData("abcde12345.execute-api.node", "/nostage/pets")]
    [InlineData("abcde12345.execute-api.node", "/PROD/pets")]
    [InlineData("abcde12345.execute-api.node", "/")]
    [InlineData("closed1234.execute-api.node", "/prod/pets")]
    [InlineData("api.example.com", "/other/pets")]
    [InlineData("api.example.com", "/petshop")]
    public void Before_an_api_is_chosen_it_is_403_Forbidden(string host, string path)
    {
        FakeExchange answer = _gateway.Send($"GET {path} HTTP/1.1\nHost: {host}");
        Assert.Equal(403, answer.Response.Status);
        Assert.Equal("{\"message\":\"Forbidden\"}", answer.SentText);
        Assert.Equal("ForbiddenException", answer.ResponseField("x-amzn-ErrorType"));
    }

    [Theory]
    [InlineData("abcde12345.execute-api.node", "GET", "/prod/nothing")]
    [InlineData("abcde12345.execute-api.node", "DELETE", "/prod/pets")]
    [InlineData("abcde12345.execute-api.node", "TRACE", "/prod/pets")]
    [InlineData("node", "GET", "/nothing/at/all")]
    [InlineData("node", "HEAD", "/pets")]
    [InlineData("node", "OPTIONS", "/pets")]
    [InlineData("node", "GET", "/prod/pets")]
    public void Without_a_resource_or_method_it_is_403_Missing_Authentication_Token(string host, string method, string path)
    {
        FakeExchange answer = _gateway.Send($"{method} {path} HTTP/1.1\nHost: {host}");
        Assert.Equal(403, answer.Response.Status);
        Assert.Equal(method == "HEAD" ? "" : "{\"message\":\"Missing Authentication Token\"}", answer.SentText);
        Assert.Equal(42, answer.Response.ContentLength);
        Assert.Equal("MissingAuthenticationTokenException", answer.ResponseField("x-amzn-ErrorType"));
    }

    [Theory]
    [InlineData("/a/../pets")]
    [InlineData("/%2e%2E/pets")]
    [InlineData("/pets%00")]
    [InlineData("/pets\\")]
    [InlineData("/pets%zz")]
    [InlineData("/pets?a={b}")]
    [InlineData("/pets?a|b")]
    public void A_path_or_query_that_layers_could_read_differently_is_400_before_routing(string target)
    {
        FakeExchange answer = _gateway.Send($"GET {target} HTTP/1.1\nHost: node");
        Assert.Equal(400, answer.Response.Status);
        Assert.Equal("{\"message\":\"Bad Request\"}", answer.SentText);
    }

    [Fact]
    public void Dot_segments_can_be_resolved_for_all_layers_alike()
    {
        _gateway.Snapshots.Swap(new GatewaySnapshot
        {
            Mounts = new BasePathTable([("", _gateway.Stage())]),
            Settings = new GatewaySettings { DotSegments = EdgeProxy.Http.Messages.DotSegments.Resolve },
        });
        Assert.Equal(200, _gateway.Send("GET /x/../pets HTTP/1.1\nHost: node").Response.Status);
    }
}

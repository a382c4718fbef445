using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V2;

public sealed class RouteResponseOperationsTests
{
    private readonly ManagementHarness _harness = new();
    private readonly string _api;
    private readonly string _route;
    private readonly string _place;

    public RouteResponseOperationsTests()
    {
        _api = _harness.Do("POST /v2/apis", """{"name":"w","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"}""").TextOf("apiId")!;
        _route = _harness.Do($"POST /v2/apis/{_api}/routes", """{"routeKey":"send","routeResponseSelectionExpression":"$default"}""").TextOf("routeId")!;
        _place = $"/v2/apis/{_api}/routes/{_route}/routeresponses";
    }

    [Fact]
    public void Creates_changes_lists_and_deletes_one()
    {
        (int status, WireValue response) = _harness.Call($"POST {_place}", """{"routeResponseKey":"$default","responseParameters":{"route.response.header.a":{"required":false}}}""");

        Assert.Equal(201, status);
        string id = response.TextOf("routeResponseId")!;
        Assert.Equal("409 ConflictException: RouteResponse with key $default already exists for this Route", _harness.Fail($"POST {_place}", """{"routeResponseKey":"$default"}"""));
        Assert.Equal("$request.body.a", _harness.Do($"PATCH {_place}/{id}", """{"modelSelectionExpression":"$request.body.a"}""").TextOf("modelSelectionExpression"));
        Assert.Equal(id, Assert.Single(_harness.Do($"GET {_place}")["items"]!.Items).TextOf("routeResponseId"));
        Assert.Equal(204, _harness.Call($"DELETE {_place}/{id}").Status);
        Assert.Equal($"404 NotFoundException: Invalid RouteResponse identifier specified {id}", _harness.Fail($"GET {_place}/{id}"));
    }

    [Theory]
    [InlineData("""{"routeResponseKey":"other"}""", "Invalid route response key specified. Only $default is supported")]
    [InlineData("""{"routeResponseKey":"$default","responseModels":{"a":"None"}}""", "Invalid model identifier specified: None")]
    [InlineData("""{"routeResponseKey":"$default","responseParameters":{"header.a":{}}}""", "Invalid response parameter specified: header.a")]
    [InlineData("""{"routeResponseKey":"$default","modelSelectionExpression":"$stageVariables.a"}""", "Invalid model selection expression specified: $stageVariables.a")]
    public void Refuses_what_is_no_route_response(string body, string error) => Assert.Equal("400 BadRequestException: " + error, _harness.Fail($"POST {_place}", body));

    [Fact]
    public void Goes_with_its_route()
    {
        _harness.Do($"POST {_place}", """{"routeResponseKey":"$default"}""");

        _harness.Do($"DELETE /v2/apis/{_api}/routes/{_route}");

        Assert.Empty(_harness.Book.ScopeOrNull(Scopes.Api(_api))!.All(Kinds.RouteResponse));
        Assert.Equal($"404 NotFoundException: Invalid Route identifier specified {_route}", _harness.Fail($"GET {_place}"));
    }
}

using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V2;

public sealed class RouteOperationsTests
{
    private readonly ManagementHarness _harness = new();
    private readonly string _http;
    private readonly string _webSocket;

    public RouteOperationsTests()
    {
        _http = _harness.Do("POST /v2/apis", """{"name":"h","protocolType":"HTTP"}""").TextOf("apiId")!;
        _webSocket = _harness.Do("POST /v2/apis", """{"name":"w","protocolType":"WEBSOCKET","routeSelectionExpression":"$request.body.action"}""").TextOf("apiId")!;
    }

    [Fact]
    public void Creates_shows_changes_and_deletes_a_route()
    {
        string integration = _harness.Do($"POST /v2/apis/{_http}/integrations", """{"integrationType":"HTTP_PROXY","integrationMethod":"ANY","integrationUri":"https://b.example"}""").TextOf("integrationId")!;
        (int status, WireValue route) = _harness.Call($"POST /v2/apis/{_http}/routes", $$"""{"routeKey":"GET /pets/{id}","target":"integrations/{{integration}}","operationName":"GetPet"}""");

        Assert.Equal(201, status);
        string id = route.TextOf("routeId")!;
        Assert.Matches("^[a-z0-9]{6,7}$", id);
        Assert.Equal("NONE", route.TextOf("authorizationType"));
        Assert.False(route["apiKeyRequired"]!.IsTrue);
        Assert.Equal(route.ToString(), _harness.Do($"GET /v2/apis/{_http}/routes/{id}").ToString());
        Assert.Equal("GET /pets", _harness.Do($"PATCH /v2/apis/{_http}/routes/{id}", """{"routeKey":"GET /pets"}""").TextOf("routeKey"));
        Assert.Equal(204, _harness.Call($"DELETE /v2/apis/{_http}/routes/{id}").Status);
        Assert.Equal($"404 NotFoundException: Invalid Route identifier specified {id}", _harness.Fail($"GET /v2/apis/{_http}/routes/{id}"));
        Assert.Equal("Route", _harness.Call($"GET /v2/apis/{_http}/routes/{id}").Json.TextOf("resourceType"));
    }

    [Theory]
    [InlineData("$default", true)]
    [InlineData("GET /", true)]
    [InlineData("ANY /{proxy+}", true)]
    [InlineData("OPTIONS /a/{b}/c/{d+}", true)]
    [InlineData("GET /caf%C3%A9", true)]
    [InlineData("", false)]
    [InlineData("GET", false)]
    [InlineData("GET pets", false)]
    [InlineData("get /pets", false)]
    [InlineData("TRACE /pets", false)]
    [InlineData("GET  /pets", false)]
    [InlineData("GET /pets/", false)]
    [InlineData("GET //pets", false)]
    [InlineData("GET /{proxy+}/x", false)]
    [InlineData("GET /{a}/{a}", false)]
    [InlineData("GET /a{b}", false)]
    [InlineData("GET /{}", false)]
    [InlineData("GET /pets?x=1", false)]
    [InlineData("$connect", false)]
    public void Checks_route_keys_of_http_apis(string key, bool isGood)
    {
        int status = _harness.Call($"POST /v2/apis/{_http}/routes", WireValue.NewObject().Set("routeKey", key).ToBytes()).Status;

        Assert.Equal(isGood ? 201 : 400, status);
    }

    [Theory]
    [InlineData("$connect", true)]
    [InlineData("$disconnect", true)]
    [InlineData("$default", true)]
    [InlineData("send message/1", true)]
    [InlineData("$other", false)]
    [InlineData("", false)]
    public void Checks_route_keys_of_websocket_apis(string key, bool isGood)
    {
        int status = _harness.Call($"POST /v2/apis/{_webSocket}/routes", WireValue.NewObject().Set("routeKey", key).ToBytes()).Status;

        Assert.Equal(isGood ? 201 : 400, status);
    }

    [Fact]
    public void Refuses_a_second_route_with_the_same_key()
    {
        _harness.Do($"POST /v2/apis/{_http}/routes", """{"routeKey":"GET /a"}""");
        string other = _harness.Do($"POST /v2/apis/{_http}/routes", """{"routeKey":"GET /b"}""").TextOf("routeId")!;

        Assert.Equal("409 ConflictException: Route with key GET /a already exists for this API", _harness.Fail($"POST /v2/apis/{_http}/routes", """{"routeKey":"GET /a"}"""));
        Assert.Equal("409 ConflictException: Route with key GET /a already exists for this API", _harness.Fail($"PATCH /v2/apis/{_http}/routes/{other}", """{"routeKey":"GET /a"}"""));
        Assert.Equal(200, _harness.Call($"PATCH /v2/apis/{_http}/routes/{other}", """{"routeKey":"GET /b"}""").Status);
    }

    [Theory]
    [InlineData("""{"routeKey":"GET /a","target":"integrations/nope00"}""", "404 NotFoundException: Invalid Integration identifier specified nope00")]
    [InlineData("""{"routeKey":"GET /a","target":"nope"}""", "400 BadRequestException: Invalid target specified: nope. It must be integrations/{integrationId}")]
    [InlineData("""{"routeKey":"GET /a","apiKeyRequired":true}""", "400 BadRequestException: apiKeyRequired is supported only for APIs with a protocol type of WEBSOCKET")]
    [InlineData("""{"routeKey":"GET /a","modelSelectionExpression":"$request.body.a"}""", "400 BadRequestException: modelSelectionExpression is supported only for APIs with a protocol type of WEBSOCKET")]
    [InlineData("""{"routeKey":"GET /a","routeResponseSelectionExpression":"$default"}""", "400 BadRequestException: routeResponseSelectionExpression is supported only for APIs with a protocol type of WEBSOCKET")]
    [InlineData("""{"routeKey":"GET /a","requestModels":{"a":"b"}}""", "400 BadRequestException: requestModels is supported only for APIs with a protocol type of WEBSOCKET")]
    [InlineData("""{"routeKey":"GET /a","authorizationType":"JWT"}""", "400 BadRequestException: Invalid authorizer ID specified. Setting the authorization type to JWT requires a valid JWT authorizer.")]
    [InlineData("""{"routeKey":"GET /a","authorizationType":"CUSTOM","authorizerId":"nope00"}""", "400 BadRequestException: Invalid authorizer ID specified. Setting the authorization type to CUSTOM requires a valid REQUEST authorizer.")]
    [InlineData("""{"routeKey":"GET /a","authorizationType":"AWS_IAM","authorizerId":"nope00"}""", "400 BadRequestException: authorizerId cannot be specified with authorization type AWS_IAM")]
    [InlineData("""{"routeKey":"GET /a","authorizationScopes":["a"]}""", "400 BadRequestException: authorizationScopes are supported only for an authorization type of JWT")]
    [InlineData("""{"target":"integrations/nope00"}""", "400 ValidationException: 1 validation error detected: Value null at 'createRouteInput.routeKey' failed to satisfy constraint: Member must not be null")]
    public void Refuses_what_http_routes_cannot_have(string body, string error) => Assert.Equal(error, _harness.Fail($"POST /v2/apis/{_http}/routes", body));

    [Theory]
    [InlineData("""{"routeKey":"a","authorizationType":"AWS_IAM"}""", "Authorization is supported only on the $connect route")]
    [InlineData("""{"routeKey":"a","apiKeyRequired":true}""", "apiKeyRequired is supported only on the $connect route")]
    [InlineData("""{"routeKey":"$connect","authorizationType":"JWT"}""", "authorizationType JWT is supported only for APIs with a protocol type of HTTP")]
    [InlineData("""{"routeKey":"a","requestParameters":{"route.request.header.x":{"required":true}}}""", "Invalid request parameter specified: route.request.header.x")]
    [InlineData("""{"routeKey":"$connect","requestParameters":{"method.request.header.x":{"required":true}}}""", "Invalid request parameter specified: method.request.header.x")]
    [InlineData("""{"routeKey":"a","routeResponseSelectionExpression":"$request.body.a"}""", "Invalid route response selection expression specified: $request.body.a. Only $default is supported")]
    [InlineData("""{"routeKey":"a","modelSelectionExpression":"$context.x"}""", "Invalid model selection expression specified: $context.x")]
    [InlineData("""{"routeKey":"a","requestModels":{"$default":"None"}}""", "Invalid model identifier specified: None")]
    public void Refuses_what_websocket_routes_cannot_have(string body, string error) =>
        Assert.Equal("400 BadRequestException: " + error, _harness.Fail($"POST /v2/apis/{_webSocket}/routes", body));

    [Fact]
    public void Takes_what_only_connect_can_have()
    {
        WireValue route = _harness.Do($"POST /v2/apis/{_webSocket}/routes",
            """{"routeKey":"$connect","authorizationType":"AWS_IAM","apiKeyRequired":true,"requestParameters":{"route.request.querystring.t":{"required":true},"route.request.header.h":{}},"routeResponseSelectionExpression":"$default"}""");

        Assert.True(route.IsTrueOf("apiKeyRequired"));
        Assert.Equal("""{"route.request.querystring.t":{"required":true},"route.request.header.h":{}}""", route["requestParameters"]!.ToString());
    }

    [Fact]
    public void Deletes_a_request_parameter_by_its_own_call()
    {
        string id = _harness.Do($"POST /v2/apis/{_webSocket}/routes", """{"routeKey":"$connect","requestParameters":{"route.request.querystring.t":{"required":true}}}""").TextOf("routeId")!;

        Assert.Equal(204, _harness.Call($"DELETE /v2/apis/{_webSocket}/routes/{id}/requestparameters/route.request.querystring.t").Status);
        Assert.Null(_harness.Do($"GET /v2/apis/{_webSocket}/routes/{id}")["requestParameters"]);
        Assert.StartsWith("404 NotFoundException", _harness.Fail($"DELETE /v2/apis/{_webSocket}/routes/{id}/requestparameters/route.request.querystring.t"), StringComparison.Ordinal);
    }

    [Fact]
    public void Keeps_the_managed_route_and_its_key()
    {
        string api = _harness.Do("POST /v2/apis", """{"name":"q","protocolType":"HTTP","target":"https://b.example"}""").TextOf("apiId")!;
        string id = _harness.Do($"GET /v2/apis/{api}/routes")["items"]!.Items[0].TextOf("routeId")!;

        Assert.Equal("400 BadRequestException: Cannot delete Route because it is managed by API Gateway", _harness.Fail($"DELETE /v2/apis/{api}/routes/{id}"));
        Assert.StartsWith("400", _harness.Fail($"PATCH /v2/apis/{api}/routes/{id}", """{"routeKey":"GET /"}"""), StringComparison.Ordinal);
        Assert.Equal("AWS_IAM", _harness.Do($"PATCH /v2/apis/{api}/routes/{id}", """{"authorizationType":"AWS_IAM"}""").TextOf("authorizationType"));
    }

    [Fact]
    public void Takes_no_more_routes_than_an_api_may_have()
    {
        _harness.Api.Options = new() { Limits = new() { ResourcesPerApi = 1 } };
        _harness.Do($"POST /v2/apis/{_http}/routes", """{"routeKey":"GET /a"}""");

        Assert.StartsWith("429 TooManyRequestsException", _harness.Fail($"POST /v2/apis/{_http}/routes", """{"routeKey":"GET /b"}"""), StringComparison.Ordinal);
        Assert.Equal("RoutesPerApi", _harness.Call($"POST /v2/apis/{_http}/routes", """{"routeKey":"GET /b"}""").Json.TextOf("limitType"));
    }
}

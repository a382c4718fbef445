using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Management.V1;

public sealed class MethodOperationsTests
{
    private readonly RestApiHarness _api = new();

    [Fact]
    public void A_method_is_shown_whole_with_its_responses_and_its_integration()
    {
        WireValue method = _api.Do("GET " + _api.Method);
        Assert.Equal("GET", method.TextOf("httpMethod"));
        Assert.Equal("MOCK", method["methodIntegration"]!.TextOf("type"));
        Assert.Equal("200", method["methodResponses"]!["200"]!.TextOf("statusCode"));
        Assert.Equal("'cat'", method["methodIntegration"]!["integrationResponses"]!["200"]!["responseParameters"]!.TextOf("method.response.header.X-Kind"));
    }

    [Fact]
    public void A_method_is_made_once() => Assert.Equal("409 ConflictException: Method already exists for this resource", _api.Fail("PUT " + _api.Method, """{"authorizationType":"NONE"}"""));

    [Fact]
    public void A_deleted_method_takes_its_integration_along()
    {
        _api.Do("DELETE " + _api.Method);
        Assert.Equal("404 NotFoundException: Invalid Method identifier specified", _api.Fail("GET " + _api.Integration));
        Assert.Null(_api.Do($"GET {_api.Path}/resources/{_api.Pets}")["resourceMethods"]);
    }

    [Theory]
    [InlineData("TOKEN", "CUSTOM", 201)]
    [InlineData("TOKEN", "COGNITO_USER_POOLS", 400)]
    [InlineData("TOKEN", "JWT", 400)]
    public void The_authorizer_must_be_of_the_kind_that_the_method_asks_for(string kind, string authorization, int status)
    {
        Assert.Equal("TOKEN", kind);
        string id = _api.AddAuthorizer();
        Assert.Equal(status, _api.Management.Call($"PUT {_api.Path}/resources/{_api.Pet}/methods/GET", $$"""{"authorizationType":"{{authorization}}","authorizerId":"{{id}}"}""").Status);
    }

    [Fact]
    public void A_validator_must_be_there_and_goes_by_an_empty_text()
    {
        Assert.Equal("400 BadRequestException: Invalid Request Validator identifier specified", _api.Fail("PATCH " + _api.Method, RestApiHarness.Patch("replace", "/requestValidatorId", "nope")));
        string id = _api.Do($"POST {_api.Path}/requestvalidators", """{"name":"v"}""").TextOf("id")!;
        Assert.Equal(id, _api.Do("PATCH " + _api.Method, RestApiHarness.Patch("replace", "/requestValidatorId", id)).TextOf("requestValidatorId"));
        Assert.Null(_api.Do("PATCH " + _api.Method, RestApiHarness.Patch("replace", "/requestValidatorId", ""))["requestValidatorId"]);
    }

    [Fact]
    public void A_null_is_the_same_as_nothing()
    {
        WireValue method = _api.Do($"PUT {_api.Path}/resources/{_api.Pet}/methods/GET", """{"authorizationType":"NONE","operationName":null,"requestParameters":{"method.request.header.A":null}}""");
        Assert.Equal("""{"httpMethod":"GET","authorizationType":"NONE","requestParameters":{},"apiKeyRequired":false}""", method.ToString());
    }

    [Theory]
    [InlineData("method.request.body.x")]
    [InlineData("method.request.header.")]
    [InlineData("method.request.header.a b")]
    [InlineData("header.X")]
    [InlineData("")]
    public void A_parameter_must_have_a_place_and_a_name(string key) =>
        Assert.Equal(
            $"400 BadRequestException: Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: {key}]",
            _api.Fail($"PUT {_api.Path}/resources/{_api.Pet}/methods/GET", $$$"""{"authorizationType":"NONE","requestParameters":{"{{{key}}}":true}}"""));
}

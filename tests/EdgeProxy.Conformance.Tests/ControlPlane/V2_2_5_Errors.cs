using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 2.5: what errors of V2 say.</summary>
public sealed class V2_2_5_Errors
{
    private readonly V2Api _api = new();

    [Theory]
    [InlineData("GET /v2/apis/nope", "Invalid API identifier specified nope", "Api")]
    [InlineData("GET {http}/routes/nope", "Invalid Route identifier specified nope", "Route")]
    [InlineData("GET {http}/integrations/nope", "Invalid Integration identifier specified nope", "Integration")]
    [InlineData("PATCH {http}/authorizers/nope", "Invalid Authorizer identifier specified nope", "Authorizer")]
    [InlineData("DELETE {http}/models/nope", "Invalid Model identifier specified nope", "Model")]
    [InlineData("DELETE {http}/stages/nope", "Invalid stage identifier specified", "Stage")]
    [InlineData("GET {http}/deployments/nope", "Invalid Deployment identifier specified nope", "Deployment")]
    [InlineData("GET /v2/apis/nope/routes/nope/routeresponses/nope", "Invalid API identifier specified nope", "Api")]
    public void What_is_not_there_is_404_and_says_what_it_would_be(string target, string message, string type)
    {
        (int status, WireValue body) = _api.Harness.Call(target.Replace("{http}", _api.Http, StringComparison.Ordinal));

        Assert.Equal(404, status);
        Assert.Equal(WireValue.NewObject().Set("message", message).Set("resourceType", type).ToString(), body.ToString());
        Assert.Equal("NotFoundException", _api.Harness.Last!.Error.ToString());
    }

    [Fact]
    public void Ids_are_told_apart_by_case()
    {
        _api.Do("POST /v2/apis", """{"name":"x","protocolType":"HTTP","tags":{"_custom_id_":"lower"}}""");

        Assert.Equal(200, _api.Status("GET /v2/apis/lower"));
        Assert.Equal("404 NotFoundException: Invalid API identifier specified LOWER", _api.Fail("GET /v2/apis/LOWER"));
    }

    [Fact]
    public void A_limit_that_is_reached_is_429_and_says_which()
    {
        _api.Harness.Api.Options = new() { Limits = new() { StagesPerApi = 0 } };

        (int status, WireValue body) = _api.Harness.Call($"POST {_api.Http}/stages", """{"stageName":"a"}""");

        Assert.Equal(429, status);
        Assert.Equal("limitType message", V2Api.Names(body));
        Assert.Equal("TooManyRequestsException", _api.Harness.Last!.Error.ToString());
        Assert.NotNull(_api.Harness.Last.RetryAfter);
    }

    [Fact]
    public void A_protocol_and_a_duplicate_key_are_refused_in_these_words()
    {
        Assert.Equal("400 BadRequestException: Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]", _api.Fail("POST /v2/apis", """{"name":"x","protocolType":"REST"}"""));
        _api.Do($"POST {_api.Http}/routes", """{"routeKey":"GET /a"}""");
        Assert.Equal("409 ConflictException: Route with key GET /a already exists for this API", _api.Fail($"POST {_api.Http}/routes", """{"routeKey":"GET /a"}"""));
    }

    [Fact]
    public void Wrong_types_and_missing_members_are_refused_before_anything_else()
    {
        Assert.StartsWith("400 SerializationException: ", _api.Fail($"POST {_api.Http}/routes", """{"routeKey":true}"""), StringComparison.Ordinal);
        Assert.StartsWith("400 SerializationException: ", _api.Fail($"POST {_api.Http}/routes", "["), StringComparison.Ordinal);
        Assert.StartsWith("400 ValidationException: 1 validation error detected: ", _api.Fail($"POST {_api.Http}/routes", "{}"), StringComparison.Ordinal);
    }
}

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
    [InlineData("GET /v2/domainnames/nope.example.com", "The domain name resource specified in the request was not found.", "DomainName")]
    [InlineData("GET /v2/domainnames/nope.example.com/apimappings", "The domain name resource specified in the request was not found.", "DomainName")]
    [InlineData("DELETE /v2/domainnames/a.example.com/apimappings/nope", "The api mapping resource specified in the request was not found.", "ApiMapping")]
    [InlineData("GET /v2/domainnames/a.example.com/routingrules/nope", "The routing rule resource specified in the request was not found.", "RoutingRule")]
    [InlineData("DELETE /v2/vpclinks/nope", "Invalid VpcLink identifier specified nope", "VpcLink")]
    [InlineData("GET /v2/tags/arn%3Aaws%3Aapigateway%3Aus-east-1%3A%3A%2Fapis%2Fnope", "Invalid resource ARN specified arn:aws:apigateway:us-east-1::/apis/nope", "Resource")]
    public void What_is_not_there_is_404_and_says_what_it_would_be(string target, string message, string type)
    {
        _api.Do("POST /v2/domainnames", """{"domainName":"a.example.com"}""");

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
    public void A_mapping_to_what_is_not_there_says_what_it_would_be()
    {
        _api.Do("POST /v2/domainnames", """{"domainName":"a.example.com"}""");

        (int status, WireValue body) = _api.Harness.Call("POST /v2/domainnames/a.example.com/apimappings", """{"apiId":"nope","stage":"s"}""");

        Assert.Equal(404, status);
        Assert.Equal("""{"message":"Invalid API identifier specified nope","resourceType":"Api"}""", body.ToString());
    }

    [Theory]
    [InlineData("POST /v2/apis", """{"name":"x","protocolType":"HTTP"}""", "Apis")]
    [InlineData("PUT /v2/apis", """{"body":"{\"openapi\":\"3.0.1\",\"info\":{\"title\":\"t\",\"version\":\"1\"},\"paths\":{}}"}""", "Apis")]
    [InlineData("POST {http}/stages", """{"stageName":"a"}""", "StagesPerApi")]
    [InlineData("POST {http}/routes", """{"routeKey":"GET /a"}""", "RoutesPerApi")]
    [InlineData("POST {http}/integrations", """{"integrationType":"HTTP_PROXY","integrationMethod":"GET","integrationUri":"https://b.example"}""", "IntegrationsPerApi")]
    [InlineData("POST {http}/authorizers", """{"authorizerType":"JWT","name":"a","identitySource":["$request.header.a"],"jwtConfiguration":{"issuer":"https://i.example","audience":["x"]}}""", "AuthorizersPerApi")]
    [InlineData("POST {websocket}/models", """{"name":"a","schema":"{}"}""", "ModelsPerApi")]
    [InlineData("POST /v2/domainnames", """{"domainName":"a.example.com"}""", "DomainNames")]
    [InlineData("POST /v2/vpclinks", """{"name":"a","subnetIds":["s"]}""", "VpcLinks")]
    [InlineData("POST {http}/stages", """{"stageName":"a","tags":{"a":"b"}}""", "Tags")]
    public void A_limit_that_is_reached_is_429_and_says_which(string target, string body, string type)
    {
        _api.Harness.Api.Options = new()
        {
            Limits = new()
            {
                Apis = 0, StagesPerApi = type == "Tags" ? 1 : 0, ResourcesPerApi = 0, AuthorizersPerApi = 0, DefinitionsPerApi = 0, DomainNames = 0, VpcLinks = 0, Tags = 0,
            },
        };

        (int status, WireValue answer) = _api.Harness.Call(target.Replace("{http}", _api.Http, StringComparison.Ordinal).Replace("{websocket}", _api.WebSocket, StringComparison.Ordinal), body);

        Assert.Equal(429, status);
        Assert.Equal("limitType message", V2Api.Names(answer));
        Assert.Equal(type, answer.TextOf("limitType"));
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

using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.Conformance.Tests.ControlPlane;

/// <summary>control-plane.md 2.3: records have the members that the shapes name, and no others.</summary>
public sealed class V2_2_3_WireShapes
{
    private readonly V2Api _api = new();

    [Fact]
    public void An_api_of_each_kind()
    {
        const string Common = "apiEndpoint apiId apiKeySelectionExpression createdDate disableExecuteApiEndpoint ipAddressType name protocolType routeSelectionExpression tags";
        Assert.Equal(Common, V2Api.Names(_api.Do($"GET {_api.Http}")));
        Assert.Equal(Common, V2Api.Names(_api.Do($"GET {_api.WebSocket}")));

        WireValue full = _api.Do("POST /v2/apis", """{"name":"x","protocolType":"HTTP","description":"d","version":"v","corsConfiguration":{"allowCredentials":true,"allowHeaders":["a"],"allowMethods":["GET"],"allowOrigins":["https://a"],"exposeHeaders":["b"],"maxAge":1},"unknown":1,"target":"https://b.example"}""");
        Assert.Equal("apiEndpoint apiId apiKeySelectionExpression corsConfiguration createdDate description disableExecuteApiEndpoint ipAddressType name protocolType routeSelectionExpression tags version", V2Api.Names(full));
        Assert.Equal("allowCredentials allowHeaders allowMethods allowOrigins exposeHeaders maxAge", V2Api.Names(full["corsConfiguration"]!));
    }

    [Fact]
    public void A_route_of_each_kind()
    {
        Assert.Equal("apiKeyRequired authorizationType routeId routeKey target", V2Api.Names(_api.Do($"POST {_api.Http}/routes", $$"""{"routeKey":"GET /a","target":"integrations/{{_api.HttpIntegration}}"}""")));
        _api.Do($"POST {_api.WebSocket}/models", """{"name":"M","schema":"{}"}""");
        Assert.Equal("apiKeyRequired authorizationType modelSelectionExpression operationName requestModels requestParameters routeId routeKey routeResponseSelectionExpression",
            V2Api.Names(_api.Do($"POST {_api.WebSocket}/routes", """{"routeKey":"$connect","modelSelectionExpression":"$request.body.a","operationName":"o","requestModels":{"a":"M"},"requestParameters":{"route.request.header.a":{"required":true}},"routeResponseSelectionExpression":"$default"}""")));
    }

    [Fact]
    public void An_integration_of_each_kind()
    {
        Assert.Equal("connectionType integrationId integrationMethod integrationType integrationUri payloadFormatVersion timeoutInMillis", V2Api.Names(_api.Do($"GET {_api.Http}/integrations/{_api.HttpIntegration}")));
        Assert.Equal("connectionType integrationId integrationMethod integrationResponseSelectionExpression integrationType integrationUri passthroughBehavior payloadFormatVersion timeoutInMillis",
            V2Api.Names(_api.Do($"GET {_api.WebSocket}/integrations/{_api.WebSocketIntegration}")));
    }

    [Fact]
    public void A_response_of_each_kind()
    {
        string route = _api.Do($"POST {_api.WebSocket}/routes", """{"routeKey":"a"}""").TextOf("routeId")!;
        Assert.Equal("routeResponseId routeResponseKey", V2Api.Names(_api.Do($"POST {_api.WebSocket}/routes/{route}/routeresponses", """{"routeResponseKey":"$default"}""")));
        Assert.Equal("contentHandlingStrategy integrationResponseId integrationResponseKey responseParameters responseTemplates templateSelectionExpression",
            V2Api.Names(_api.Do($"POST {_api.WebSocket}/integrations/{_api.WebSocketIntegration}/integrationresponses", """{"integrationResponseKey":"$default","contentHandlingStrategy":"CONVERT_TO_BINARY","responseParameters":{"route.response.header.a":"'b'"},"responseTemplates":{"$default":"x"},"templateSelectionExpression":"\\$default"}""")));
    }

    [Fact]
    public void An_authorizer_of_each_kind()
    {
        Assert.Equal("authorizerId authorizerType identitySource jwtConfiguration name",
            V2Api.Names(_api.Do($"POST {_api.Http}/authorizers", """{"authorizerType":"JWT","name":"a","identitySource":["$request.header.a"],"jwtConfiguration":{"issuer":"https://i.example","audience":["x"]}}""")));
        Assert.Equal("authorizerId authorizerPayloadFormatVersion authorizerResultTtlInSeconds authorizerType authorizerUri enableSimpleResponses identitySource name",
            V2Api.Names(_api.Do($"POST {_api.Http}/authorizers", $$"""{"authorizerType":"REQUEST","name":"b","identitySource":["$request.header.a"],"authorizerUri":"{{V2Api.Function}}","authorizerPayloadFormatVersion":"2.0"}""")));
        Assert.Equal("authorizerId authorizerType authorizerUri identitySource name",
            V2Api.Names(_api.Do($"POST {_api.WebSocket}/authorizers", $$"""{"authorizerType":"REQUEST","name":"b","identitySource":["route.request.header.a"],"authorizerUri":"{{V2Api.Function}}"}""")));
    }

    [Fact]
    public void A_model_a_deployment_and_a_stage()
    {
        Assert.Equal("contentType modelId name schema", V2Api.Names(_api.Do($"POST {_api.WebSocket}/models", """{"name":"M","schema":"{}"}""")));
        _api.Do($"POST {_api.Http}/routes", """{"routeKey":"GET /a"}""");
        Assert.Equal("createdDate defaultRouteSettings lastUpdatedDate routeSettings stageName stageVariables tags", V2Api.Names(_api.Do($"POST {_api.Http}/stages", """{"stageName":"a"}""")));
        Assert.Equal("autoDeployed createdDate deploymentId deploymentStatus", V2Api.Names(_api.Do($"POST {_api.Http}/deployments", """{"stageName":"a"}""")));
        _api.Do($"PATCH {_api.Http}/stages/a", """{"autoDeploy":true}""");
        Assert.Equal("autoDeploy createdDate defaultRouteSettings deploymentId lastDeploymentStatusMessage lastUpdatedDate routeSettings stageName stageVariables tags", V2Api.Names(_api.Do($"GET {_api.Http}/stages/a")));
    }

    [Theory]
    [InlineData("POST /v2/apis", """{"name":"x","protocolType":"HTTP","ipAddressType":"x"}""", "createApiInput.ipAddressType")]
    [InlineData("POST {http}/routes", """{"routeKey":"GET /a","authorizationType":"x"}""", "createRouteInput.authorizationType")]
    [InlineData("POST {http}/authorizers", """{"name":"x","authorizerType":"TOKEN","identitySource":[]}""", "createAuthorizerInput.authorizerType")]
    [InlineData("POST {http}/integrations", """{"integrationType":"x"}""", "createIntegrationInput.integrationType")]
    [InlineData("POST {http}/integrations", """{"integrationType":"HTTP_PROXY","connectionType":"x"}""", "createIntegrationInput.connectionType")]
    [InlineData("POST {http}/integrations", """{"integrationType":"HTTP_PROXY","contentHandlingStrategy":"x"}""", "createIntegrationInput.contentHandlingStrategy")]
    [InlineData("POST {http}/integrations", """{"integrationType":"HTTP_PROXY","passthroughBehavior":"x"}""", "createIntegrationInput.passthroughBehavior")]
    [InlineData("POST {http}/stages", """{"stageName":"a","defaultRouteSettings":{"loggingLevel":"x"}}""", "createStageInput.defaultRouteSettings.loggingLevel")]
    public void Enumerations_are_closed(string target, string body, string member) =>
        Assert.Matches($"^400 ValidationException: 1 validation error detected: Value '[a-zA-Z]+' at '{member}' failed to satisfy constraint: Member must satisfy enum value set: ", _api.Fail(target.Replace("{http}", _api.Http, StringComparison.Ordinal), body));

    [Theory]
    [InlineData("POST /v2/apis", """{"name":"x","protocolType":"HTTP","corsConfiguration":{"allowOrigins":["*"],"more":1},"more":2}""")]
    [InlineData("PATCH {http}", """{"corsConfiguration":{"allowOrigins":["*"],"more":{"a":[]}}}""")]
    [InlineData("POST {http}/authorizers", """{"authorizerType":"JWT","name":"a","identitySource":["$request.header.a"],"jwtConfiguration":{"issuer":"https://i.example","audience":["x"],"more":1}}""")]
    [InlineData("POST {http}/stages", """{"stageName":"a","defaultRouteSettings":{"more":1},"accessLogSettings":{"destinationArn":"a","format":"b","more":null}}""")]
    [InlineData("POST {websocket}/routes", """{"routeKey":"$connect","requestParameters":{"route.request.header.a":{"required":true,"more":1}}}""")]
    public void Members_that_no_shape_has_are_not_kept(string target, string body)
    {
        WireValue made = _api.Do(target.Replace("{http}", _api.Http, StringComparison.Ordinal).Replace("{websocket}", _api.WebSocket, StringComparison.Ordinal), body);

        Assert.DoesNotContain("more", made.ToString(), StringComparison.Ordinal);
    }
}

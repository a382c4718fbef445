using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using static EdgeProxy.Conformance.Tests.ApiGateway.OpenApiDocument;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>openapi-and-templates.md 4.4: each extension is recorded, and none is ignored for a slip of the pen.</summary>
public sealed class OpenApi_4_4_Extensions
{
    [Fact]
    public void Reads_any_method_beside_specific_verbs()
    {
        string any = Get().Replace("get:", "x-amazon-apigateway-any-method:", StringComparison.Ordinal);
        Assert.Equal(["GET", "ANY"], Accepted(Of(Get() + "\n" + any)).Methods.Select(method => method.Verb));
    }

    [Theory]
    [InlineData("/$default")]
    [InlineData("$default")]
    public void Reads_the_default_route_of_an_http_api(string path)
    {
        string any = Get("isDefaultRoute: true").Replace("get:", "x-amazon-apigateway-any-method:", StringComparison.Ordinal);
        MethodDefinition method = Accepted(Of(any, "x-edgeproxy-api-type: HTTP", path)).Methods[0];
        Assert.True(method.IsDefaultRoute);
    }

    [Fact]
    public void Records_the_settings_at_the_root()
    {
        ApiDefinition api = Accepted(Of(Get(), """
            x-amazon-apigateway-api-key-source: authorizer
            x-amazon-apigateway-binary-media-types: [image/png, '*/*']
            x-amazon-apigateway-minimum-compression-size: 1024
            x-amazon-apigateway-endpoint-access-mode: STRICT
            x-amazon-apigateway-security-policy: SecurityPolicy_TLS13_1_3_2025_09
            x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true, vpcEndpointIds: [vpce-1]}
            x-amazon-apigateway-importexport-version: "1.0"
            x-amazon-apigateway-policy: {Version: '2012-10-17', Statement: [{Effect: Allow, Principal: '*', Action: execute-api:Invoke, Resource: 'execute-api:/*'}]}
            x-amazon-apigateway-request-validators: {all: {validateRequestBody: true, validateRequestParameters: true}}
            x-amazon-apigateway-request-validator: all
            x-amazon-apigateway-documentation: {version: 1.0.3, documentationParts: [{location: {type: API}, properties: {info: {description: d}}}]}
            """));
        Assert.Equal(ApiKeySource.Authorizer, api.ApiKeySource);
        Assert.Equal(["image/png", "*/*"], api.BinaryMediaTypes);
        Assert.Equal(1024, api.MinimumCompressionSize);
        Assert.Equal(("STRICT", "SecurityPolicy_TLS13_1_3_2025_09", true), (api.Endpoint!.AccessMode, api.Endpoint.SecurityPolicy, api.Endpoint.DisableExecuteApiEndpoint));
        Assert.Equal(["vpce-1"], api.Endpoint.VpcEndpointIds);
        Assert.Contains("\"Resource\":\"execute-api:/*\"", api.Policy!.Text, StringComparison.Ordinal);
        Assert.Equal(("all", true, true), (api.RequestValidators[0].Name, api.RequestValidators[0].ValidateRequestBody, api.RequestValidators[0].ValidateRequestParameters));
        Assert.Equal("all", api.Methods[0].RequestValidator);
        Assert.Equal(("1.0.3", "{\"type\":\"API\"}"), (api.Documentation!.Version, api.Documentation.Parts[0].Location));
    }

    [Fact]
    public void Lets_the_validator_of_an_operation_win_over_the_roots()
    {
        ApiDefinition api = Accepted(Of(
            Get("x-amazon-apigateway-request-validator: own"),
            "x-amazon-apigateway-request-validators: {own: {validateRequestBody: true}, all: {}}\nx-amazon-apigateway-request-validator: all"));
        Assert.Equal("own", api.Methods[0].RequestValidator);
    }

    [Fact]
    public void Reads_the_endpoint_configuration_in_a_server() =>
        Assert.True(Accepted(Of(Get(), "servers: [{url: /, x-amazon-apigateway-endpoint-configuration: {disableExecuteApiEndpoint: true}}]")).Endpoint!.DisableExecuteApiEndpoint);

    [Fact]
    public void Records_gateway_responses()
    {
        GatewayResponseDefinition response = Accepted(Of(Get(), """
            x-amazon-apigateway-gateway-responses:
              MISSING_AUTHENTICATION_TOKEN:
                statusCode: "404"
                responseParameters: {gatewayresponse.header.X: "'y'"}
                responseTemplates: {application/json: '{"m": $context.error.messageString}'}
            """)).GatewayResponses[0];
        Assert.Equal(("MISSING_AUTHENTICATION_TOKEN", 404, "'y'"), (response.ResponseType, response.StatusCode, response.ResponseParameters[0].Source));
        Assert.Equal("application/json", response.ResponseTemplates[0].MediaType);
    }

    [Fact]
    public void Records_cors_and_tags_of_an_http_api()
    {
        ApiDefinition api = Accepted(Of(Get(), """
            x-edgeproxy-api-type: http
            x-amazon-apigateway-cors: {allowOrigins: ['https://a'], allowMethods: [GET], allowHeaders: [x], exposeHeaders: [y], maxAge: 60, allowCredentials: true}
            tags: [{name: team, x-amazon-apigateway-tag-value: blue}, {name: empty}]
            """));
        Assert.Equal(ApiKind.Http, api.Kind);
        Assert.Equal((60, true, "https://a"), (api.Cors!.MaxAge, api.Cors.AllowCredentials, api.Cors.AllowOrigins[0]));
        Assert.Equal([("team", "blue"), ("empty", "")], api.Tags.Select(tag => (tag.Key, tag.Value)));
    }

    [Fact]
    public void Follows_a_reference_to_a_named_integration()
    {
        ApiDefinition api = Accepted(Of(
            "get:\n  responses: {'200': {description: ok}}\n  x-amazon-apigateway-integration: {$ref: '#/components/x-amazon-apigateway-integrations/back'}",
            "components: {x-amazon-apigateway-integrations: {back: {type: http_proxy, httpMethod: GET, uri: 'http://b/'}}}"));
        Assert.Equal("http://b/", api.Methods[0].Integration!.Uri);
        Assert.Equal("/components/x-amazon-apigateway-integrations/back", api.Methods[0].Integration!.Origin!.Pointer);
    }

    [Theory]
    [InlineData("x-amazon-apigateway-integratoin: {}", "x-amazon-apigateway-integration")]
    [InlineData("x-amazon-apigateway-request-validater: v", "x-amazon-apigateway-request-validator")]
    [InlineData("x-amazon-apigatway-auth: {type: AWS_IAM}", "x-amazon-apigateway-auth")]
    [InlineData("x-edgeproxy-api-typ: HTTP", "x-edgeproxy-api-type")]
    public void Refuses_an_unknown_extension_with_a_suggestion(string extension, string meant)
    {
        Problem problem = OneProblem(Of(Get(extension)));
        Assert.Equal((ProblemCode.UnknownExtension, 7, 7), (problem.Code, problem.Origin!.Line, problem.Origin.Column));
        Assert.Contains($"Did you mean \"{meant}\"?", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ignores_the_extensions_of_others() => Accepted(Of(Get("x-codegen-name: y\nx-amzn-other: z"), "x-logo: {}"));

    [Theory]
    [InlineData("x-amazon-apigateway-policy: {}", ProblemSeverity.Error)]
    [InlineData("x-amazon-apigateway-authorizer: {}", ProblemSeverity.Error)]
    [InlineData("x-amazon-apigateway-any-method: {}", ProblemSeverity.Warning)]
    public void Reports_a_known_extension_where_it_has_no_effect(string extension, ProblemSeverity severity)
    {
        Problem problem = OneProblem(Of(Get(extension)));
        Assert.Equal((ProblemCode.MisplacedExtension, severity), (problem.Code, problem.Severity));
    }

    [Theory]
    [InlineData("x-amazon-apigateway-api-key-source: BODY", ProblemCode.NotAllowed)]
    [InlineData("x-amazon-apigateway-minimum-compression-size: 10485761", ProblemCode.OutOfRange)]
    [InlineData("x-amazon-apigateway-minimum-compression-size: '10'", ProblemCode.WrongType)]
    [InlineData("x-amazon-apigateway-binary-media-types: image/png", ProblemCode.WrongType)]
    [InlineData("x-amazon-apigateway-gateway-responses: {DEFAULT_4XXX: {}}", ProblemCode.NotAllowed)]
    [InlineData("x-amazon-apigateway-gateway-responses: {DEFAULT_4XX: {statusCode: '4000'}}", ProblemCode.OutOfRange)]
    [InlineData("x-amazon-apigateway-gateway-responses: {DEFAULT_4XX: {responseParameters: {header.X: \"'y'\"}}}", ProblemCode.BadMapping)]
    [InlineData("x-amazon-apigateway-request-validator: nobody", ProblemCode.UnknownName)]
    [InlineData("x-amazon-apigateway-request-validators: {v: {validateBody: true}}", ProblemCode.UnknownKey)]
    [InlineData("x-amazon-apigateway-policy: {}", ProblemCode.Missing)]
    [InlineData("x-amazon-apigateway-endpoint-access-mode: LAX", ProblemCode.NotAllowed)]
    [InlineData("x-amazon-apigateway-cors: {maxAge: 86401}", ProblemCode.OutOfRange)]
    [InlineData("x-edgeproxy-api-type: websocket", ProblemCode.NotAllowed)]
    public void Refuses_wrong_values_at_the_root(string extension, ProblemCode code)
    {
        Problem problem = Assert.Single(Errors(Of(Get(), extension)));
        Assert.Equal((code, 3), (problem.Code, problem.Origin!.Line));
    }
}

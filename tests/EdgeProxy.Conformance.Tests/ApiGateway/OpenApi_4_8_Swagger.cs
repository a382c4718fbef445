using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using static EdgeProxy.Conformance.Tests.ApiGateway.OpenApiDocument;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>openapi-and-templates.md 4.8: what Swagger 2.0 writes elsewhere.</summary>
public sealed class OpenApi_4_8_Swagger
{
    private const string Document = """
        swagger: "2.0"
        info: {title: Pets, version: "1"}
        host: example.com
        basePath: /v1
        schemes: [https]
        consumes: [application/json]
        definitions: {Pet: {type: object}}
        securityDefinitions: {key: {type: apiKey, in: header, name: x-api-key}}
        x-amazon-apigateway-endpoint-configuration: {vpcEndpointIds: [vpce-1]}
        paths:
          /pets:
            post:
              produces: [application/json]
              parameters:
                - {name: pet, in: body, schema: {$ref: "#/definitions/Pet"}}
                - {name: X-A, in: header, type: string}
              security: [{key: []}]
              responses:
                "200":
                  description: ok
                  schema: {$ref: "#/definitions/Pet"}
                  headers: {ETag: {type: string}}
              x-amazon-apigateway-integration: {type: http_proxy, httpMethod: POST, uri: "http://b/pets"}
        """;

    [Fact]
    public void Reads_all_of_it()
    {
        ApiDefinition api = Accepted(Document);
        MethodDefinition method = api.Methods[0];
        Assert.Equal(("/v1", "Pet", "key"), (api.BasePath, api.Models.Single().Name, api.SecuritySchemes.Single().Name));
        Assert.Equal(("application/json", "Pet"), (method.RequestModels.Single().MediaType, method.RequestModels.Single().Model));
        Assert.Equal((ParameterLocation.Header, "X-A"), (method.Parameters.Single().Location, method.Parameters.Single().Name));
        Assert.Equal(("ETag", "Pet"), (method.Responses.Single().Headers.Single(), method.Responses.Single().Models.Single().Model));
        Assert.True(method.ApiKeyRequired);
        Assert.Equal(["vpce-1"], api.Endpoint!.VpcEndpointIds);
    }

    [Fact]
    public void Describes_no_http_api() => Assert.Equal(ProblemCode.NotOpenApi, OneProblem("x-edgeproxy-api-type: HTTP\n" + Document).Code);

    [Fact]
    public void Has_no_cookie_parameters() =>
        Assert.Equal(ProblemCode.NotAllowed, Errors(Document.Replace("in: header, type: string", "in: cookie, type: string", StringComparison.Ordinal))[0].Code);
}

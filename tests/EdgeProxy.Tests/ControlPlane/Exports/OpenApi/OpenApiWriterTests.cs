using EdgeProxy.ControlPlane.Exports.OpenApi;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.Tests.ControlPlane.Exports.OpenApi;

public sealed class OpenApiWriterTests
{
    private static readonly OpenApiExportOptions Plain = new() { Stage = "prod", Region = "eu-west-1", FallbackVersion = "2026-11-23T01:02:03Z" };

    private static readonly ApiDefinition Pets = new()
    {
        Id = "abcdefghij",
        Name = "Pets",
        Description = "All pets",
        Resources = [new("/", null), new("/pets", null), new("/pets/{petId}", null), new("/empty", null)],
        Models = [new("Pet", "application/json", """{"type":"object","properties":{"owner":{"$ref":"https://apigateway.amazonaws.com/restapis/abcdefghij/models/Owner"}}}""", null, null),
            new("Owner", "application/json", """{"type":"object"}""", "Who has it", null),
            new("Empty", "application/json", """{"title":"Empty Schema","type":"object"}""", null, null)],
        Authorizers = [new() { Name = "guard", Kind = AuthorizerKind.Token, Uri = "arn:aws:apigateway:eu-west-1:lambda:path/f/invocations", IdentitySources = ["method.request.header.X-Token"], ResultTtlInSeconds = 60 }],
        RequestValidators = [new("body", true, false, null)],
        Methods =
        [
            new()
            {
                Path = "/pets/{petId}",
                Verb = "GET",
                OperationName = "getPet",
                Parameters = [new(ParameterLocation.Path, "petId", true, null), new(ParameterLocation.QueryString, "full", false, null)],
                Authorization = new(AuthorizationKind.Custom, "guard", [], null),
                ApiKeyRequired = true,
                Responses = [new(200, ["ETag"], [new("application/json", "Pet", null)], null), new(404, [], [], null)],
                Integration = new() { Kind = IntegrationKind.Mock, Responses = [new() { StatusCode = 200 }] },
            },
            new()
            {
                Path = "/pets",
                Verb = "ANY",
                RequestModels = [new("application/json", "Pet", null)],
                RequestValidator = "body",
                Authorization = new(AuthorizationKind.AwsIam, null, [], null),
                Integration = new() { Kind = IntegrationKind.HttpProxy, HttpMethod = "ANY", Uri = "http://localhost/" },
            },
        ],
    };

    [Fact]
    public void Writes_openapi_as_the_service_was_recorded_to() =>
        Same("""
            {"openapi":"3.0.1","info":{"title":"Pets","description":"All pets","version":"2026-11-23T01:02:03Z"},
             "servers":[{"url":"https://abcdefghij.execute-api.eu-west-1.amazonaws.com/{basePath}","variables":{"basePath":{"default":"prod"}}}],
             "paths":{
              "/pets/{petId}":{"get":{"operationId":"getPet",
               "parameters":[{"name":"petId","in":"path","required":true,"schema":{"type":"string"}},{"name":"full","in":"query","required":false,"schema":{"type":"string"}}],
               "responses":{"200":{"description":"200 response","headers":{"ETag":{"schema":{"type":"string"}}},"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Pet"}}}},"404":{"description":"404 response","content":{}}},
               "security":[{"guard":[]},{"api_key":[]}]}},
              "/pets":{"x-amazon-apigateway-any-method":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Pet"}}},"required":true},"responses":{},"security":[{"sigv4":[]}]}},
              "/empty":{}},
             "components":{
              "schemas":{"Pet":{"type":"object","properties":{"owner":{"$ref":"#/components/schemas/Owner"}}},"Owner":{"type":"object","description":"Who has it"}},
              "securitySchemes":{"guard":{"type":"apiKey","name":"X-Token","in":"header"},"api_key":{"type":"apiKey","name":"x-api-key","in":"header"},"sigv4":{"type":"apiKey","name":"Authorization","in":"header"}}}}
            """, Plain);

    [Fact]
    public void Writes_swagger_with_host_and_base_path() =>
        Same("""
            {"swagger":"2.0","info":{"title":"Pets","description":"All pets","version":"2026-11-23T01:02:03Z"},
             "host":"abcdefghij.execute-api.eu-west-1.amazonaws.com","basePath":"/prod","schemes":["https"],
             "paths":{
              "/pets/{petId}":{"get":{"operationId":"getPet","produces":["application/json"],
               "parameters":[{"name":"petId","in":"path","required":true,"type":"string"},{"name":"full","in":"query","required":false,"type":"string"}],
               "responses":{"200":{"description":"200 response","headers":{"ETag":{"type":"string"}},"schema":{"$ref":"#/definitions/Pet"}},"404":{"description":"404 response"}},
               "security":[{"guard":[]},{"api_key":[]}]}},
              "/pets":{"x-amazon-apigateway-any-method":{"consumes":["application/json"],"parameters":[{"in":"body","name":"Pet","required":true,"schema":{"$ref":"#/definitions/Pet"}}],"responses":{},"security":[{"sigv4":[]}]}},
              "/empty":{}},
             "securityDefinitions":{"guard":{"type":"apiKey","name":"X-Token","in":"header"},"api_key":{"type":"apiKey","name":"x-api-key","in":"header"},"sigv4":{"type":"apiKey","name":"Authorization","in":"header"}},
             "definitions":{"Pet":{"type":"object","properties":{"owner":{"$ref":"#/definitions/Owner"}}},"Owner":{"type":"object","description":"Who has it"}}}
            """, Plain with { Form = OpenApiExportForm.Swagger20 });

    [Fact]
    public void Says_of_authorizers_alone_when_only_they_are_asked_for()
    {
        WireValue document = OpenApiWriter.Write(Pets, Plain with { Extensions = OpenApiExtensions.Authorizers });
        Assert.Equal(
            """{"type":"apiKey","name":"X-Token","in":"header","x-amazon-apigateway-authtype":"custom","x-amazon-apigateway-authorizer":{"type":"token","authorizerUri":"arn:aws:apigateway:eu-west-1:lambda:path/f/invocations","authorizerResultTtlInSeconds":60}}""",
            document["components"]!["securitySchemes"]!["guard"]!.ToString());
        Assert.DoesNotContain("x-amazon-apigateway-integration", document.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Adds_integrations_and_validators_with_all_extensions()
    {
        WireValue document = OpenApiWriter.Write(Pets, Plain with { Extensions = OpenApiExtensions.All });
        WireValue any = document["paths"]!["/pets"]!["x-amazon-apigateway-any-method"]!;
        Assert.Equal("""{"type":"http_proxy","httpMethod":"ANY","uri":"http://localhost/","passthroughBehavior":"when_no_match"}""", any["x-amazon-apigateway-integration"]!.ToString());
        Assert.Equal("body", any.TextOf("x-amazon-apigateway-request-validator"));
        Assert.Equal("""{"body":{"validateRequestBody":true,"validateRequestParameters":false}}""", document["x-amazon-apigateway-request-validators"]!.ToString());
        Assert.Equal("awsSigv4", document["components"]!["securitySchemes"]!["sigv4"]!.TextOf("x-amazon-apigateway-authtype"));
    }

    [Fact]
    public void Prefers_the_version_of_the_api_to_the_date_of_its_creation() =>
        Assert.Equal("7", OpenApiWriter.Write(Pets with { Version = "7" }, Plain)["info"]!.TextOf("version"));

    [Fact]
    public void Serves_the_default_stage_of_an_http_api_without_a_path()
    {
        ApiDefinition api = Imports.OpenApi.Documents.Check(Imports.OpenApi.Documents.Good, new() { Kind = ApiKind.Http }).Api!;
        Assert.Equal("", OpenApiWriter.Write(api, Plain with { Stage = "$default" })["servers"]!.Items[0]["variables"]!["basePath"]!.TextOf("default"));
    }

    [Fact]
    public void Keeps_the_first_of_responses_with_the_same_pattern()
    {
        IntegrationDefinition integration = new() { Kind = IntegrationKind.Mock, Responses = [new() { StatusCode = 200 }, new() { StatusCode = 400 }, new() { StatusCode = 500, SelectionPattern = "default" }] };
        ApiDefinition api = Pets with { Methods = [new() { Path = "/", Verb = "GET", Integration = integration }] };
        WireValue responses = OpenApiWriter.Write(api, Plain with { Extensions = OpenApiExtensions.All })["paths"]!["/"]!["get"]!["x-amazon-apigateway-integration"]!["responses"]!;
        Assert.Equal("""{"default":{"statusCode":"200"},"(?:default)":{"statusCode":"500"}}""", responses.ToString());
    }

    [Fact]
    public void Writes_a_schema_that_is_no_json_as_one_that_takes_anything() =>
        Assert.Equal("{}", OpenApiWriter.Write(Pets with { Models = [new("Odd", "application/json", "{not json", null, null)] }, Plain)["components"]!["schemas"]!["Odd"]!.ToString());

    private static void Same(string expected, OpenApiExportOptions options) =>
        Assert.Equal(WireValue.Parse(System.Text.Encoding.UTF8.GetBytes(expected)).ToString(), OpenApiWriter.Write(Pets, options).ToString());
}

using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using static EdgeProxy.Conformance.Tests.ApiGateway.OpenApiDocument;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>openapi-and-templates.md 4.7: from paths to resources, methods and models.</summary>
public sealed class OpenApi_4_7_Resources
{
    [Fact]
    public void Makes_the_chain_of_resources()
    {
        ApiDefinition api = Accepted(Of(Get(), path: "/a/b/{c}"));
        Assert.Equal(["/", "/a", "/a/b", "/a/b/{c}"], api.Resources.Select(resource => resource.Path));
        Assert.Equal("/a/b/{c}", Assert.Single(api.Methods).Path);
    }

    [Theory]
    [InlineData("get", "GET")]
    [InlineData("put", "PUT")]
    [InlineData("post", "POST")]
    [InlineData("delete", "DELETE")]
    [InlineData("options", "OPTIONS")]
    [InlineData("head", "HEAD")]
    [InlineData("patch", "PATCH")]
    public void Makes_a_method_of_each_verb(string written, string verb) =>
        Assert.Equal(verb, Accepted(Of(Get().Replace("get:", written + ":", StringComparison.Ordinal))).Methods[0].Verb);

    [Fact]
    public void Has_no_trace_methods()
    {
        (ApiDefinition? api, ProblemList problems) = Checked(Of(Get().Replace("get:", "trace:", StringComparison.Ordinal)));
        Assert.Empty(api!.Methods);
        Assert.Equal(ProblemSeverity.Warning, Assert.Single(problems).Severity);
        Assert.Single(Errors(Of(Get().Replace("get:", "trace:", StringComparison.Ordinal)), new OpenApiImportOptions { Strict = true }));
    }

    [Fact]
    public void Takes_parameters_of_operation_and_path_item_the_operations_first()
    {
        string item = "parameters:\n- {name: id, in: path, required: true}\n- {name: q, in: query, required: true}\n- {$ref: '#/components/parameters/H'}\n"
            + Get("operationId: getX\nparameters: [{name: q, in: query, required: false}]");
        MethodDefinition method = Accepted(Of(item, "components: {parameters: {H: {name: X-H, in: header, required: true}}}", "/x/{id}")).Methods[0];
        Assert.Equal("getX", method.OperationName);
        Assert.Equal(
            [(ParameterLocation.QueryString, "q", false), (ParameterLocation.Path, "id", true), (ParameterLocation.Header, "X-H", true)],
            method.Parameters.Select(parameter => (parameter.Location, parameter.Name, parameter.Required)));
    }

    [Fact]
    public void Takes_integer_status_codes_as_keys()
    {
        MethodDefinition method = Accepted(Of(Get().Replace("'200'", "200", StringComparison.Ordinal).Replace("description: ok", "description: ok, headers: {ETag: {}}, content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}}", StringComparison.Ordinal),
            "components: {schemas: {Pet: {type: object}}}")).Methods[0];
        MethodResponseDefinition response = Assert.Single(method.Responses);
        Assert.Equal((200, "ETag", "Pet"), (response.StatusCode, response.Headers[0], response.Models[0].Model));
    }

    [Fact]
    public void Ignores_the_default_response() =>
        Assert.Empty(Accepted(Of(Get().Replace("'200'", "default", StringComparison.Ordinal))).Methods[0].Responses);

    [Fact]
    public void Has_only_the_models_of_the_document_and_makes_one_for_a_schema_in_place()
    {
        ApiDefinition api = Accepted(Of(
            Get("requestBody: {content: {application/json: {schema: {$ref: '#/components/schemas/Pet'}}, application/xml: {schema: {type: object}}}}"),
            "components: {schemas: {Pet: {type: object, description: A pet, properties: {friend: {$ref: '#/components/schemas/Pet'}}}}}"));
        Assert.Equal(2, api.Models.Count);
        Assert.Equal(("Pet", "application/json", "A pet"), (api.Models[0].Name, api.Models[0].ContentType, api.Models[0].Description));
        Assert.Contains("\"$ref\":\"#/components/schemas/Pet\"", api.Models[0].Schema, StringComparison.Ordinal);
        Assert.Equal(["Pet", api.Models[1].Name], api.Methods[0].RequestModels.Select(use => use.Model));
        Assert.Matches("^MODEL[0-9a-f]+$", api.Models[1].Name);
    }

    [Fact]
    public void Reports_an_operation_without_integration()
    {
        Problem problem = OneProblem(Of("get:\n  responses: {'200': {}}"));
        Assert.Equal((ProblemCode.MissingIntegration, "/paths/~1x/get"), (problem.Code, problem.Origin!.Pointer));
    }

    [Fact]
    public void Lets_a_route_of_an_http_api_have_no_target() =>
        Assert.Null(Accepted("x-edgeproxy-api-type: HTTP\n" + Of("get:\n  responses: {'200': {}}")).Methods[0].Integration);

    [Theory]
    [InlineData("parameters: [{$ref: '#/components/parameters/None'}]")]
    [InlineData("parameters: [{$ref: 'other.yaml#/x'}]")]
    [InlineData("parameters: [{$ref: 5}]")]
    [InlineData("parameters: [{$ref: '#/components/parameters/Loop'}]")]
    [InlineData("parameters: [{$ref: '#/components/parameters/Self'}]")]
    public void Reports_a_reference_that_leads_nowhere(string operation)
    {
        const string root = "components: {parameters: {Loop: {$ref: '#/components/parameters/Loop2'}, Loop2: {$ref: '#/components/parameters/Loop'}, Self: {$ref: '#/components/parameters/Self'}}}";
        Assert.Equal(ProblemCode.BadReference, OneProblem(Of(Get(operation), root)).Code);
    }

    [Theory]
    [InlineData("parameters: [{name: a}]", ProblemCode.Missing)]
    [InlineData("parameters: [{in: query}]", ProblemCode.Missing)]
    [InlineData("parameters: [{name: a, in: querystring}]", ProblemCode.NotAllowed)]
    [InlineData("parameters: [{name: a, in: query, required: maybe}]", ProblemCode.WrongType)]
    [InlineData("parameters: [{name: a, in: query}, {name: a, in: query}]", ProblemCode.DuplicateKey)]
    [InlineData("parameters: {name: a}", ProblemCode.WrongType)]
    [InlineData("parameters: [a]", ProblemCode.WrongType)]
    [InlineData("operationId: [a]", ProblemCode.WrongType)]
    [InlineData("paramters: []", ProblemCode.UnknownKey)]
    [InlineData("requestBody: {content: []}", ProblemCode.WrongType)]
    public void Refuses_a_malformed_operation_at_its_line(string operation, ProblemCode code)
    {
        Problem problem = Assert.Single(Errors(Of(Get(operation))));
        Assert.Equal((code, 7), (problem.Code, problem.Origin!.Line));
    }

    [Theory]
    [InlineData("'20'")]
    [InlineData("'600'")]
    [InlineData("ok")]
    public void Refuses_a_response_that_is_no_status(string status) =>
        Assert.Equal(ProblemCode.NotAllowed, Errors(Of(Get().Replace("'200'", status, StringComparison.Ordinal)))[0].Code);
}

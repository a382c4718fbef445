using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using static EdgeProxy.Conformance.Tests.ApiGateway.OpenApiDocument;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>openapi-and-templates.md 4.1: what an import takes, and what becomes of <c>info</c>.</summary>
public sealed class OpenApi_4_1_EntryPoints
{
    [Theory]
    [InlineData("openapi: 3.0.1")]
    [InlineData("openapi: 3.0.3")]
    [InlineData("openapi: '3.0'")]
    [InlineData("openapi: 3.1.0")]
    [InlineData("swagger: '2.0'")]
    [InlineData("swagger: 2.0")]
    public void Takes_each_dialect(string version) =>
        Assert.Single(Accepted(Of(Get()).Replace("openapi: 3.0.1", version, StringComparison.Ordinal)).Methods);

    [Theory]
    [InlineData("openapi: 2.0")]
    [InlineData("openapi: 4.0.0")]
    [InlineData("swagger: '1.2'")]
    [InlineData("swager: '2.0'")]
    [InlineData("openapi: [3]")]
    public void Refuses_other_dialects(string version)
    {
        (ApiDefinition? api, ProblemList problems) = Checked(Of(Get()).Replace("openapi: 3.0.1", version, StringComparison.Ordinal));
        Assert.Null(api);
        Assert.Equal(ProblemCode.NotOpenApi, Assert.Single(problems).Code);
    }

    [Fact]
    public void Takes_json_as_well()
    {
        ApiDefinition api = Accepted(
            """{"openapi": "3.0.1", "info": {"title": "T", "version": "1"}, "paths": {"/x": {"get": {"responses": {"200": {}}, "x-amazon-apigateway-integration": {"type": "HTTP_PROXY", "httpMethod": "get", "uri": "http://b/"}}}}}""",
            file: "api.json");
        Assert.Equal(("GET", "/x", IntegrationKind.HttpProxy, "GET"), (api.Methods[0].Verb, api.Methods[0].Path, api.Methods[0].Integration!.Kind, api.Methods[0].Integration!.HttpMethod));
    }

    [Theory]
    [InlineData("[1, 2]")]
    [InlineData("just text")]
    [InlineData("{\"openapi\": ")]
    [InlineData("")]
    public void Refuses_what_cannot_be_parsed(string text)
    {
        (ApiDefinition? api, ProblemList problems) = Checked(text);
        Assert.Null(api);
        Assert.True(problems.HasErrors);
    }

    [Fact]
    public void Refuses_more_than_6_MB() =>
        Assert.Equal(ProblemCode.TooLarge, OneProblem(Of(Get()) + "# " + new string('x', 6 * 1024 * 1024)).Code);

    [Fact]
    public void Takes_name_description_and_version_from_info()
    {
        ApiDefinition api = Accepted(Of(Get()).Replace("{title: T, version: '1'}", "{title: Pets, version: 1.0, description: All of them}", StringComparison.Ordinal));
        Assert.Equal(("Pets", "All of them", "1.0"), (api.Name, api.Description, api.Version));
    }

    [Theory]
    [InlineData("info: {version: '1'}", "info.title is missing")]
    [InlineData("info: text", "info is text")]
    public void Needs_a_title(string info, string message) =>
        Assert.StartsWith(message, OneProblem(Of(Get()).Replace("info: {title: T, version: '1'}", info, StringComparison.Ordinal)).Message, StringComparison.Ordinal);

    [Fact]
    public void Warns_of_a_request_parameter_that_is_not_text_and_ignores_the_entry()
    {
        (ApiDefinition? api, ProblemList problems) = Checked(Of(Get(integration: "requestParameters:\n  integration.request.header.nothing: true")));
        Assert.Equal(ProblemSeverity.Warning, Assert.Single(problems).Severity);
        Assert.Empty(api!.Methods[0].Integration!.RequestParameters);
    }

    [Fact]
    public void Gives_a_file_an_id_that_stays()
    {
        string id = Accepted(Of(Get()), file: "/a/api.yaml").Id;
        Assert.Matches("^[a-z0-9]{10}$", id);
        Assert.Equal(id, Accepted(Of(Get()) + "# changed\n", file: "/b/api.yaml").Id);
        Assert.NotEqual(id, Accepted(Of(Get()), file: "/a/other.yaml").Id);
        Assert.Equal("abcdefghij", Accepted(Of(Get()), new OpenApiImportOptions { ApiId = "abcdefghij" }).Id);
    }
}

using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using static EdgeProxy.Conformance.Tests.ApiGateway.OpenApiDocument;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>openapi-and-templates.md 4.2: where the base path comes from and what an import does with it.</summary>
public sealed class OpenApi_4_2_BasePath
{
    [Theory]
    [InlineData(BasePathMode.Ignore, "/ /e /f")]
    [InlineData(BasePathMode.Prepend, "/ /a /a/b /a/b/c /a/b/c/e /a/b/c/f")]
    [InlineData(BasePathMode.Split, "/ /b /b/c /b/c/e /b/c/f")]
    [InlineData(BasePathMode.Mount, "/ /e /f")]
    public void Makes_the_resources_of_the_guide(BasePathMode mode, string resources)
    {
        string text = Of(Get(), path: "/e") + "  /f:\n    " + Get().Replace("\n", "\n    ", StringComparison.Ordinal) + "\n";
        text = text.Replace("openapi: 3.0.1", "swagger: '2.0'\nbasePath: /a/b/c", StringComparison.Ordinal);
        ApiDefinition api = Accepted(text, new OpenApiImportOptions { BasePath = mode });
        Assert.Equal(resources.Split(' '), api.Resources.Select(resource => resource.Path));
        Assert.Equal(mode == BasePathMode.Mount ? "/a/b/c" : null, api.BasePath);
        Assert.All(api.Methods, method => Assert.Contains(method.Path, resources.Split(' ')));
    }

    [Theory]
    [InlineData("servers: [{url: 'https://x/{basePath}', variables: {basePath: {default: v1}}}]", "/v1")]
    [InlineData("servers: [{url: 'https://x/other', variables: {basePath: {default: /v1/}}}]", "/v1")]
    [InlineData("servers: [{url: 'https://x/'}, {url: 'https://y/', variables: {basePath: {default: v2}}}]", "/v2")]
    [InlineData("servers: [{url: 'https://x/v3/y'}]", "/v3/y")]
    [InlineData("servers: [{url: '/v4'}]", "/v4")]
    [InlineData("servers: [{url: 'https://{h}/{p}', variables: {h: {default: x}, p: {default: v5}}}]", "/v5")]
    [InlineData("servers: [{url: 'https://x/?q=/a'}]", null)]
    [InlineData("servers: [{url: 'https://x'}]", null)]
    [InlineData("servers: []", null)]
    public void Finds_the_base_path_of_openapi_3(string servers, string? basePath) => Assert.Equal(basePath, Accepted(Of(Get(), servers)).BasePath);

    [Theory]
    [InlineData("servers: [{url: 'https://x', variables: {basePath: {}}}]", ProblemCode.Missing)]
    [InlineData("servers: [{url: 'https://x/a b'}]", ProblemCode.BadPath)]
    [InlineData("servers: [{url: 'https://x/a//b'}]", ProblemCode.BadPath)]
    [InlineData("servers: [{url: 5}]", ProblemCode.WrongType)]
    [InlineData("servers: [{description: x}]", ProblemCode.Missing)]
    [InlineData("servers: https://x", ProblemCode.WrongType)]
    public void Reports_a_base_path_that_cannot_be(string servers, ProblemCode code) => Assert.Equal(code, Errors(Of(Get(), servers))[0].Code);
}

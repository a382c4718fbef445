using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using static EdgeProxy.Conformance.Tests.ApiGateway.OpenApiDocument;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>openapi-and-templates.md 4.9: what is refused, and what is ignored without a word.</summary>
public sealed class OpenApi_4_9_Unsupported
{
    [Theory]
    [InlineData("/a-b/c_d/e.f/g,h/i:j")]
    [InlineData("/{proxy+}")]
    public void Takes_the_documented_characters_also_when_strict(string path) => Accepted(Of(Get(), path: path), new OpenApiImportOptions { Strict = true });

    [Theory]
    [InlineData("/a~b")]
    [InlineData("/a%20b")]
    [InlineData("/a+b")]
    public void Refuses_others_that_are_said_to_work_only_when_strict(string path)
    {
        Accepted(Of(Get(), path: path));
        Assert.Equal(ProblemCode.StrictRefused, OneProblem(Of(Get(), path: path), new OpenApiImportOptions { Strict = true }).Code);
    }

    [Theory]
    [InlineData("/a b")]
    [InlineData("/a*")]
    [InlineData("/a?b")]
    [InlineData("/a@b")]
    [InlineData("/pre{id}")]
    [InlineData("/{id}.json")]
    [InlineData("/{proxy+}/more")]
    public void Refuses_bad_paths_at_the_key(string path)
    {
        Problem problem = OneProblem(Of(Get(), path: $"\"{path}\""));
        Assert.Equal((ProblemCode.BadPath, 4, 3), (problem.Code, problem.Origin!.Line, problem.Origin.Column));
    }

    [Fact]
    public void Ignores_what_api_gateway_ignores() =>
        Accepted(Of(
            Get("deprecated: true\ncallbacks: {}\nparameters: [{name: q, in: query, example: 5, schema: {type: integer, enum: [5], pattern: x, default: 5}}]"),
            "components: {schemas: {A: {type: object, discriminator: {}, readOnly: true, oneOf: []}}, links: {}, examples: {}}"));

    [Fact]
    public void Warns_that_cookies_are_not_parameters()
    {
        Problem problem = OneProblem(Of(Get("parameters: [{name: c, in: cookie}]")));
        Assert.Equal((ProblemCode.Ignored, ProblemSeverity.Warning), (problem.Code, problem.Severity));
    }

    [Fact]
    public void Refuses_openapi_3_1_only_when_strict()
    {
        string text = Of(Get()).Replace("openapi: 3.0.1", "openapi: 3.1.0", StringComparison.Ordinal);
        Accepted(text);
        Assert.Equal(ProblemCode.StrictRefused, OneProblem(text, new OpenApiImportOptions { Strict = true }).Code);
    }

    [Fact]
    public void Refuses_model_names_with_other_characters_only_when_strict()
    {
        string text = Of(Get(), "components: {schemas: {Pet_Store: {type: object}}}");
        Accepted(text);
        Assert.Equal(ProblemCode.StrictRefused, OneProblem(text, new OpenApiImportOptions { Strict = true }).Code);
    }

    [Fact]
    public void Reports_all_problems_of_a_document_at_once_in_the_order_of_their_places()
    {
        string text = Of(Get("security: [{none: []}]", "timeoutInMillis: 5\ncontentHandling: X") + "\npots: {}", "x-amazon-apigateway-polcy: {}", "/a b");
        var output = new StringWriter();
        ProblemWriter.WriteText(Errors(text), output);
        string[] lines = output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["api.yaml:3:1:", "api.yaml:5:3:", "api.yaml:8:19:", "api.yaml:13:26:", "api.yaml:14:26:", "api.yaml:15:5:"], lines.Select(line => line[..(line.IndexOf(' ', StringComparison.Ordinal))]));
        Assert.All(lines, line => Assert.Matches(@"^api\.yaml:\d+:\d+: error EP\d{4} #[^ ]*( b[^ ]*)?: .+\.$", line));
    }
}

using System.Text;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using EdgeProxy.TestKit;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>Imports and judges a document as <c>validate</c> does.</summary>
internal static class OpenApiDocument
{
    public static ApiDefinition Accepted(string text, OpenApiImportOptions? options = null, string file = "api.yaml")
    {
        (ApiDefinition? api, ProblemList problems) = Checked(text, options, file);
        Assert.Empty(problems.Where(problem => problem.Severity != ProblemSeverity.Unsupported).Select(ProblemWriter.Line));
        ApiDefinition good = Assert.IsType<ApiDefinition>(api);
        if (good.Kind == ApiKind.Rest) ThroughRecords.Check(good);
        return good;
    }

    public static (ApiDefinition? Api, ProblemList Problems) Checked(string text, OpenApiImportOptions? options = null, string file = "api.yaml")
    {
        var problems = new ProblemList();
        options ??= new OpenApiImportOptions();
        ApiDefinition? api = OpenApiImporter.Import(file, Encoding.UTF8.GetBytes(text), options, problems);
        if (api is not null)
        {
            CheckDefinitions.Run(api, new CheckOptions { Strict = options.Strict }, problems);
            CheckSupport.Run(api, problems);
            CompileTemplates.Run(api, problems);
        }

        return (api, problems);
    }

    public static Problem OneProblem(string text, OpenApiImportOptions? options = null) =>
        Assert.Single(Checked(text, options).Problems, problem => problem.Severity != ProblemSeverity.Unsupported);

    public static ProblemList Errors(string text, OpenApiImportOptions? options = null)
    {
        var errors = new ProblemList();
        foreach (Problem problem in Checked(text, options).Problems)
        {
            if (problem.Severity == ProblemSeverity.Error) errors.Add(problem);
        }

        return errors;
    }

    /// <summary>A document of one path item; further root members come after.</summary>
    public static string Of(string pathItem, string root = "", string path = "/x") =>
        "openapi: 3.0.1\ninfo: {title: T, version: '1'}\n" + (root.Length == 0 ? "" : root + "\n")
        + $"paths:\n  {path}:\n" + string.Join('\n', pathItem.Split('\n').Select(line => "    " + line)) + "\n";

    /// <summary>A GET operation with a proxy integration; further members of both come along.</summary>
    public static string Get(string operation = "", string integration = "") =>
        "get:\n  responses: {'200': {description: ok}}\n" + Indent(operation)
        + "  x-amazon-apigateway-integration:\n    type: http_proxy\n    httpMethod: GET\n    uri: http://backend/x\n" + Indent(Indent(integration)).TrimEnd('\n');

    private static string Indent(string text) =>
        text.Length == 0 ? "" : string.Join('\n', text.TrimEnd('\n').Split('\n').Select(line => "  " + line)) + "\n";
}

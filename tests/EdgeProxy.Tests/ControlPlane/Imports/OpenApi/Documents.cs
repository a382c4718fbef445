using System.Text;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.ControlPlane.Imports.OpenApi;

/// <summary>Imports documents of tests and judges them as <c>validate</c> does.</summary>
internal static class Documents
{
    /// <summary>A small document without problems.</summary>
    public const string Good = """
        openapi: 3.0.1
        info:
          title: Pets
          version: "1"
        paths:
          /pets/{petId}:
            parameters:
              - {name: petId, in: path, required: true, schema: {type: string}}
            get:
              responses:
                200: {description: ok}
              x-amazon-apigateway-integration:
                type: http_proxy
                httpMethod: GET
                uri: http://127.0.0.1:8081/pets/{petId}
                requestParameters:
                  integration.request.path.petId: method.request.path.petId
        """;

    public static (ApiDefinition? Api, ProblemList Problems) Check(string text, OpenApiImportOptions? options = null, string file = "api.yaml")
    {
        var problems = new ProblemList();
        options ??= new OpenApiImportOptions();
        ApiDefinition? api = OpenApiImporter.Import(file, Encoding.UTF8.GetBytes(text), options, problems);
        if (api is not null)
        {
            CheckDefinitions.Run(api, new CheckOptions { Strict = options.Strict }, problems);
            CheckSupport.Run(api, problems);
        }

        return (api, problems);
    }

    public static ApiDefinition CheckWell(string text, OpenApiImportOptions? options = null)
    {
        (ApiDefinition? api, ProblemList problems) = Check(text, options);
        Assert.Empty(problems.Select(ProblemWriter.Line));
        ApiDefinition good = Assert.IsType<ApiDefinition>(api);
        if (good.Kind == ApiKind.Rest) ThroughRecords.Check(good);
        return good;
    }

    /// <summary>The one problem of a document.</summary>
    public static Problem CheckBadly(string text, OpenApiImportOptions? options = null) => Assert.Single(Check(text, options).Problems);

    /// <summary>The good document with an integration of its own on GET /x, whose members start at column 9.</summary>
    public static string WithIntegration(string members) => """
        openapi: 3.0.1
        info: {title: T, version: "1"}
        paths:
          /x/{id}:
            get:
              parameters:
                - {name: id, in: path, required: true}
                - {name: q, in: query}
                - {name: X-A, in: header}
              responses:
                "200": {description: ok, headers: {ETag: {schema: {type: string}}}}
                "404": {description: no}
              x-amazon-apigateway-integration:

        """ + string.Join('\n', members.Split('\n').Select(line => "        " + line));
}

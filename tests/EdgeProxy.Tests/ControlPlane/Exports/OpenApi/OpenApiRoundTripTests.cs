using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Exports.OpenApi;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.Tests.ControlPlane.Exports.OpenApi;

public sealed class OpenApiRoundTripTests
{
    [Fact]
    public void Every_document_of_the_repository_imports_from_its_export_to_the_same_api()
    {
        int tried = 0;
        foreach ((string name, string text) in RepositoryDocuments.All())
        {
            var problems = new ProblemList();
            ApiDefinition? api = OpenApiImporter.Import(name.Contains(".openapi.", StringComparison.Ordinal) ? name : "api.yaml", Encoding.UTF8.GetBytes(text), new OpenApiImportOptions(), problems);
            if (api is null || problems.Any(problem => problem.Severity == ProblemSeverity.Error)) continue;
            Survives(name, api, api.Origin!.Document);
            tried++;
        }

        Assert.True(tried > 25, $"Only {tried} documents were found.");
    }

    [Theory]
    [InlineData(ApiKind.Rest)]
    [InlineData(ApiKind.Http)]
    public void Generated_apis_import_from_their_exports_as_the_same(ApiKind kind)
    {
        for (int seed = 0; seed < 400; seed++) Survives($"seed {seed}", new GeneratedApi(new Random(seed), kind).Make(), "generated.yaml");
    }

    private static void Survives(string name, ApiDefinition api, string file)
    {
        foreach (OpenApiExportForm form in api.Kind == ApiKind.Http ? [OpenApiExportForm.OpenApi30] : new[] { OpenApiExportForm.OpenApi30, OpenApiExportForm.Swagger20 })
        {
            WireValue document = OpenApiWriter.Write(api, new OpenApiExportOptions { Form = form, Extensions = OpenApiExtensions.All });
            foreach (byte[] bytes in new[] { document.ToBytes(), document.ToIndentedBytes(), document.ToYaml() })
            {
                var problems = new ProblemList();
                ApiDefinition? back = OpenApiImporter.Import(file, bytes, new OpenApiImportOptions { ApiId = api.Id }, problems);
                Assert.True(back is not null && !problems.Any(problem => problem.Severity == ProblemSeverity.Error), $"{name}, {form}: {string.Join('\n', problems.Select(ProblemWriter.Line))}\n{Encoding.UTF8.GetString(bytes)}");
                ApiDefinition expected = Sayable(api, form);
                (string was, string now) = (DefinitionText.Of(expected), DefinitionText.Of(WithSchemesOf(back, expected)));
                Assert.True(was == now, $"{name}, {form}:\n{Difference(was, now)}\n{Encoding.UTF8.GetString(bytes)}");
            }
        }
    }

    // What a form cannot say (decision 0050).
    private static ApiDefinition Sayable(ApiDefinition api, OpenApiExportForm form) => api with
    {
        SecuritySchemes = [.. api.SecuritySchemes.Select(scheme => InForm(scheme, form))],
        Endpoint = api.Endpoint is { DisableExecuteApiEndpoint: false, VpcEndpointIds.Count: 0, SecurityPolicy: null, AccessMode: null } ? null : api.Endpoint,
        Models = [.. api.Models.Select(model => model with { Schema = model.Schema switch { "true" => "{}", "false" => """{"not":{}}""", _ => model.Schema } })],
        Methods = [.. api.Methods.Select(method => method with
        {
            RequestModels = InForm(method.RequestModels, form),
            Responses = [.. method.Responses.Select(response => response with { Models = InForm(response.Models, form) })],
            Integration = method.Integration is { Upstream: { } upstream } integration ? integration with { Upstream = Placed(upstream) } : method.Integration,
        })],
    };

    // Swagger has one body for each request and each status, and it is JSON.
    private static IReadOnlyList<ModelUseDefinition> InForm(IReadOnlyList<ModelUseDefinition> uses, OpenApiExportForm form) =>
        form == OpenApiExportForm.OpenApi30 || uses.Count == 0 ? uses : [(uses.FirstOrDefault(use => use.MediaType == "application/json") ?? uses[0]) with { MediaType = "application/json" }];

    private static SecuritySchemeDefinition InForm(SecuritySchemeDefinition scheme, OpenApiExportForm form) => (scheme.Type, form) switch
    {
        ("basic", OpenApiExportForm.OpenApi30) => scheme with { Type = "http" },
        ("http", OpenApiExportForm.Swagger20) => scheme with { Type = "basic" },
        ("mutualTLS" or "openIdConnect", OpenApiExportForm.Swagger20) => scheme with { Type = "apiKey", In = "header", ParameterName = "Authorization" },
        ("mutualTLS", _) => scheme with { Type = "http" },
        _ when form == OpenApiExportForm.Swagger20 && scheme.In == "cookie" => scheme with { In = "header", ParameterName = "Cookie" },
        _ => scheme,
    };

    private static UpstreamDefinition Placed(UpstreamDefinition upstream) => upstream with
    {
        CaFile = Full(upstream.CaFile),
        ClientCertificateFile = Full(upstream.ClientCertificateFile),
        ClientKeyFile = Full(upstream.ClientKeyFile),
    };

    private static string? Full(string? path) => path is null ? null : Path.GetFullPath(path);

    // An export adds schemes for API keys and signatures where a definition has none of its own.
    private static ApiDefinition WithSchemesOf(ApiDefinition back, ApiDefinition expected) =>
        back with { SecuritySchemes = [.. back.SecuritySchemes.Where(scheme => expected.SecuritySchemes.Any(known => known.Name == scheme.Name))] };

    private static string Difference(string was, string now)
    {
        string[] before = was.Split('\n'), after = now.Split('\n');
        return string.Join('\n', [.. before.Except(after).Take(10).Select(line => "- " + line), .. after.Except(before).Take(10).Select(line => "+ " + line)]);
    }
}

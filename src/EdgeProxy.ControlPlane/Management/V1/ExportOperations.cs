using System.Globalization;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Exports.OpenApi;
using EdgeProxy.ControlPlane.Exports.Sdk;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>What a stage serves, as a document or as a client of it (control-plane.md 3.8).</summary>
internal static class ExportOperations
{
    private const string Download = "application/octet-stream";

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetExport", "GET /restapis/{restapi_id}/stages/{stage_name}/exports/{export_type}", 200, "", Export) { IsSlow = true },
        new("GetSdk", "GET /restapis/{restapi_id}/stages/{stage_name}/sdks/{sdk_type}", 200, "", Sdk) { IsSlow = true },
        new("GetSdkTypes", "GET /sdktypes", 200, "", static call => Paging.List(call, SdkTypes.All)),
        new("GetSdkType", "GET /sdktypes/{sdktype_id}", 200, "", static call => SdkTypes.Find(call.Path("sdktype_id")) is { } type ? Reply.Of(type) : Reply.NotFound("Invalid SDK type identifier specified")),
    ];

    private static Reply Export(Call call)
    {
        string type = call.Path("export_type");
        if (type is not ("oas30" or "swagger")) return Reply.BadRequest($"Invalid export type specified: {type}. Valid types are oas30, swagger");
        if (TryRead(call, out ApiDefinition? api, out WireValue? record) is { } fault) return fault;
        if (NonJsonOrNull(api!) is { } method) return Reply.BadRequest($"Only found non-JSON body models for {method.Verb} {method.Path}");

        string created = Date(record!.NumberOf("createdDate") ?? 0);
        bool isYaml = IsYaml(call.Request.Accept);
        WireValue document = OpenApiWriter.Write(api!, new OpenApiExportOptions
        {
            Form = type == "swagger" ? OpenApiExportForm.Swagger20 : OpenApiExportForm.OpenApi30,
            Extensions = ExtensionsOf(call.Query("extensions") ?? ""),
            Stage = call.Path("stage_name"),
            Region = call.Options.Region,
            FallbackVersion = created,
        });
        return Reply.File(isYaml ? document.ToYaml() : document.ToIndentedBytes(), Download, FileName($"{type}_{api!.Version ?? created}.{(isYaml ? "yaml" : "json")}"));
    }

    private static Reply Sdk(Call call)
    {
        string type = call.Path("sdk_type");
        if (type != "javascript")
        {
            return Reply.BadRequest(SdkTypes.Find(type) is null
                ? $"Invalid SDK type specified: {type}. Types are {string.Join(", ", SdkTypes.All.Select(static known => known.Key))}, of which EdgeProxy makes javascript"
                : $"EdgeProxy makes SDKs of the type javascript only, not {type}. Generate one from the document that GetExport gives.");
        }

        if (TryRead(call, out ApiDefinition? api, out _) is { } fault) return fault;
        string url = $"https://{OpenApiWriter.HostOf(api!.Id, call.Options.Region)}/{call.Path("stage_name")}";
        return Reply.File(JavaScriptSdk.Write(api, url, call.Now), Download, FileName($"javascript_{Date(call.NowSeconds)}.zip"));
    }

    /// <summary>The first method whose body is described in other words than JSON alone, which the service does not export.</summary>
    private static MethodDefinition? NonJsonOrNull(ApiDefinition api)
    {
        foreach (MethodDefinition method in api.Methods)
        {
            bool hasJson = method.RequestModels.Count == 0;
            foreach (ModelUseDefinition use in method.RequestModels) hasJson |= use.MediaType.StartsWith("application/json", StringComparison.OrdinalIgnoreCase);
            if (!hasJson) return method;
        }

        return null;
    }

    private static OpenApiExtensions ExtensionsOf(string asked)
    {
        var extensions = OpenApiExtensions.None;
        foreach (string word in asked.Split(',', StringSplitOptions.TrimEntries))
        {
            extensions |= word switch
            {
                "integrations" or "apigateway" => OpenApiExtensions.All,
                "authorizers" => OpenApiExtensions.Authorizers,
                "documentation" => OpenApiExtensions.Documentation,
                _ => OpenApiExtensions.None,
            };
        }

        return extensions;
    }

    /// <summary>What the deployment of the stage in the path froze, with the documentation that the stage chose.</summary>
    private static Reply? TryRead(Call call, out ApiDefinition? api, out WireValue? record)
    {
        api = null;
        record = null;
        if (StageRules.FindStage(call, out string scope, out Record found) is { } unknown) return unknown;
        WireValue stage = found.Open();
        if (stage.TextOf("deploymentId") is not { } deployment || DeploymentOperations.FrozenOrNull(call, scope, deployment) is not { } frozen)
        {
            return Reply.BadRequest("The stage serves no deployment that could be exported");
        }

        var problems = new ProblemList();
        record = frozen.Find(Kinds.RestApi, call.Path("restapi_id"))?.Open() ?? WireValue.NewObject();
        api = ReadDefinition.Run(frozen, problems) with { Documentation = DocumentationOf(call, scope, stage.TextOf("documentationVersion")) };
        return null;
    }

    private static DocumentationDefinition? DocumentationOf(Call call, string scope, string? version)
    {
        if (version is null || call.Book.Find(scope, Kinds.DocumentationSnapshot, version) is not { } snapshot) return null;
        var parts = new List<DocumentationPartDefinition>();
        foreach (WireValue part in snapshot.Open()["item"]?.Items ?? [])
        {
            parts.Add(new DocumentationPartDefinition(part["location"]?.ToString() ?? "{}", part.TextOf("properties") ?? "{}", null));
        }

        return new DocumentationDefinition(version, parts, null);
    }

    /// <summary>Whether a client wants YAML; any other <c>Accept</c> gets JSON (control-plane.md 1.1).</summary>
    internal static bool IsYaml(string accept) => accept.Contains("yaml", StringComparison.OrdinalIgnoreCase);

    internal static string Date(long seconds) =>
        DateTimeOffset.FromUnixTimeSeconds(Math.Clamp(seconds, 0, 253_402_300_799)).UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    // It stands between quotes in a header field, and versions are free text.
    private static string FileName(string text) => string.Create(text.Length, text, static (name, from) =>
    {
        for (int i = 0; i < name.Length; i++) name[i] = from[i] is > ' ' and <= '~' and not ('"' or '\\' or '/') ? from[i] : '_';
    });
}

using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Exports.OpenApi;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>HTTP APIs as documents (control-plane.md 3.8): as a stage serves them, or as they are now.</summary>
internal static class ExportOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("ExportApi", "GET /v2/apis/{apiId}/exports/{specification}", 200, "", Export) { IsSlow = true },
    ];

    private static Reply Export(Call call)
    {
        if (!ApiPlace.TryFind(call, out ApiPlace? api, out Reply? fault)) return fault;
        if (!api.IsHttp) return Reply.BadRequest("Only HTTP APIs can be exported");
        string specification = call.Path("specification");
        if (specification != "OAS30") return Reply.BadRequest($"Invalid specification specified: {specification}. Must be OAS30");
        string? form = call.Query("outputType");
        if (form is not ("JSON" or "YAML")) return Reply.BadRequest("Invalid outputType specified. Must be one of [JSON, YAML]");
        if (call.Query("exportVersion") is { } version and not "1.0") return Reply.BadRequest($"Invalid exportVersion specified: {version}. Must be 1.0");

        string? stage = call.Query("stageName");
        RecordScope scope = call.Book.ScopeOrNull(api.Scope)!;
        if (stage is not null)
        {
            if (call.Book.Find(api.Scope, Kinds.Stage, stage) is not { } found) return StageOperations.Unknown();
            if (found.Open().TextOf("deploymentId") is not { } deployment || V1.DeploymentOperations.FrozenOrNull(call, api.Scope, deployment) is not { } frozen)
            {
                return Reply.BadRequest("The stage serves no deployment that could be exported");
            }

            scope = frozen;
        }

        WireValue document = OpenApiWriter.Write(ReadHttpDefinition.Run(scope, new ProblemList()), new OpenApiExportOptions
        {
            Extensions = string.Equals(call.Query("includeExtensions"), "false", StringComparison.OrdinalIgnoreCase) ? OpenApiExtensions.None : OpenApiExtensions.All,
            Stage = stage,
            Region = call.Options.Region,
            FallbackVersion = api.Value.TextOf("createdDate"),
        });
        return form == "YAML" ? Reply.File(document.ToYaml(), "application/yaml", null) : Reply.File(document.ToIndentedBytes(), "application/json", null);
    }
}

using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>What a deployment would change of what a stage serves: no operation of the service, but what <c>edgeproxy diff</c> asks.</summary>
public static class DiffOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetStageDiff", "GET /restapis/{restapi_id}/stages/{stage_name}/diff", 200, "", Run) { IsExtension = true, IsSlow = true },
    ];

    private static Reply Run(Call call)
    {
        if (StageRules.FindStage(call, out string scope, out Record stage) is { } unknown) return unknown;
        string deployment = stage.Open().TextOf("deploymentId") ?? "";
        if (DeploymentOperations.FrozenOrNull(call, scope, deployment) is not { } frozen) return Reply.NotFound($"What deployment {deployment} froze is not in the store");
        WireValue changes = CompareApis.Run(frozen, call.Book.ScopeOrNull(scope)!);
        return Reply.Of(WireValue.NewObject()
            .Set("restApiId", call.Path("restapi_id"))
            .Set("stageName", stage.Key)
            .Set("deploymentId", deployment)
            .Set("problem", DeploymentOperations.ProblemOrNull(call.Book, scope))
            .Set("changes", changes));
    }
}

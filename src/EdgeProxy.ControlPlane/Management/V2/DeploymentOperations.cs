using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>Deployments of HTTP and WebSocket APIs (control-plane.md 2.4, 3.1).</summary>
internal static class DeploymentOperations
{
    private static readonly Members s_members = new("description:1024");

    public static readonly ChildKind Kind = new(Kinds.Deployment, "Deployment", "deploymentId");

    public static IReadOnlyList<Operation> All { get; } =
    [
        .. Kind.Rows("/v2/apis/{apiId}/deployments", Delete),
        new("CreateDeployment", "POST /v2/apis/{apiId}/deployments", 201, "description:str stageName:str", Create),
        new("UpdateDeployment", "PATCH /v2/apis/{apiId}/deployments/{deploymentId}", 200, "description:str", Update),
    ];

    private static Reply Create(Call call)
    {
        if (!ApiPlace.TryFind(call, out ApiPlace? api, out Reply? fault)) return fault;
        WireValue members = WireValue.NewObject();
        if (s_members.Merge(members, call.Body, call.Options.Limits) is { } wrong) return wrong;
        WireValue? stage = null;
        if (call.Body.TextOf("stageName") is { Length: > 0 } name)
        {
            stage = call.Book.Find(api.Scope, Kinds.Stage, name)?.Open();
            if (stage is null) return StageOperations.Unknown();
            if (stage.IsTrueOf("autoDeploy")) return Reply.BadRequest("Deployment cannot be created for a stage that has auto-deploy enabled");
        }

        if (FreezeApi.TryPack(call.Book, api.Scope, out StoredSnapshot? snapshot) is { } undeployable) return Reply.BadRequest(undeployable);
        Record deployment = FreezeApi.Run(call.Book, api.Scope, snapshot!, call.Now, isAuto: false, members.TextOf("description"));
        if (stage is not null)
        {
            call.Book.Put(api.Scope, Kinds.Stage, stage.TextOf("stageName")!, stage.Set("deploymentId", deployment.Key).Set("lastUpdatedDate", call.NowText));
        }

        return Reply.Of(deployment);
    }

    private static Reply Update(Call call)
    {
        if (!Kind.TryFind(call, out ChildRecord? found, out Reply? fault)) return fault;
        return s_members.Merge(found.Value, call.Body, call.Options.Limits) ?? Kind.Put(call, found.Api, found.Key, found.Value);
    }

    private static Reply Delete(Call call, ChildRecord found)
    {
        foreach (Record stage in call.Book.All(found.Api.Scope, Kinds.Stage))
        {
            if (stage.Open().TextOf("deploymentId") == found.Key) return Reply.BadRequest("Active stages pointing to this deployment must be moved or deleted");
        }

        FreezeApi.Remove(call.Book, found.Api.Scope, found.Key);
        return Reply.Empty;
    }
}

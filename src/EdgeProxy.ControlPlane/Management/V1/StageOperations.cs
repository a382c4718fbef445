using System.Buffers;
using EdgeProxy.ControlPlane.Management.Domains;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Stages of REST APIs: names under which deployments are served, with what changes without deploying again (control-plane.md 3.1-3.4).</summary>
public static class StageOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("CreateStage", "POST /restapis/{restapi_id}/stages", 201,
            "stageName*:str deploymentId*:str description:str cacheClusterEnabled:bool cacheClusterSize:enum<CacheClusterSize> variables:map<str> documentationVersion:str canarySettings:CanarySettings tracingEnabled:bool tags:map<str>", Create),
        new("GetStages", "GET /restapis/{restapi_id}/stages", 200, "", List),
        new("GetStage", "GET /restapis/{restapi_id}/stages/{stage_name}", 200, "", Get),
        new("UpdateStage", "PATCH /restapis/{restapi_id}/stages/{stage_name}", 200, PatchDocument.Members, Update),
        new("DeleteStage", "DELETE /restapis/{restapi_id}/stages/{stage_name}", 202, "", Delete),
        new("FlushStageCache", "DELETE /restapis/{restapi_id}/stages/{stage_name}/cache/data", 202, "", FlushCache),
        new("FlushStageAuthorizersCache", "DELETE /restapis/{restapi_id}/stages/{stage_name}/cache/authorizers", 202, "", FlushAuthorizers),
    ];

    private static Reply Create(Call call)
    {
        if (StageRules.FindApi(call, out string scope) is { } unknown) return unknown;
        WireValue body = call.Body;
        string name = body.TextOf("stageName")!;
        string deployment = body.TextOf("deploymentId")!;
        if (call.Book.Find(scope, Kinds.Deployment, deployment) is null) return StageRules.UnknownDeployment;
        if (call.Book.Find(scope, Kinds.Stage, name) is not null) return Reply.Conflict("Stage already exists");
        if (StageRules.TryMake(call, scope, name, deployment, out WireValue stage) is { } refused) return refused;
        if (StageRules.CheckDocumentation(call, scope, body.TextOf("documentationVersion")) is { } undocumented) return undocumented;
        if (Tagging.Take(call, stage, body) is { } wrongTags) return wrongTags;
        stage.Take(body, "description", "cacheClusterEnabled", "cacheClusterSize", "documentationVersion", "tracingEnabled");
        if (StageRules.AddVariables(call, stage, "variables", body.MembersOf("variables")) is { } wrong) return wrong;
        if (body["canarySettings"] is { IsObject: true } canary && StageRules.SetCanary(call, scope, stage, canary, deployment) is { } wrongCanary) return wrongCanary;
        StageRules.SettleCache(stage);
        call.Book.Put(scope, Kinds.Stage, name, stage);

        // Only answers to a create leave out tags that were not given.
        return Reply.Of(stage["tags"]!.Members.Count == 0 ? stage.Set("tags", (WireValue?)null) : stage);
    }

    private static Reply List(Call call)
    {
        if (StageRules.FindApi(call, out string scope) is { } unknown) return unknown;
        string? deployment = call.Query("deploymentId");
        var text = new ArrayBufferWriter<byte>(1024);
        text.Write("{\"item\":["u8);
        bool isFirst = true;
        foreach (Record stage in call.Book.All(scope, Kinds.Stage))
        {
            if (deployment is { Length: > 0 } && stage.Open().TextOf("deploymentId") != deployment) continue;
            if (!isFirst) text.Write(","u8);
            isFirst = false;
            text.Write(stage.Json.Span);
        }

        text.Write("]}"u8);
        return Reply.Of(text.WrittenMemory);
    }

    private static Reply Get(Call call) => StageRules.FindStage(call, out _, out Record stage) ?? Reply.Of(stage);

    private static Reply Update(Call call)
    {
        if (StageRules.FindStage(call, out string scope, out Record stage) is { } unknown) return unknown;
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        WireValue changed = stage.Open();
        if (new StagePatch(call, scope, changed).Run(operations) is { } wrong) return wrong;
        changed.Set("lastUpdatedDate", call.NowSeconds);
        call.Book.Put(scope, Kinds.Stage, stage.Key, changed);
        return Reply.Of(changed);
    }

    private static Reply Delete(Call call)
    {
        if (StageRules.FindStage(call, out string scope, out Record stage) is { } unknown) return unknown;
        string api = call.Path("restapi_id");
        if (DomainRecords.LeadTo(call.Book, api, stage.Key)) return Reply.BadRequest("Please remove all base path mappings related to the stage in your account before deleting the stage.");
        call.Book.Remove(scope, Kinds.Stage, stage.Key);
        PlanStages.Drop(call.Book, api, stage.Key); // or keys would open a later stage of the same name
        return Reply.Empty;
    }

    private static Reply FlushCache(Call call)
    {
        if (StageRules.FindStage(call, out _, out Record stage) is { } unknown) return unknown;
        call.Services.FlushCache?.Invoke(call.Path("restapi_id"), stage.Key);
        return Reply.Empty;
    }

    // Authorizers' verdicts are not cached by this node, so there is nothing to forget.
    private static Reply FlushAuthorizers(Call call) => StageRules.FindStage(call, out _, out _) ?? Reply.Empty;
}

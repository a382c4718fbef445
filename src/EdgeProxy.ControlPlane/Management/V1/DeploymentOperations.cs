using System.Text.Json;
using EdgeProxy.ControlPlane.Deployments;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Stores;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Deployments of REST APIs: what an API was at one moment, for stages to serve (control-plane.md 3.1, 3.3).</summary>
public static class DeploymentOperations
{
    private static readonly PatchRule[] s_rules = [new("/description", "R")];
    private static readonly PatchDialect s_dialect = PatchDialect.Listed("/description");

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("CreateDeployment", "POST /restapis/{restapi_id}/deployments", 201,
            "stageName:str stageDescription:str description:str cacheClusterEnabled:bool cacheClusterSize:enum<CacheClusterSize> variables:map<str> canarySettings:DeploymentCanarySettings tracingEnabled:bool", Create),
        new("GetDeployments", "GET /restapis/{restapi_id}/deployments", 200, "", List) { IsSlow = true },
        new("GetDeployment", "GET /restapis/{restapi_id}/deployments/{deployment_id}", 200, "", Get) { IsSlow = true },
        new("UpdateDeployment", "PATCH /restapis/{restapi_id}/deployments/{deployment_id}", 200, PatchDocument.Members, Update),
        new("DeleteDeployment", "DELETE /restapis/{restapi_id}/deployments/{deployment_id}", 202, "", Delete),
    ];

    /// <summary>Freezes an API as it is now and keeps that as a deployment that no stage serves yet.</summary>
    /// <param name="book">Gets the records.</param>
    /// <param name="scope">The API's.</param>
    /// <param name="now">Seconds since 1970.</param>
    /// <param name="description">Null for none.</param>
    /// <exception cref="InvalidDataException">The API is larger than a deployment holds.</exception>
    public static Record Freeze(BookEdit book, string scope, long now, string? description) => Freeze(book, scope, ScopeArchive.Pack(book.ScopeOrNull(scope)!), now, description);

    /// <summary>Keeps what was frozen of an API as a deployment that no stage serves yet.</summary>
    internal static Record Freeze(BookEdit book, string scope, StoredSnapshot snapshot, long now, string? description)
    {
        string id = Ids.New(Ids.Short, taken => book.Find(scope, Kinds.Deployment, taken) is not null);
        book.Store(snapshot);
        book.Put(scope, Kinds.DeploymentSnapshot, id, FrozenLinks.RecordOf(snapshot));
        var deployment = new Record(id, WireValue.NewObject().Set("id", id).Set("description", description).Set("createdDate", now).ToBytes());
        book.Put(scope, Kinds.Deployment, deployment);
        return deployment;
    }

    /// <summary>Says why an API cannot be deployed; null when it can.</summary>
    public static string? ProblemOrNull(BookEdit book, string scope)
    {
        IReadOnlyList<Record> methods = book.All(scope, Kinds.Method);
        if (methods.Count == 0) return "The REST API doesn't contain any methods";
        foreach (Record method in methods)
        {
            if (!HasIntegration(method.Json.Span)) return "No integration defined for method";
        }

        return null;
    }

    private static Reply Create(Call call)
    {
        if (StageRules.FindApi(call, out string scope) is { } unknown) return unknown;
        string? name = call.Body.TextOf("stageName");
        bool isCanary = call.Body["canarySettings"] is { IsObject: true };
        if (isCanary && string.IsNullOrEmpty(name))
        {
            return Reply.BadRequest($"Invalid deployment content specified.Non null and non empty stageName must be provided for canary deployment. Provided value is {name ?? "null"}");
        }

        Record? served = name is null ? null : call.Book.Find(scope, Kinds.Stage, name);
        if (isCanary && served is null)
        {
            return Reply.BadRequest($"Invalid deployment content specified.Stage {StageRules.Shortened(name!)} must already be created before making a canary release deployment");
        }

        if (ProblemOrNull(call.Book, scope) is { } problem) return Reply.BadRequest(problem);
        Record deployment;
        try
        {
            deployment = Freeze(call.Book, scope, call.NowSeconds, call.Body.TextOf("description"));
        }
        catch (InvalidDataException exception)
        {
            return Reply.Fault(ErrorType.LimitExceededException, exception.Message);
        }

        if (!string.IsNullOrEmpty(name) && Serve(call, scope, name, served, deployment.Key) is { } wrong) return wrong;
        return Reply.Of(deployment);
    }

    /// <summary>Has a stage, or its canary, serve a new deployment; makes the stage when it is not there.</summary>
    private static Reply? Serve(Call call, string scope, string name, Record? served, string deployment)
    {
        WireValue stage;
        if (served is not null) stage = served.Open();
        else if (StageRules.TryMake(call, scope, name, deployment, out stage) is { } wrong) return wrong;

        if (call.Body["canarySettings"] is { IsObject: true } canary)
        {
            // The new deployment takes part of the traffic, whatever an earlier canary served.
            if (StageRules.SetCanary(call, scope, stage, canary, deployment) is { } wrong) return wrong;
            stage["canarySettings"]!.Set("deploymentId", deployment);
        }
        else if (stage["canarySettings"] is { IsObject: true } running)
        {
            running.Set("deploymentId", deployment);
        }
        else
        {
            stage.Set("deploymentId", deployment);
        }

        if (call.Body.TextOf("stageDescription") is { } description) stage.Set("description", description);
        stage.Take(call.Body, "cacheClusterEnabled", "cacheClusterSize", "tracingEnabled");
        if (StageRules.AddVariables(call, stage, "variables", call.Body.MembersOf("variables")) is { } refused) return refused;
        StageRules.SettleCache(stage);
        call.Book.Put(scope, Kinds.Stage, name, stage.Set("lastUpdatedDate", call.NowSeconds));
        return null;
    }

    private static Reply List(Call call)
    {
        if (StageRules.FindApi(call, out string scope) is { } unknown) return unknown;
        IReadOnlyList<Record> deployments = call.Book.All(scope, Kinds.Deployment);
        return call.Query("embed") == "apisummary" ? Paging.List(call, deployments, deployment => WithSummary(call, scope, deployment)) : Paging.List(call, deployments);
    }

    private static Reply Get(Call call)
    {
        if (Find(call, out string scope, out Record deployment) is { } unknown) return unknown;
        return call.Query("embed") == "apisummary" ? Reply.Of(WithSummary(call, scope, deployment)) : Reply.Of(deployment);
    }

    private static Reply Update(Call call)
    {
        if (Find(call, out string scope, out Record deployment) is { } unknown) return unknown;
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        WireValue changed = deployment.Open();
        if (ApplyPatch.Run(changed, operations, s_rules, s_dialect) is { } wrong) return wrong;
        call.Book.Put(scope, Kinds.Deployment, deployment.Key, changed);
        return Reply.Of(changed);
    }

    private static Reply Delete(Call call)
    {
        if (Find(call, out string scope, out Record deployment) is { } unknown) return unknown;
        foreach (Record record in call.Book.All(scope, Kinds.Stage))
        {
            WireValue stage = record.Open();
            if (stage.TextOf("deploymentId") == deployment.Key || stage["canarySettings"]?.TextOf("deploymentId") == deployment.Key)
            {
                return Reply.BadRequest("Active stages pointing to this deployment must be moved or deleted");
            }
        }

        call.Book.Remove(scope, Kinds.Deployment, deployment.Key);
        call.Book.Remove(scope, Kinds.DeploymentSnapshot, deployment.Key);
        return Reply.Empty;
    }

    private static Reply? Find(Call call, out string scope, out Record deployment)
    {
        deployment = null!;
        if (StageRules.FindApi(call, out scope) is { } unknown) return unknown;
        if (call.Book.Find(scope, Kinds.Deployment, call.Path("deployment_id")) is not { } found) return Reply.NotFound("Invalid deployment identifier specified");
        deployment = found;
        return null;
    }

    /// <summary>A deployment with the methods it froze: path to verb to what it asks of callers.</summary>
    private static WireValue WithSummary(Call call, string scope, Record deployment)
    {
        WireValue shown = deployment.Open();
        if (FrozenOrNull(call, scope, deployment.Key) is not { } frozen) return shown;
        var paths = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Record resource in frozen.All(Kinds.Resource)) paths[resource.Key] = resource.Open().TextOf("path") ?? "/";
        WireValue summary = WireValue.NewObject();
        foreach (Record record in frozen.All(Kinds.Method))
        {
            int slash = record.Key.IndexOf('/', StringComparison.Ordinal);
            if (!paths.TryGetValue(record.Key[..slash], out string? path)) continue;
            WireValue method = record.Open();
            summary.ObjectAt(path)[record.Key[(slash + 1)..]] = WireValue.NewObject()
                .Set("authorizationType", method.TextOf("authorizationType") ?? "NONE")
                .Set("apiKeyRequired", method.IsTrueOf("apiKeyRequired"));
        }

        return shown.Set("apiSummary", summary);
    }

    /// <summary>What a deployment froze; null when the store does not have it, or has it no more as it was.</summary>
    internal static RecordScope? FrozenOrNull(Call call, string scope, string deployment)
    {
        if (call.Book.Find(scope, Kinds.DeploymentSnapshot, deployment)?.Open().TextOf("snapshot") is not { } id) return null;
        try
        {
            return call.Services.Store.FindSnapshot(id) is { } content && ScopeArchive.TryUnpack(content, out RecordScope? frozen) ? frozen : null;
        }
        catch (StoreException)
        {
            return null; // the store has said so itself
        }
    }

    // Looks for the member without building the method: an API may have thousands.
    private static bool HasIntegration(ReadOnlySpan<byte> method)
    {
        var json = new Utf8JsonReader(method);
        json.Read();
        while (json.Read() && json.TokenType == JsonTokenType.PropertyName)
        {
            if (json.ValueTextEquals("methodIntegration"u8)) return true;
            json.Skip();
        }

        return false;
    }
}

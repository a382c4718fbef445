using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>Deploys HTTP and WebSocket APIs to their <c>autoDeploy</c> stages whenever they changed (control-plane.md 3.1).</summary>
/// <remarks>
/// One deployment serves all such stages of an API. An API that cannot be deployed stays at its previous deployment, and its stages say why. A change
/// that freezes to what a stage serves already makes no deployment. What no stage serves is removed beyond
/// <see cref="ManagementLimits.AutoDeploymentsKept"/>, so that memory and store stay as large as the API is.
/// </remarks>
public sealed class AutoDeploy : IEditStep
{
    private const string ListKey = "all";
    private const string Ids = "ids";

    /// <inheritdoc/>
    public string? Run(BookEdit edit, DateTimeOffset now, ManagementOptions options)
    {
        // Of each API that changed: whether more than its stages did.
        Dictionary<string, bool>? changed = null;
        foreach (RecordChange change in edit.Changes)
        {
            if (!change.Scope.StartsWith(Scopes.Apis, StringComparison.Ordinal)) continue;
            if (change.Kind == Kinds.Api && IsTagged(edit.Before.Find(change.Scope, Kinds.Api, change.Key), change.Record)) continue;
            bool isFrozen = change.Kind is Kinds.Api or Kinds.Route or Kinds.RouteResponse or Kinds.Integration or Kinds.IntegrationResponse or Kinds.Authorizer or Kinds.Model;
            if (!isFrozen && change.Kind != Kinds.Stage) continue;
            changed ??= new Dictionary<string, bool>(StringComparer.Ordinal);
            changed[change.Scope] = isFrozen || changed.GetValueOrDefault(change.Scope);
        }

        if (changed is null) return null;
        string? met = null;
        foreach ((string scope, bool isFrozen) in changed)
        {
            List<Record> stages = StagesToDeploy(edit, scope, isFrozen);
            if (stages.Count > 0 && Deploy(edit, scope, stages, now, options.Limits.AutoDeploymentsKept)) met = LimitNames.AutoDeployments;
        }

        return met;
    }

    // Whether nothing but the tags is different: they are live (control-plane.md 3.1).
    private static bool IsTagged(Record? before, Record? after)
    {
        if (before is null || after is null) return false;
        return Untagged(before).SequenceEqual(Untagged(after));

        static ReadOnlySpan<byte> Untagged(Record record)
        {
            WireValue value = record.Open();
            value["tags"] = null;
            return value.ToBytes();
        }
    }

    // All that deploy themselves, or those that only begin to.
    private static List<Record> StagesToDeploy(BookEdit edit, string scope, bool isApiChanged)
    {
        var stages = new List<Record>();
        foreach (Record stage in edit.All(scope, Kinds.Stage))
        {
            if (!stage.Open().IsTrueOf("autoDeploy")) continue;
            if (isApiChanged || edit.Before.Find(scope, Kinds.Stage, stage.Key) is not { } before || !before.Open().IsTrueOf("autoDeploy")) stages.Add(stage);
        }

        return stages;
    }

    // Whether older deployments had to go.
    private static bool Deploy(BookEdit edit, string scope, List<Record> stages, DateTimeOffset now, int kept)
    {
        string? fault = FreezeApi.TryPack(edit, scope, out StoredSnapshot? snapshot);
        string? deployment = null;
        foreach (Record record in stages)
        {
            WireValue stage = record.Open();
            if (fault is not null)
            {
                stage.Set("lastDeploymentStatusMessage", "Deployment attempt failed: " + fault);
            }
            else
            {
                string? served = stage.TextOf("deploymentId");
                bool isServed = served is not null && edit.Find(scope, Kinds.DeploymentSnapshot, served)?.Open().TextOf("snapshot") == snapshot!.Id;
                if (!isServed) served = deployment ??= Remember(edit, scope, FreezeApi.Run(edit, scope, snapshot!, now, isAuto: true, "Automatic deployment triggered by changes to the Api configuration").Key);
                stage.Set("deploymentId", served).Set("lastDeploymentStatusMessage", $"Successfully deployed stage with deployment ID '{served}'").Set("lastUpdatedDate", Call.TextOf(now));
            }

            edit.Put(scope, Kinds.Stage, record.Key, stage);
        }

        return deployment is not null && Prune(edit, scope, kept);
    }

    /// <summary>Notes a deployment that nobody asked for, and gives it back.</summary>
    internal static string Remember(BookEdit edit, string scope, string deployment)
    {
        WireValue list = edit.Find(scope, Kinds.AutoDeployments, ListKey)?.Open() ?? WireValue.NewObject();
        list.ListAt(Ids).Items.Add(WireValue.Of(deployment));
        edit.Put(scope, Kinds.AutoDeployments, ListKey, list);
        return deployment;
    }

    /// <summary>Removes the oldest of those deployments that no stage serves any more, beyond so many.</summary>
    /// <returns>Whether there were any.</returns>
    internal static bool Prune(BookEdit edit, string scope, int kept)
    {
        WireValue list = edit.Find(scope, Kinds.AutoDeployments, ListKey)!.Open();
        var served = new HashSet<string>(StringComparer.Ordinal);
        foreach (Record record in edit.All(scope, Kinds.Stage))
        {
            WireValue stage = record.Open();
            served.Add(stage.TextOf("deploymentId") ?? "");
            served.Add(stage["canarySettings"]?.TextOf("deploymentId") ?? "");
        }

        List<WireValue> ids = list.ListAt(Ids).Items;

        // Those that somebody deleted count for nothing.
        ids.RemoveAll(id => edit.Find(scope, Kinds.Deployment, id.Text) is null);
        int unserved = 0;
        foreach (WireValue id in ids)
        {
            if (!served.Contains(id.Text)) unserved++;
        }

        bool isMet = unserved > kept;
        for (int i = 0; i < ids.Count && unserved > kept;)
        {
            if (served.Contains(ids[i].Text))
            {
                i++;
                continue;
            }

            FreezeApi.Remove(edit, scope, ids[i].Text);
            ids.RemoveAt(i);
            unserved--;
        }

        edit.Put(scope, Kinds.AutoDeployments, ListKey, list);
        return isMet;
    }
}

using EdgeProxy.Compiler;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Management.V1;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>Deploys REST APIs to all of their stages whenever they changed, where <see cref="ManagementOptions.AutoDeploy"/> says so (decision 0054). The service has no such thing.</summary>
/// <remarks>
/// What cannot be deployed, such as a method that has no integration yet, changes nothing of what is served. As with a deployment that somebody asks for, a stage with a
/// canary keeps its own deployment, and the canary gets the new one.
/// </remarks>
public sealed class AutoDeployRest : IEditStep
{
    /// <inheritdoc/>
    public bool IsOptional(ManagementOptions options) => options.AutoDeploy;

    /// <inheritdoc/>
    public string? Run(BookEdit edit, DateTimeOffset now, ManagementOptions options)
    {
        if (!options.AutoDeploy) return null;
        HashSet<string>? changed = null;
        foreach (RecordChange change in edit.Changes)
        {
            if (!change.Scope.StartsWith(Scopes.RestApis, StringComparison.Ordinal)) continue;
            if (change.Kind is not (Kinds.RestApi or Kinds.Resource or Kinds.Method or Kinds.Model or Kinds.Authorizer or Kinds.RequestValidator or Kinds.GatewayResponse)) continue;
            (changed ??= new HashSet<string>(StringComparer.Ordinal)).Add(change.Scope);
        }

        if (changed is null) return null;
        string? met = null;
        foreach (string scope in changed)
        {
            if (Deploy(edit, scope, now, options)) met = LimitNames.AutoDeployments;
        }

        return met;
    }

    // Whether older deployments had to go.
    private static bool Deploy(BookEdit edit, string scope, DateTimeOffset now, ManagementOptions options)
    {
        IReadOnlyList<Record> stages = edit.All(scope, Kinds.Stage);
        if (stages.Count == 0 || edit.ScopeOrNull(scope) is not { } api || DeploymentOperations.ProblemOrNull(edit, scope) is not null || !IsSound(api)) return false;
        StoredSnapshot snapshot;
        try
        {
            snapshot = ScopeArchive.Pack(api);
        }
        catch (InvalidDataException)
        {
            return false; // too large; whoever deploys it is told
        }

        string? deployment = null;
        foreach (Record record in stages)
        {
            WireValue stage = record.Open();
            WireValue target = stage["canarySettings"] is { IsObject: true } canary ? canary : stage;
            if (target.TextOf("deploymentId") is { } served && edit.Find(scope, Kinds.DeploymentSnapshot, served)?.Open().TextOf("snapshot") == snapshot.Id) continue;
            deployment ??= AutoDeploy.Remember(edit, scope, DeploymentOperations.Freeze(edit, scope, snapshot, now.ToUnixTimeSeconds(), "Automatic deployment").Key);
            target.Set("deploymentId", deployment);
            edit.Put(scope, Kinds.Stage, record.Key, stage.Set("lastUpdatedDate", now.ToUnixTimeSeconds()));
        }

        return deployment is not null && AutoDeploy.Prune(edit, scope, options.Limits.AutoDeploymentsKept);
    }

    // A change that cannot be compiled is kept all the same, and told by the next deployment that somebody asks for.
    private static bool IsSound(RecordScope api)
    {
        var problems = new ProblemList();
        ApiDefinition definition = ReadDefinition.Deployed(api, problems);
        if (!problems.HasErrors) ApiCompiler.Check(definition, new CheckOptions { IsKept = true }, problems);
        return !problems.HasErrors;
    }
}

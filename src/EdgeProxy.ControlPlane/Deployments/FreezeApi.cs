using EdgeProxy.ControlPlane.Management;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>Makes deployments of HTTP and WebSocket APIs (control-plane.md 2.4, 3.1).</summary>
internal static class FreezeApi
{
    /// <summary>Keeps what was frozen of an API as a deployment, which no stage serves yet.</summary>
    /// <param name="edit">Gets the records.</param>
    /// <param name="scope">The API's.</param>
    /// <param name="snapshot">What was frozen.</param>
    /// <param name="now">The time.</param>
    /// <param name="isAuto">Whether nobody asked for it.</param>
    /// <param name="description">Null for none.</param>
    public static Record Run(BookEdit edit, string scope, StoredSnapshot snapshot, DateTimeOffset now, bool isAuto, string? description)
    {
        string id = Ids.New(Ids.Short, taken => edit.Find(scope, Kinds.Deployment, taken) is not null);
        edit.Store(snapshot);
        edit.Put(scope, Kinds.DeploymentSnapshot, id, FrozenLinks.RecordOf(snapshot));
        var deployment = new Record(id, WireValue.NewObject()
            .Set("autoDeployed", isAuto)
            .Set("createdDate", Call.TextOf(now))
            .Set("deploymentId", id)
            .Set("deploymentStatus", "DEPLOYED")
            .Set("description", description)
            .ToBytes());
        edit.Put(scope, Kinds.Deployment, deployment);
        return deployment;
    }

    /// <summary>Removes a deployment with what it froze.</summary>
    public static void Remove(BookEdit edit, string scope, string id)
    {
        edit.Remove(scope, Kinds.Deployment, id);
        edit.Remove(scope, Kinds.DeploymentSnapshot, id);
    }

    /// <summary>Packs an API, if it can be deployed.</summary>
    /// <param name="edit">The records.</param>
    /// <param name="scope">The API's.</param>
    /// <param name="snapshot">What was frozen; null when it cannot be.</param>
    /// <returns>Why it cannot be deployed; null when it can.</returns>
    public static string? TryPack(BookEdit edit, string scope, out StoredSnapshot? snapshot)
    {
        snapshot = null;
        if (FaultOrNull(edit, scope) is { } fault) return fault;
        try
        {
            snapshot = ScopeArchive.Pack(edit.ScopeOrNull(scope)!);
            return null;
        }
        catch (InvalidDataException large)
        {
            return large.Message;
        }
    }

    // References can break behind the back of who checked them: links are no part of the API, and imports write records as they are.
    private static string? FaultOrNull(BookEdit edit, string scope)
    {
        bool isHttp = edit.Find(scope, Kinds.Api, scope[Scopes.Apis.Length..])?.Open().TextOf("protocolType") == "HTTP";
        IReadOnlyList<Record> routes = edit.All(scope, Kinds.Route);
        if (routes.Count == 0) return isHttp ? "Unable to deploy API because no routes exist in this API" : "At least one route is required before deploying the Api.";
        var models = new HashSet<string>(StringComparer.Ordinal);
        foreach (Record model in edit.All(scope, Kinds.Model)) models.Add(model.Open().TextOf("name") ?? "");
        foreach (Record record in routes)
        {
            WireValue route = record.Open();
            string? missing = Missing(edit, scope, route) ?? MissingModel(route["requestModels"], models);
            if (missing is not null) return $"Unable to deploy API because route {route.TextOf("routeKey")} refers to {missing}, which does not exist";
        }

        foreach (Record record in edit.All(scope, Kinds.RouteResponse))
        {
            if (MissingModel(record.Open()["responseModels"], models) is { } missing) return $"Unable to deploy API because a route response refers to {missing}, which does not exist";
        }

        return null;
    }

    private static string? Missing(BookEdit edit, string scope, WireValue route)
    {
        if (route.TextOf("authorizerId") is { } authorizer && edit.Find(scope, Kinds.Authorizer, authorizer) is null) return "authorizer " + authorizer;
        if (route.TextOf("target") is not { } target) return null;
        int slash = target.IndexOf('/', StringComparison.Ordinal);
        if (edit.Find(scope, Kinds.Integration, target[(slash + 1)..]) is not { } found) return target;
        WireValue integration = found.Open();
        if (integration.TextOf("connectionId") is not { } link || link.Contains("${", StringComparison.Ordinal)) return null;
        return edit.Find(Scopes.Account, Kinds.VpcLinkV2, link) is null && edit.Find(Scopes.Account, Kinds.VpcLink, link) is null ? "VPC link " + link : null;
    }

    private static string? MissingModel(WireValue? names, HashSet<string> models)
    {
        if (names is null) return null;
        foreach ((_, WireValue name) in names.Members)
        {
            if (!models.Contains(name.Text)) return "model " + name.Text;
        }

        return null;
    }
}

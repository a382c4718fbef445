using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Copies the definition of a REST API into a new one: all but its deployments, stages and documentation versions. Resources get ids of their own.</summary>
internal static class CloneApi
{
    private static readonly string[] s_kinds = [Kinds.Model, Kinds.Authorizer, Kinds.RequestValidator, Kinds.GatewayResponse, Kinds.DocumentationPart];

    /// <param name="from">The API to copy.</param>
    /// <param name="book">Gets the records.</param>
    /// <param name="scope">The new API's scope.</param>
    /// <param name="root">The new API's root resource.</param>
    public static void Run(RecordScope from, BookEdit book, string scope, string root)
    {
        foreach (string kind in s_kinds)
        {
            foreach (Record record in from.All(kind)) book.Put(scope, kind, record);
        }

        var ids = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Record record in from.All(Kinds.Resource)) ids[record.Key] = record.Open().TextOf("parentId") is null ? root : Ids.New(Ids.Long);
        foreach (Record record in from.All(Kinds.Resource))
        {
            WireValue resource = record.Open().Set("id", ids[record.Key]);
            if (resource.TextOf("parentId") is { } parent) resource.Set("parentId", ids.GetValueOrDefault(parent, root));
            book.Put(scope, Kinds.Resource, ids[record.Key], resource);
        }

        foreach (Record record in from.All(Kinds.Method))
        {
            int slash = record.Key.IndexOf('/', StringComparison.Ordinal);
            string before = record.Key[..slash];
            if (!ids.TryGetValue(before, out string? id)) continue;
            WireValue method = record.Open();
            if (method["methodIntegration"] is { IsObject: true } integration && integration.TextOf("cacheNamespace") == before) integration.Set("cacheNamespace", id);
            book.Put(scope, Kinds.Method, id + record.Key[slash..], method);
        }
    }
}

using EdgeProxy.ControlPlane.Records;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.Records;

/// <summary>Finds paths of a definition that would stand beside another variable part of an API that takes it in (control-plane.md 1.4, 1.6).</summary>
internal static class CheckSiblings
{
    private const int MostErrors = 20;

    /// <summary>What is wrong, in the words of the service's imports; empty for nothing.</summary>
    /// <param name="api">What is merged.</param>
    /// <param name="book">The records.</param>
    /// <param name="scope">The API's.</param>
    public static List<string> Run(ApiDefinition api, BookEdit book, string scope)
    {
        // By the path of the parent.
        var there = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (Record record in book.All(scope, Kinds.Resource))
        {
            if (record.Open().TextOf("path") is { } path && Split(path, out string parent, out string part)) there.TryAdd(parent, part);
        }

        var wrong = new List<string>();
        foreach (ResourceDefinition resource in api.Resources)
        {
            if (!Split(resource.Path, out string parent, out string part) || !there.TryGetValue(parent, out string? sibling) || sibling == part || wrong.Count == MostErrors) continue;
            wrong.Add($"Unable to create resource at path '{resource.Path}': A sibling ({sibling}) of this resource already has a variable path part -- only one is allowed");
        }

        return wrong;
    }

    // Whether the last part is a variable.
    private static bool Split(string path, out string parent, out string part)
    {
        int slash = path.LastIndexOf('/');
        parent = slash < 0 ? "" : path[..slash];
        part = path[(slash + 1)..];
        return part.StartsWith('{');
    }
}

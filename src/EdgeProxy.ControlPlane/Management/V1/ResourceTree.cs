using System.Text;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Looks around among the resources of a REST API.</summary>
/// <remarks>Finds by the bytes of records instead of opening each: making the ten-thousandth resource must not read the others one by one.</remarks>
internal static class ResourceTree
{
    /// <summary>The resource of a path; null when there is none.</summary>
    public static Record? FindByPath(IReadOnlyList<Record> resources, string path) => Find(resources, Member("path", path));

    /// <summary>The child of a resource whose part is a variable; null when it has none.</summary>
    /// <param name="resources">All resources.</param>
    /// <param name="parentId">The parent.</param>
    /// <param name="exceptId">A child that does not count; null for none.</param>
    public static string? VariablePartBelow(IReadOnlyList<Record> resources, string parentId, string? exceptId)
    {
        byte[] parent = Member("parentId", parentId);
        foreach (Record record in resources)
        {
            ReadOnlySpan<byte> json = record.Json.Span;
            if (record.Key != exceptId && json.IndexOf("\"pathPart\":\"{"u8) >= 0 && json.IndexOf(parent) >= 0) return record.Open().TextOf("pathPart");
        }

        return null;
    }

    /// <summary>All that stand below a path, at any depth.</summary>
    public static List<Record> Below(IReadOnlyList<Record> resources, string path)
    {
        byte[] start = Member("path", path == "/" ? path : path + "/");
        ReadOnlySpan<byte> prefix = start.AsSpan(0, start.Length - 1);
        byte[] self = Member("path", path);
        var found = new List<Record>();
        foreach (Record record in resources)
        {
            ReadOnlySpan<byte> json = record.Json.Span;
            if (json.IndexOf(prefix) >= 0 && json.IndexOf(self) < 0) found.Add(record);
        }

        return found;
    }

    /// <summary>The path of a child.</summary>
    public static string Join(string parent, string part) => parent == "/" ? "/" + part : $"{parent}/{part}";

    /// <summary>The methods of a resource, out of all of the API.</summary>
    public static ReadOnlySpan<Record> MethodsOf(IReadOnlyList<Record> methods, string resourceId)
    {
        // Both tables that there are, of the book and of an edit, are arrays.
        ReadOnlySpan<Record> all = methods is Record[] array ? array : [.. methods];
        string prefix = resourceId + "/";
        int low = 0;
        int high = all.Length;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (string.CompareOrdinal(all[middle].Key, prefix) < 0) low = middle + 1;
            else high = middle;
        }

        int end = low;
        while (end < all.Length && all[end].Key.StartsWith(prefix, StringComparison.Ordinal)) end++;
        return all[low..end];
    }

    private static Record? Find(IReadOnlyList<Record> resources, byte[] member)
    {
        foreach (Record record in resources)
        {
            if (record.Json.Span.IndexOf(member) >= 0) return record;
        }

        return null;
    }

    // As records hold it: within a text a quote would be escaped, so this is found nowhere but at the member.
    private static byte[] Member(string name, string text) => Encoding.UTF8.GetBytes($"\"{name}\":{WireValue.Of(text)}");
}

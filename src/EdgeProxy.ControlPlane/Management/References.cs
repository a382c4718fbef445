using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management;

/// <summary>Finds what of the APIs names a thing that is to be deleted.</summary>
internal static class References
{
    private const int Most = 10;

    /// <summary>The first few records of REST, HTTP and WebSocket APIs that have a text as a member, at any depth.</summary>
    /// <returns>Each as <c>{apiId}:{key}</c>.</returns>
    public static List<string> Find(BookEdit book, string kind, string member, string text)
    {
        // Records are written without blanks, and within texts quotes are escaped: the bytes say whether they have it.
        byte[] sought = [(byte)'"', .. System.Text.Encoding.UTF8.GetBytes(member), .. "\":"u8, .. WireValue.Of(text).ToBytes()];
        var found = new List<string>();
        foreach (string prefix in new[] { Scopes.RestApis, Scopes.Apis })
        {
            foreach (RecordScope api in book.ScopesBelow(prefix))
            {
                foreach (Record record in api.All(kind))
                {
                    if (found.Count == Most) return found;
                    if (record.Json.Span.IndexOf(sought) >= 0) found.Add($"{api.Id[prefix.Length..]}:{record.Key}");
                }
            }
        }

        return found;
    }
}

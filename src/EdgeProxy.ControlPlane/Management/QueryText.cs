using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.ControlPlane.Management;

/// <summary>Takes targets of the management API apart.</summary>
internal static class QueryText
{
    /// <summary>The pairs of a query in their order, decoded; a plus is a blank there.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Read(string query)
    {
        if (query.Length == 0) return [];
        var pairs = new List<KeyValuePair<string, string>>();
        foreach (QueryPair pair in new QueryReader(Encoding.UTF8.GetBytes(query)))
        {
            pairs.Add(new(Decoded(Encoding.UTF8.GetString(pair.Name).Replace('+', ' ')), Decoded(Encoding.UTF8.GetString(pair.Value).Replace('+', ' '))));
        }

        return pairs;
    }

    /// <summary>Decodes percent signs once; what is no code stays as it is.</summary>
    public static string Decoded(string text) => text.Contains('%', StringComparison.Ordinal) ? Uri.UnescapeDataString(text) : text;
}

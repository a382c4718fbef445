using System.Text;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.TestKit;

/// <summary>Reads fields for assertions.</summary>
public static class Fields
{
    /// <summary>The values of a name, without case, joined with <c>|</c>; null when there is none.</summary>
    public static string? Find(HeaderTable headers, string name)
    {
        string? found = null;
        for (int i = 0; i < headers.Count; i++)
        {
            if (!Encoding.Latin1.GetString(headers.Name(i)).Equals(name, StringComparison.OrdinalIgnoreCase)) continue;
            string value = Encoding.Latin1.GetString(headers.Value(i));
            found = found is null ? value : found + "|" + value;
        }

        return found;
    }
}

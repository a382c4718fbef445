using System.Buffers;
using EdgeProxy.Compiler.Passes;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>What route keys look like (http-api.md 2.1, websocket-api.md 5.1).</summary>
internal static class RouteKeys
{
    private static readonly SearchValues<char> s_pathCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@%");

    public static bool Fits(string key, bool isHttp) => isHttp ? key == "$default" || FitsHttp(key) : FitsWebSocket(key);

    private static bool FitsWebSocket(string key)
    {
        if (key.Length == 0 || key.AsSpan().IndexOfAnyInRange('\0', '\u001f') >= 0) return false;
        return key[0] != '$' || key is "$connect" or "$disconnect" or "$default";
    }

    private static bool FitsHttp(string key)
    {
        int blank = key.IndexOf(' ', StringComparison.Ordinal);
        if (blank < 0 || key[..blank] is not ("GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS" or "ANY")) return false;
        string path = key[(blank + 1)..];
        if (path == "/") return true;
        if (!path.StartsWith('/')) return false;
        var names = new HashSet<string>(StringComparer.Ordinal);
        bool ended = false;
        foreach (string part in path[1..].Split('/'))
        {
            // Nothing goes below a greedy variable, and an empty part is a slash too many.
            if (ended || part.Length == 0) return false;
            if (PathSyntax.TryPlaceholder(part, out string name, out ended))
            {
                if (!names.Add(name)) return false;
            }
            else if (part.AsSpan().IndexOfAnyExcept(s_pathCharacters) >= 0)
            {
                return false;
            }
        }

        return true;
    }
}

using System.Buffers;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>What a CORS configuration may hold (http-api.md 9.1).</summary>
internal static class CorsRules
{
    private const long LongestAge = 86_400;

    // RFC 9110, 5.6.2
    private static readonly SearchValues<char> s_tokenCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789!#$%&'*+-.^_`|~");

    private static readonly SearchValues<char> s_hostCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._:[]");

    private static readonly SearchValues<char> s_schemeCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789+-.");

    /// <summary>What is wrong; null for nothing.</summary>
    public static Reply? Fault(WireValue cors)
    {
        foreach (string origin in cors.TextsOf("allowOrigins"))
        {
            if (!IsOrigin(origin)) return Reply.BadRequest($"Invalid origin specified in corsConfiguration: {origin}");
            if (origin == "*" && cors.IsTrueOf("allowCredentials"))
            {
                return Reply.BadRequest("allowCredentials cannot be true when allowOrigins holds *");
            }
        }

        foreach (string method in cors.TextsOf("allowMethods"))
        {
            if (method is not ("*" or "GET" or "HEAD" or "PUT" or "PATCH" or "POST" or "DELETE" or "OPTIONS"))
            {
                return Reply.BadRequest($"Invalid method specified in corsConfiguration: {method}");
            }
        }

        foreach (string list in (ReadOnlySpan<string>)["allowHeaders", "exposeHeaders"])
        {
            foreach (string header in cors.TextsOf(list))
            {
                if (!IsToken(header)) return Reply.BadRequest($"Invalid header specified in corsConfiguration: {header}");
            }
        }

        return cors["maxAge"] is not null && cors.NumberOf("maxAge") is not (>= -1 and <= LongestAge)
            ? Reply.BadRequest("Invalid maxAge specified in corsConfiguration, must be between -1 and 86400")
            : null;
    }

    /// <summary>Whether a text can be the name of a field.</summary>
    public static bool IsToken(ReadOnlySpan<char> text) => text.Length > 0 && text.IndexOfAnyExcept(s_tokenCharacters) < 0;

    private static bool IsOrigin(string origin)
    {
        if (origin is "*" or "https://*" or "http://*") return true;
        int end = origin.IndexOf("://", StringComparison.Ordinal);
        if (end < 1 || !char.IsAsciiLetterLower(origin[0]) || origin.AsSpan(0, end).IndexOfAnyExcept(s_schemeCharacters) >= 0) return false;
        ReadOnlySpan<char> host = origin.AsSpan(end + 3);
        return host.Length > 0 && host.IndexOfAnyExcept(s_hostCharacters) < 0;
    }
}

using System.Buffers;
using System.Globalization;
using System.Net;
using System.Text;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Compiler.Mappings;

/// <summary>Says what is wrong with an integration URI before any stage variable is known (rest-api.md 5.2).</summary>
/// <remarks><see cref="BoundUri"/> judges again with a stage's variables in place; what is wrong whatever they hold is told here, to the author.</remarks>
internal static class UriFaults
{
    // RFC 3986: unreserved, reserved and the percent sign. Braces are ours.
    private static readonly SearchValues<char> UriCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%");

    private static readonly SearchValues<char> HostCharacters = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._");

    /// <summary>What is wrong and what to change; null when it can be called.</summary>
    public static string? FaultOrNull(UriTemplate uri)
    {
        if (uri.Segments is not [var first, ..]) return "uri is empty. Write the URL of the back end, for example http://127.0.0.1:8081/pets.";
        string start = first.Text.ToString();
        int authority = first.Kind != UriSegmentKind.Literal ? -1
            : start.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
            : start.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
            : -1;
        if (authority < 0)
        {
            return first.Kind == UriSegmentKind.StageVariable
                ? "uri starts with a stage variable. Write the scheme before it: http://${stageVariables.name}."
                : "uri must start with http:// or https://. Correct the scheme.";
        }

        return FaultOfCharacters(uri) ?? FaultOfAuthority(uri, authority);
    }

    /// <summary>Whether it has a placeholder.</summary>
    /// <param name="uri">The URI.</param>
    /// <param name="name">The name in its braces.</param>
    /// <param name="before">The segment before which to look.</param>
    public static bool HasPlaceholder(UriTemplate uri, string name, int before = int.MaxValue)
    {
        for (int i = 0; i < Math.Min(uri.Segments.Length, before); i++)
        {
            if (uri.Segments[i].Kind == UriSegmentKind.Placeholder && uri.Segments[i].Text.ToString() == name) return true;
        }

        return false;
    }

    private static string? FaultOfCharacters(UriTemplate uri)
    {
        foreach (UriSegment segment in uri.Segments)
        {
            if (segment.Kind != UriSegmentKind.Literal) continue;
            string text = segment.Text.ToString();
            if (text.Contains("${", StringComparison.Ordinal)) return "uri holds a ${...} other than ${stageVariables.name}, which nothing replaces. Correct or remove it.";
            int bad = text.AsSpan().IndexOfAnyExcept(UriCharacters);
            if (bad >= 0)
            {
                string shown = text[bad] is '{' or '}' ? "a brace that encloses no name" : text[bad] == ' ' ? "a space" : $"the character '{text[bad]}'";
                return $"uri holds {shown}. Percent-encode it, or remove it.";
            }

            if (text.Contains('#', StringComparison.Ordinal)) return "uri has a fragment (#), which is never sent to a server. Remove it, or write %23.";
            for (int at = text.IndexOf('%', StringComparison.Ordinal); at >= 0; at = text.IndexOf('%', at + 1))
            {
                if (at + 2 >= text.Length || !char.IsAsciiHexDigit(text[at + 1]) || !char.IsAsciiHexDigit(text[at + 2]))
                {
                    return "uri has a percent sign without two hexadecimal digits. Write %25 for the sign itself.";
                }
            }
        }

        return null;
    }

    // Request values must never choose the host (architecture.md 5); stage variables, which operators set, may.
    private static string? FaultOfAuthority(UriTemplate uri, int start)
    {
        StringBuilder? several = null;
        ReadOnlySpan<char> host = default;
        bool variable = false;
        for (int i = 0; i < uri.Segments.Length; i++)
        {
            if (uri.Segments[i].Kind == UriSegmentKind.Placeholder)
            {
                return $"uri has the placeholder {{{uri.Segments[i].Text}}} in its host. A value of a request must not choose the host; use ${{stageVariables.name}} there.";
            }

            if (uri.Segments[i].Kind == UriSegmentKind.StageVariable)
            {
                variable = true;
                continue;
            }

            ReadOnlySpan<char> text = uri.Segments[i].Text.ToString().AsSpan(i == 0 ? start : 0);
            int end = text.IndexOfAny('/', '?');
            if (end >= 0) text = text[..end];
            if (i == 0) host = text;
            else (several ??= new StringBuilder().Append(host)).Append(text);
            if (end >= 0) break;
        }

        if (several is not null) host = several.ToString();
        if (host.Contains('@')) return "uri has user information before the host. Remove it, and map an Authorization header instead.";
        if (variable) return null;
        int colon = host.LastIndexOf(':');
        if (colon >= 0 && host[^1] != ']')
        {
            ReadOnlySpan<char> port = host[(colon + 1)..];
            if (port.Length > 0 && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > 65_535))
            {
                return "uri has a port that is not from 1 to 65535. Correct it.";
            }

            host = host[..colon];
        }

        if (host.Length == 0) return "uri has no host. Write it after the scheme.";
        bool isAddress6 = host[0] == '[' && host[^1] == ']' && IPAddress.TryParse(host[1..^1], out _);
        return isAddress6 || !host.ContainsAnyExcept(HostCharacters) ? null : "uri has a host that is neither a name nor an address. Correct it.";
    }
}

using System.Buffers;
using System.Globalization;
using EdgeProxy.Compiler.Passes;

namespace EdgeProxy.Compiler.Mappings;

/// <summary>The URI of an HTTP integration, taken apart (rest-api.md 5.2).</summary>
public sealed class UriTemplate
{
    private const string StagePrefix = "${stageVariables.";

    // RFC 3986: unreserved, reserved and the percent sign. Braces are ours.
    private static readonly SearchValues<char> UriCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?#[]@!$&'()*+,;=%");

    private UriTemplate(IReadOnlyList<UriPart> parts) => Parts = parts;

    /// <summary>The parts in order; literals never stand side by side.</summary>
    public IReadOnlyList<UriPart> Parts { get; }

    /// <summary>True when the scheme is <c>https</c>.</summary>
    public bool IsTls => Parts is [{ Kind: UriPartKind.Literal } first, ..] && first.Text.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>Names of the placeholders, each once.</summary>
    public IEnumerable<string> Placeholders => Parts.Where(part => part.Kind == UriPartKind.Placeholder).Select(part => part.Text).Distinct(StringComparer.Ordinal);

    /// <summary>Takes any URI apart; what is neither placeholder nor stage variable is text, as other <c>${...}</c> are.</summary>
    public static UriTemplate Parse(string uri)
    {
        var parts = new List<UriPart>();
        int literal = 0;
        int at = 0;
        while (at < uri.Length)
        {
            int length = 0;
            UriPart part = default;
            if (uri[at] == '$') length = StageVariable(uri, at, out part);
            else if (uri[at] == '{') length = Placeholder(uri, at, out part);
            if (length == 0)
            {
                at++;
                continue;
            }

            if (at > literal) parts.Add(new UriPart(UriPartKind.Literal, uri[literal..at]));
            parts.Add(part);
            at += length;
            literal = at;
        }

        if (at > literal) parts.Add(new UriPart(UriPartKind.Literal, uri[literal..]));
        return new UriTemplate(parts);
    }

    /// <summary>Says what is wrong with it as the URI of an HTTP back end and what to change; null when it can be called.</summary>
    public string? Fault()
    {
        if (Parts.Count == 0) return "uri is empty. Write the URL of the back end, for example http://127.0.0.1:8081/pets.";
        UriPart first = Parts[0];
        int authority = first.Kind != UriPartKind.Literal ? -1
            : first.Text.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7
            : first.Text.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8
            : -1;
        if (authority < 0)
        {
            return first.Kind == UriPartKind.StageVariable
                ? "uri starts with a stage variable. Write the scheme before it: http://${stageVariables.name}."
                : "uri must start with http:// or https://. Correct the scheme.";
        }

        return FaultOfCharacters() ?? FaultOfAuthority(authority);
    }

    private string? FaultOfCharacters()
    {
        foreach (UriPart part in Parts)
        {
            if (part.Kind != UriPartKind.Literal) continue;
            int bad = part.Text.AsSpan().IndexOfAnyExcept(UriCharacters);
            if (bad >= 0)
            {
                string shown = part.Text[bad] is '{' or '}' ? "a brace that encloses no name" : part.Text[bad] == ' ' ? "a space" : $"the character '{part.Text[bad]}'";
                return $"uri holds {shown}. Percent-encode it, or remove it.";
            }

            if (part.Text.Contains('#', StringComparison.Ordinal)) return "uri has a fragment (#), which is never sent to a server. Remove it, or write %23.";
            for (int at = part.Text.IndexOf('%', StringComparison.Ordinal); at >= 0; at = part.Text.IndexOf('%', at + 1))
            {
                if (at + 2 >= part.Text.Length || !char.IsAsciiHexDigit(part.Text[at + 1]) || !char.IsAsciiHexDigit(part.Text[at + 2]))
                {
                    return "uri has a percent sign without two hexadecimal digits. Write %25 for the sign itself.";
                }
            }
        }

        return null;
    }

    // Request values must never choose the host (architecture.md 5); stage variables, which operators set, may.
    private string? FaultOfAuthority(int start)
    {
        var authority = new System.Text.StringBuilder();
        bool variable = false;
        for (int i = 0; i < Parts.Count; i++)
        {
            if (Parts[i].Kind == UriPartKind.Placeholder)
            {
                return $"uri has the placeholder {{{Parts[i].Text}}} in its host. A value of a request must not choose the host; use ${{stageVariables.name}} there.";
            }

            if (Parts[i].Kind == UriPartKind.StageVariable)
            {
                variable = true;
                continue;
            }

            ReadOnlySpan<char> text = i == 0 ? Parts[i].Text.AsSpan(start) : Parts[i].Text;
            int end = text.IndexOfAny('/', '?');
            authority.Append(end < 0 ? text : text[..end]);
            if (end >= 0) break;
        }

        string host = authority.ToString();
        if (host.Contains('@', StringComparison.Ordinal)) return "uri has user information before the host. Remove it, and map an Authorization header instead.";
        if (variable) return null;
        int colon = host.LastIndexOf(':');
        if (colon >= 0 && !host.EndsWith(']'))
        {
            ReadOnlySpan<char> port = host.AsSpan(colon + 1);
            if (port.Length > 0 && (!int.TryParse(port, NumberStyles.None, CultureInfo.InvariantCulture, out int number) || number is < 1 or > 65_535))
            {
                return "uri has a port that is not from 1 to 65535. Correct it.";
            }

            host = host[..colon];
        }

        if (host.Length == 0) return "uri has no host. Write it after the scheme.";
        bool address6 = host[0] == '[' && host[^1] == ']' && System.Net.IPAddress.TryParse(host.AsSpan(1, host.Length - 2), out _);
        return address6 || host.AsSpan().IndexOfAny("[]:%!$&'()*+,;=") < 0 ? null : "uri has a host that is neither a name nor an address. Correct it.";
    }

    private static int StageVariable(string uri, int at, out UriPart part)
    {
        part = default;
        if (!uri.AsSpan(at).StartsWith(StagePrefix, StringComparison.Ordinal)) return 0;
        int end = uri.IndexOf('}', at);
        if (end < 0) return 0;
        ReadOnlySpan<char> name = uri.AsSpan(at + StagePrefix.Length, end - at - StagePrefix.Length);
        if (name.Length == 0 || !PathSyntax.IsName(name)) return 0;
        part = new UriPart(UriPartKind.StageVariable, name.ToString());
        return end + 1 - at;
    }

    private static int Placeholder(string uri, int at, out UriPart part)
    {
        part = default;

        // "${...}" of another form stays text as a whole.
        if (at > 0 && uri[at - 1] == '$') return 0;
        int end = uri.IndexOf('}', at);
        if (end < 0 || !PathSyntax.IsName(uri.AsSpan(at + 1, end - at - 1))) return 0;
        part = new UriPart(UriPartKind.Placeholder, uri[(at + 1)..end]);
        return end + 1 - at;
    }
}

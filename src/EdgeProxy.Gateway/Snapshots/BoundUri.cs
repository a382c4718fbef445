using System.Buffers;
using System.Globalization;
using System.Text;
using EdgeProxy.Core.Text;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Http.Client;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>An integration's URI with one stage's variables in place: where to connect to, what Host says, and the target to render.</summary>
/// <remarks>
/// Made when the stage's plan is built, so a request only copies and encodes. The authority comes from literals and stage variables,
/// which are the operator's; a placeholder in it is a problem, because request values must never choose a host (architecture.md 5).
/// </remarks>
internal sealed class BoundUri
{
    private const int MostOnStack = 512;

    // RFC 3986: unreserved, reserved and the percent sign. What is not in it gets percent-encoded, so no variable can break a request line.
    private static readonly SearchValues<byte> s_uriBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~:/?[]@!$&'()*+,;=%"u8);

    private BoundUri()
    {
    }

    /// <summary>Why the URI cannot be called, or null. Requests for it answer 500 <c>API_CONFIGURATION_ERROR</c>.</summary>
    public string? Problem { get; private init; }

    /// <summary>Where to connect to; null only with a <see cref="Problem"/>.</summary>
    public UpstreamName? Upstream { get; private init; }

    /// <summary>The targets to choose from in place of <see cref="Upstream"/>, which then is the first of them; null when there is nothing to choose or to hold to account.</summary>
    public UpstreamGroup? Group { get; private init; }

    /// <summary>What to send as Host: the port only when it is not the scheme's own.</summary>
    public byte[] Host { get; private init; } = [];

    /// <summary>The target from its first slash on.</summary>
    public UriPart[] Target { get; private init; } = [];

    /// <summary>Whether the URI has a query of its own.</summary>
    public bool HasQuery { get; private init; }

    /// <summary>Whether a mapped value stands in the path.</summary>
    public bool HasPathValues { get; private init; }

    /// <summary>Puts a stage's variables in place.</summary>
    /// <param name="template">The URI.</param>
    /// <param name="variables">The stage's variables; an unknown one is empty.</param>
    /// <param name="mappings">The integration's request parameters, among which placeholders are looked up.</param>
    /// <param name="names">Upstreams met before: equal ones become the same object.</param>
    /// <param name="speaks">How to speak to the upstream.</param>
    /// <param name="defaultProtocol">The version of HTTP where <paramref name="speaks"/> names none.</param>
    /// <param name="clientCertificate">The stage's files of what the upstream is shown where <paramref name="speaks"/> names none.</param>
    /// <param name="links">What VPC links stand for, by id.</param>
    /// <param name="groups">Makes <see cref="Group"/>; null where nothing is to be called.</param>
    /// <param name="isOverridable">Whether a template may give a placeholder its value, so that none has to be mapped to it.</param>
    public static BoundUri Bind(
        UriTemplate template, StageVariables variables, ReadOnlySpan<ParameterMapping> mappings, Dictionary<UpstreamName, UpstreamName>? names = null,
        UpstreamPlan? speaks = null, UpstreamProtocol defaultProtocol = UpstreamProtocol.Http1, (string Certificate, string Key)? clientCertificate = null,
        IReadOnlyDictionary<string, VpcLink>? links = null, bool isOverridable = false, UpstreamGroups? groups = null)
    {
        // Runs of text, each up to the next placeholder. A variable's text is never searched for placeholders.
        int most = 0;
        int count = 0;
        foreach (UriSegment segment in template.Segments)
        {
            if (segment.Kind == UriSegmentKind.Placeholder) count++;
            else most += segment.Kind == UriSegmentKind.Literal ? segment.Text.Span.Length : variables[segment.Text.Span].Length;
        }

        Span<byte> runs = most <= MostOnStack ? stackalloc byte[MostOnStack] : new byte[most];
        Span<int> ends = count < MostOnStack / 16 ? stackalloc int[MostOnStack / 16] : new int[count + 1];
        Utf8Text[] placeholders = count == 0 ? [] : new Utf8Text[count];
        int run = 0;
        int length = 0;
        foreach (UriSegment segment in template.Segments)
        {
            if (segment.Kind == UriSegmentKind.Placeholder)
            {
                placeholders[run] = segment.Text;
                ends[run++] = length;
                continue;
            }

            ReadOnlySpan<byte> part = segment.Kind == UriSegmentKind.Literal ? segment.Text.Span : variables[segment.Text.Span];
            part.CopyTo(runs[length..]);
            length += part.Length;
        }

        ends[run] = length;
        ReadOnlySpan<byte> first = runs[..ends[0]];
        int schemeEnd = first.IndexOf("://"u8);
        ReadOnlySpan<byte> scheme = schemeEnd < 0 ? default : first[..schemeEnd];
        bool isTls = Ascii.EqualsIgnoreCase(scheme, "https");
        if (!isTls && !Ascii.EqualsIgnoreCase(scheme, "http")) return Wrong("The scheme is not http or https.");

        int start = schemeEnd + 3;
        int end = first[start..].IndexOfAny((byte)'/', (byte)'?', (byte)'#');
        if (end < 0 && count > 0) return Wrong("A placeholder stands in the authority.");
        string authority = Encoding.UTF8.GetString(end < 0 ? first[start..] : first.Slice(start, end));
        if (!TrySplitAuthority(authority, isTls ? 443 : 80, out string host, out int port, out string? problem)) return Wrong(problem!);

        var parts = new List<UriPart>(1 + (2 * count));
        bool inQuery = false;
        bool hasPathValues = false;
        int at = end < 0 ? ends[0] : start + end;

        // Percent-encoded a byte is three, and a slash may come before all of them.
        int longest = 1 + (3 * (length - at));
        Span<byte> text = longest <= MostOnStack ? stackalloc byte[MostOnStack] : new byte[longest];
        int written = 0;
        if (at == ends[0] || runs[at] != '/') text[written++] = (byte)'/';
        for (int i = 0; i <= count; i++)
        {
            bool fragment = false;
            for (; at < ends[i]; at++)
            {
                byte value = runs[at];
                fragment = value == '#';
                if (fragment) break;
                inQuery |= value == '?';
                if (s_uriBytes.Contains(value)) text[written++] = value;
                else written += Encoded(value, text[written..]);
            }

            if (fragment || i == count) break;
            int mapping = IndexOf(mappings, placeholders[i]);
            if (mapping < 0 && !isOverridable) return Wrong("A placeholder has no path parameter mapped to it.");
            if (written > 0) parts.Add(new UriPart(text[..written].ToArray(), -1, inQuery));
            written = 0;
            parts.Add(new UriPart(null, mapping, inQuery, placeholders[i]));
            hasPathValues |= !inQuery;
        }

        if (written > 0) parts.Add(new UriPart(text[..written].ToArray(), -1, inQuery));
        string shown = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        speaks ??= UpstreamPlan.Default;
        UpstreamProtocol protocol = speaks.Protocol ?? defaultProtocol;
        if (protocol == UpstreamProtocol.Auto && !isTls) protocol = UpstreamProtocol.Http1; // in the clear there is nothing to agree by
        UpstreamTls? tls = isTls ? Secured(speaks.Tls, clientCertificate, null) : null;

        // Where the way is another, the name that is asked for and verified stays that of the URI.
        UpstreamTls? named = tls is { ServerName: null } && (speaks.Links.Length > 0 || speaks.Targets.Length > 0) ? Secured(speaks.Tls, clientCertificate, host) : tls;
        var upstream = new UpstreamName(host, port, protocol, tls);
        if (speaks.Links.Length > 0)
        {
            // Only the way changes: Host, the path and the name that the certificate is held against stay those of the URI.
            if (LinkOrNull(speaks.Links, variables, links ?? VpcLink.None) is not { } link) return Wrong("The VPC link is not configured (upstream.vpcLinks).");
            upstream = new UpstreamName(link.Host, link.Port ?? port, protocol, named);
        }

        UpstreamName[] targets = speaks.Targets.Length == 0 ? [] : new UpstreamName[speaks.Targets.Length];
        for (int i = 0; i < targets.Length; i++)
        {
            string address = TextOf(speaks.Targets[i].Address, variables);
            if (!TrySplitAuthority(address, port, out string targetHost, out int targetPort, out problem)) return Wrong($"The target \"{address}\" is no address. {problem}");
            targets[i] = Interned(new UpstreamName(targetHost, targetPort, protocol, named), names);
        }

        upstream = targets.Length > 0 ? targets[0] : Interned(upstream, names);
        byte[] hostBytes = Encoding.ASCII.GetBytes(port == (isTls ? 443 : 80) ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown}:{port}"));
        return new BoundUri
        {
            Upstream = upstream,
            Group = groups?.GroupOrNull(isTls, shown, port, upstream, speaks, targets, hostBytes),
            Host = hostBytes,
            Target = [.. parts],
            HasQuery = inQuery,
            HasPathValues = hasPathValues,
        };
    }

    /// <summary>What is wrong with the address of a target in which no stage variable stands; null when it can be called.</summary>
    public static string? AddressProblemOrNull(UriTemplate address) =>
        Array.Exists(address.Segments, static segment => segment.Kind == UriSegmentKind.StageVariable) || TrySplitAuthority(address.Text, 80, out _, out _, out string? problem) ? null : problem;

    private static int Encoded(byte value, Span<byte> text)
    {
        text[0] = (byte)'%';
        text[1] = "0123456789ABCDEF"u8[value >> 4];
        text[2] = "0123456789ABCDEF"u8[value & 15];
        return 3;
    }

    private static UpstreamName Interned(UpstreamName name, Dictionary<UpstreamName, UpstreamName>? names) =>
        names is null || names.TryAdd(name, name) ? name : names[name];

    private static string TextOf(UriTemplate template, StageVariables variables)
    {
        var text = new StringBuilder();
        foreach (UriSegment segment in template.Segments)
        {
            text.Append(segment.Kind switch
            {
                UriSegmentKind.StageVariable => Encoding.UTF8.GetString(variables[segment.Text.Span]),
                UriSegmentKind.Placeholder => $"{{{segment.Text}}}",
                _ => segment.Text.ToString(),
            });
        }

        return text.ToString();
    }

    private static VpcLink? LinkOrNull(UriTemplate[] ids, StageVariables variables, IReadOnlyDictionary<string, VpcLink> links)
    {
        foreach (UriTemplate id in ids)
        {
            if (links.TryGetValue(TextOf(id, variables), out VpcLink? link)) return link;
        }

        return null;
    }

    // The shared object: contexts are kept by it for requests under way.
    private static UpstreamTls Secured(UpstreamTls tls, (string Certificate, string Key)? clientCertificate, string? serverName)
    {
        if (clientCertificate is var (certificate, key) && tls.ClientCertificateFile is null) tls = tls with { ClientCertificateFile = certificate, ClientKeyFile = key };
        return UpstreamTls.Shared(serverName is null ? tls : tls with { ServerName = serverName });
    }

    private static BoundUri Wrong(string problem) => new() { Problem = problem };

    private static int IndexOf(ReadOnlySpan<ParameterMapping> mappings, Utf8Text name)
    {
        for (int i = 0; i < mappings.Length; i++)
        {
            if (mappings[i].Target == MappingTarget.Path && mappings[i].Name.Span.SequenceEqual(name.Span)) return i;
        }

        return -1;
    }

    private static bool TrySplitAuthority(string authority, int defaultPort, out string host, out int port, out string? problem)
    {
        port = defaultPort;
        host = "";
        problem = null;
        if (authority.Contains('@', StringComparison.Ordinal))
        {
            problem = "The authority holds user information.";
            return false;
        }

        if (!HostPort.TryParse(authority, out host, out int? written, out problem)) return false;
        port = written ?? defaultPort;
        return true;
    }
}

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
        // Runs of text between placeholders. A variable's text is never searched for placeholders.
        var runs = new List<List<byte>> { new() };
        var placeholders = new List<Utf8Text>();
        foreach (UriSegment segment in template.Segments)
        {
            switch (segment.Kind)
            {
                case UriSegmentKind.Literal:
                    runs[^1].AddRange(segment.Text.Span);
                    break;
                case UriSegmentKind.StageVariable:
                    runs[^1].AddRange(variables[segment.Text.Span]);
                    break;
                default:
                    placeholders.Add(segment.Text);
                    runs.Add([]);
                    break;
            }
        }

        string first = Encoding.UTF8.GetString([.. runs[0]]);
        int schemeEnd = first.IndexOf("://", StringComparison.Ordinal);
        string scheme = schemeEnd < 0 ? "" : first[..schemeEnd];
        bool isTls = scheme.Equals("https", StringComparison.OrdinalIgnoreCase);
        if (!isTls && !scheme.Equals("http", StringComparison.OrdinalIgnoreCase)) return Wrong("The scheme is not http or https.");

        int start = schemeEnd + 3;
        int end = first.AsSpan(start).IndexOfAny('/', '?', '#');
        if (end < 0 && placeholders.Count > 0) return Wrong("A placeholder stands in the authority.");
        string authority = end < 0 ? first[start..] : first.Substring(start, end);
        if (!TrySplitAuthority(authority, isTls ? 443 : 80, out string host, out int port, out string? problem)) return Wrong(problem!);

        var parts = new List<UriPart>();
        bool inQuery = false;
        bool hasPathValues = false;
        runs[0] = end < 0 ? [] : [.. Encoding.UTF8.GetBytes(first[(start + end)..])];
        var text = new List<byte>();
        if (runs[0].Count == 0 || runs[0][0] != '/') text.Add((byte)'/');
        for (int i = 0; i < runs.Count; i++)
        {
            bool fragment = false;
            foreach (byte value in runs[i])
            {
                fragment = value == '#';
                if (fragment) break;
                inQuery |= value == '?';
                if (s_uriBytes.Contains(value)) text.Add(value);
                else text.AddRange(Encoding.ASCII.GetBytes($"%{value:X2}"));
            }

            if (fragment || i == placeholders.Count) break;
            int mapping = IndexOf(mappings, placeholders[i]);
            if (mapping < 0 && !isOverridable) return Wrong("A placeholder has no path parameter mapped to it.");
            if (text.Count > 0) parts.Add(new UriPart([.. text], -1, inQuery));
            text.Clear();
            parts.Add(new UriPart(null, mapping, inQuery, placeholders[i]));
            hasPathValues |= !inQuery;
        }

        if (text.Count > 0) parts.Add(new UriPart([.. text], -1, inQuery));
        string shown = host.Contains(':', StringComparison.Ordinal) ? $"[{host}]" : host;
        speaks ??= UpstreamPlan.Default;
        UpstreamProtocol protocol = speaks.Protocol ?? defaultProtocol;
        if (protocol == UpstreamProtocol.Auto && !isTls) protocol = UpstreamProtocol.Http1; // in the clear there is nothing to agree by
        UpstreamTls? tls = isTls ? Secured(speaks.Tls, clientCertificate) : null;
        var upstream = new UpstreamName(host, port, protocol, tls);
        if (speaks.Links.Length > 0)
        {
            // Only the way changes: Host, the path and the name that the certificate is held against stay those of the URI.
            if (LinkOrNull(speaks.Links, variables, links ?? VpcLink.None) is not { } link) return Wrong("The VPC link is not configured (upstream.vpcLinks).");
            upstream = new UpstreamName(link.Host, link.Port ?? port, protocol, tls is { ServerName: null } ? tls with { ServerName = host } : tls);
        }

        UpstreamName[] targets = new UpstreamName[speaks.Targets.Length];
        for (int i = 0; i < targets.Length; i++)
        {
            string address = TextOf(speaks.Targets[i].Address, variables);
            if (!TrySplitAuthority(address, port, out string targetHost, out int targetPort, out problem)) return Wrong($"The target \"{address}\" is no address. {problem}");
            targets[i] = Interned(new UpstreamName(targetHost, targetPort, protocol, tls is { ServerName: null } ? tls with { ServerName = host } : tls), names);
        }

        upstream = targets.Length > 0 ? targets[0] : Interned(upstream, names);
        byte[] hostBytes = Encoding.ASCII.GetBytes(port == (isTls ? 443 : 80) ? shown : string.Create(CultureInfo.InvariantCulture, $"{shown}:{port}"));
        return new BoundUri
        {
            Upstream = upstream,
            Group = groups?.GroupOrNull($"{(isTls ? "https" : "http")}://{shown}:{port.ToString(CultureInfo.InvariantCulture)}", upstream, speaks, targets, hostBytes),
            Host = hostBytes,
            Target = [.. parts],
            HasQuery = inQuery,
            HasPathValues = hasPathValues,
        };
    }

    /// <summary>What is wrong with the address of a target in which no stage variable stands; null when it can be called.</summary>
    public static string? AddressProblemOrNull(UriTemplate address) =>
        Array.Exists(address.Segments, static segment => segment.Kind == UriSegmentKind.StageVariable) || TrySplitAuthority(address.Text, 80, out _, out _, out string? problem) ? null : problem;

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

    private static UpstreamTls Secured(UpstreamTls tls, (string Certificate, string Key)? clientCertificate) =>
        clientCertificate is not var (certificate, key) || tls.ClientCertificateFile is not null ? tls : tls with { ClientCertificateFile = certificate, ClientKeyFile = key };

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

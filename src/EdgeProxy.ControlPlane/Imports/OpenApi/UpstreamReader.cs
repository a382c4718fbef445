using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Reads <c>x-edgeproxy-upstream</c>, at the root or in an integration.</summary>
internal sealed class UpstreamReader(ImportContext context)
{
    public const string Name = "x-edgeproxy-upstream";

    private static readonly string[] Members = ["protocol", "trailers", "tls"];
    private static readonly string[] TlsMembers = ["caFile", "clientCertificateFile", "clientKeyFile", "serverName"];

    /// <summary>Reads the extension in an object; null when there is none.</summary>
    public UpstreamDefinition? ReadOrNull(DocumentNode parent)
    {
        if (parent.Find(Name) is not { IsNull: false } node || !node.ExpectMapping(Name, context.Problems)) return null;
        node.ExpectKeys(Name, Members, context.Problems);
        DocumentNode? tls = node.Find("tls") is { IsNull: false } found && found.ExpectMapping("tls", context.Problems) ? found : null;
        tls?.ExpectKeys("tls", TlsMembers, context.Problems);
        return new UpstreamDefinition
        {
            Origin = node.Origin,
            Protocol = node.Find("protocol") is { IsNull: false } protocol ? ReadProtocol(protocol) : null,
            Trailers = node.Find("trailers") is { IsNull: false } trailers ? trailers.ExpectBoolean("trailers", context.Problems) : null,
            CaFile = PathOf(tls, "caFile"),
            ClientCertificateFile = PathOf(tls, "clientCertificateFile"),
            ClientKeyFile = PathOf(tls, "clientKeyFile"),
            ServerName = tls is null ? null : context.TextOf(tls, "serverName", "serverName"),
        };
    }

    private UpstreamProtocol? ReadProtocol(DocumentNode node) =>
        node.ExpectOneOf("protocol", ["http1", "h2", "auto"], StringComparison.OrdinalIgnoreCase, context.Problems) switch
        {
            "http1" => UpstreamProtocol.Http1,
            "h2" => UpstreamProtocol.Http2,
            "auto" => UpstreamProtocol.Auto,
            _ => null,
        };

    // As every path in a file of settings, a relative one starts at the file it stands in.
    private string? PathOf(DocumentNode? tls, string member)
    {
        if (tls is null || context.TextOf(tls, member, member) is not { } path) return null;
        return Path.Combine(Path.GetDirectoryName(tls.Origin.Document) ?? "", path);
    }
}

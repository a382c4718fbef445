using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.ControlPlane.Imports.OpenApi;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Deployments;

/// <summary>Reads EdgeProxy's own members of records, which have the form that they have in documents, as documents are read.</summary>
/// <remarks>Where an API says something for all of its methods every record has the same bytes, so what was read last is kept.</remarks>
/// <param name="problems">Gets what is wrong.</param>
internal sealed class ReadExtensions(ProblemList problems)
{
    private byte[] _lastUpstream = [];
    private UpstreamDefinition? _upstream;
    private byte[] _lastCache = [];
    private CachePolicyDefinition? _cache;

    /// <summary>The value of <c>x-edgeproxy-upstream</c>; null when it cannot be read.</summary>
    public UpstreamDefinition? Upstream(ReadOnlySpan<byte> value)
    {
        if (value.SequenceEqual(_lastUpstream)) return _upstream;
        _lastUpstream = value.ToArray();
        return _upstream = Read(UpstreamReader.Name, value) is { } parent ? new UpstreamReader(ContextOf(parent)).ReadOrNull(parent) : null;
    }

    /// <summary>The value of <c>x-edgeproxy-cache</c>; null when it cannot be read.</summary>
    public CachePolicyDefinition? CachePolicy(ReadOnlySpan<byte> value)
    {
        if (value.SequenceEqual(_lastCache)) return _cache;
        _lastCache = value.ToArray();
        return _cache = Read(CachePolicyReader.Name, value) is { } parent ? new CachePolicyReader(ContextOf(parent)).ReadOrNull(parent) : null;
    }

    // The readers look for their member in an object. The document is called as the member is, without a folder: paths in it are as the record has them.
    private DocumentNode? Read(string name, ReadOnlySpan<byte> value) => JsonDocumentReader.Read(name, [.. Encoding.UTF8.GetBytes($"{{\"{name}\":"), .. value, (byte)'}'], problems);

    private ImportContext ContextOf(DocumentNode root) => new(root, OpenApiVersion.OpenApi30, ApiKind.Rest, new OpenApiImportOptions(), problems);
}

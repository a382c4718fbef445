using EdgeProxy.Core.Concurrency;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Client;

/// <summary>What the clients of both protocols have: their loop, how they connect, and how much they may.</summary>
public abstract class ProtocolClient : UpstreamClient
{
    private protected ProtocolClient(EventLoop loop, IConnector connector, UpstreamOptions options, UpstreamMetrics metrics, NameResolver? resolver, ISecureConnector? secure)
    {
        Loop = loop;
        Connector = connector;
        Secure = secure;
        Options = options;
        Metrics = metrics;
        Resolver = resolver ?? new NameResolver(loop, options.DnsTtl, metrics);
    }

    public EventLoop Loop { get; }

    public UpstreamOptions Options { get; set; }

    internal IConnector Connector { get; }

    internal ISecureConnector? Secure { get; }

    internal UpstreamMetrics Metrics { get; }

    internal NameResolver Resolver { get; }

    /// <summary>Whether connections end with their last call.</summary>
    internal bool IsClosing { get; private protected set; }
}

using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client.Http2;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Client;

/// <summary>One loop's upstreams, each called by the version of HTTP that it speaks.</summary>
public sealed class UpstreamClients : UpstreamClient
{
    private readonly Http1Client _http1;
    private readonly Http2Client _http2;

    public UpstreamClients(EventLoop loop, IConnector connector, UpstreamOptions options, UpstreamMetrics metrics, NameResolver? resolver = null)
    {
        resolver ??= new NameResolver(loop, options.DnsTtl, metrics);
        _http1 = new Http1Client(loop, connector, options, metrics, resolver);
        _http2 = new Http2Client(loop, connector, options, metrics, resolver);
    }

    /// <summary>Limits and time-outs; a change holds from the next call on.</summary>
    public UpstreamOptions Options
    {
        get => _http1.Options;
        set => _http1.Options = _http2.Options = value;
    }

    public override UpstreamCall Rent(UpstreamName upstream) => upstream.Protocol == UpstreamProtocol.Http2 ? _http2.Rent(upstream) : _http1.Rent();

    /// <summary>Closes idle connections, and from now on each connection after its last call.</summary>
    public void Close()
    {
        _http1.Close();
        _http2.Close();
    }
}

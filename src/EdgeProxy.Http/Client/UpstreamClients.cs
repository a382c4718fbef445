using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client.Http2;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Client;

/// <summary>One loop's upstreams, each called by the version of HTTP that it speaks.</summary>
public sealed class UpstreamClients : UpstreamClient
{
    private readonly Http1Client _http1;
    private readonly Http2Client _http2;
    private readonly PoolTable<ProtocolChoice> _choices;

    public UpstreamClients(EventLoop loop, IConnector connector, UpstreamOptions options, UpstreamMetrics metrics, NameResolver? resolver = null, ISecureConnector? secure = null)
    {
        Loop = loop;
        NameResolver names = resolver ?? new NameResolver(loop, options.DnsTtl, metrics);
        _http1 = new Http1Client(loop, connector, options, metrics, names, secure);
        _http2 = new Http2Client(loop, connector, options, metrics, names, secure);
        _choices = new PoolTable<ProtocolChoice>(loop, name => new ProtocolChoice(this, name, new UpstreamDialer(loop, connector, secure, names, metrics, name)));
    }

    public EventLoop Loop { get; }

    /// <summary>Limits and time-outs; a change holds from the next call on.</summary>
    public UpstreamOptions Options
    {
        get => _http1.Options;
        set => _http1.Options = _http2.Options = value;
    }

    public override UpstreamCall Rent(UpstreamName upstream) => upstream.Protocol switch
    {
        UpstreamProtocol.Http1 => _http1.Rent(),
        UpstreamProtocol.Http2 => _http2.Rent(upstream),
        _ => upstream.IsTls && _choices.Get(upstream).IsHttp2() ? _http2.Rent(upstream) : _http1.Rent(),
    };

    public override bool CanCarry(UpstreamCall call, UpstreamName upstream) =>
        upstream.Protocol != UpstreamProtocol.Auto || !upstream.IsTls || call is Http2Call == _choices.Get(upstream).IsHttp2();

    /// <summary>Closes idle connections, and from now on each connection after its last call.</summary>
    public void Close()
    {
        _http1.Close();
        _http2.Close();
    }

    /// <summary>Takes the connection over that has shown what an upstream speaks.</summary>
    internal void Adopt(UpstreamName name, Connection connection, bool isHttp2)
    {
        if (isHttp2) _http2.PoolFor(name).Adopt(connection);
        else _http1.PoolFor(name).Adopt(connection);
    }
}

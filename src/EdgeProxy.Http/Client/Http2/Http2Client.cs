using EdgeProxy.Core.Concurrency;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Client.Http2;

/// <summary>Calls upstreams by HTTP/2 from one loop, many calls on each connection (RFC 9113).</summary>
public sealed class Http2Client : ProtocolClient
{
    private readonly Stack<Http2Call> _free = [];
    private readonly PoolTable<Http2Pool> _pools;

    public Http2Client(EventLoop loop, IConnector connector, UpstreamOptions options, UpstreamMetrics metrics, NameResolver? resolver = null, ISecureConnector? secure = null)
        : base(loop, connector, options, metrics, resolver, secure)
    {
        _pools = new PoolTable<Http2Pool>(loop, name => new Http2Pool(this, name));
    }

    public override UpstreamCall Rent(UpstreamName upstream)
    {
        Http2Call call = _free.TryPop(out Http2Call? free) ? free : new Http2Call(this);
        call.Begin();
        return call;
    }

    /// <summary>Closes connections without calls, and from now on each connection after its last call.</summary>
    public void Close()
    {
        IsClosing = true;
        foreach (Http2Pool pool in _pools.All) pool.Close();
    }

    internal void Return(Http2Call call) => _free.Push(call);

    internal Http2Pool PoolFor(UpstreamName name) => _pools.Get(name);
}

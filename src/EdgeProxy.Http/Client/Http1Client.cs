using EdgeProxy.Core.Concurrency;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Client;

/// <summary>Calls upstreams by HTTP/1.1 from one loop, over pools of its own.</summary>
public sealed class Http1Client : ProtocolClient
{
    private readonly Stack<Http1Call> _free = [];
    private readonly PoolTable<UpstreamPool> _pools;

    public Http1Client(EventLoop loop, IConnector connector, UpstreamOptions options, UpstreamMetrics metrics, NameResolver? resolver = null, ISecureConnector? secure = null)
        : base(loop, connector, options, metrics, resolver, secure)
    {
        _pools = new PoolTable<UpstreamPool>(loop, name => new UpstreamPool(this, name));
    }

    /// <summary>How many upstreams have a pool.</summary>
    internal int Pools => _pools.Count;

    public override UpstreamCall Rent(UpstreamName upstream) => Rent();

    /// <summary>A call ready to be filled.</summary>
    public UpstreamCall Rent()
    {
        Http1Call call = _free.TryPop(out Http1Call? free) ? free : new Http1Call(this);
        call.Begin();
        return call;
    }

    /// <summary>Closes idle connections, and from now on each connection after its call.</summary>
    public void Close()
    {
        IsClosing = true;
        foreach (UpstreamPool pool in _pools.All) pool.CloseIdle();
    }

    internal void Return(Http1Call call) => _free.Push(call);

    internal UpstreamPool PoolFor(UpstreamName name) => _pools.Get(name);
}

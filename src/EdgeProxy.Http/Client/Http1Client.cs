using EdgeProxy.Core.Concurrency;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Client;

/// <summary>Calls upstreams by HTTP/1.1 from one loop, over pools of its own.</summary>
public sealed class Http1Client : UpstreamClient
{
    private readonly Stack<Http1Call> _free = [];
    private readonly PoolTable<UpstreamPool> _pools;

    public Http1Client(EventLoop loop, IConnector connector, UpstreamOptions options, UpstreamMetrics metrics, NameResolver? resolver = null, ISecureConnector? secure = null)
    {
        Loop = loop;
        Connector = connector;
        Secure = secure;
        Options = options;
        Metrics = metrics;
        Resolver = resolver ?? new NameResolver(loop, options.DnsTtl, metrics);
        _pools = new PoolTable<UpstreamPool>(loop, name => new UpstreamPool(this, name));
    }

    public EventLoop Loop { get; }

    public UpstreamOptions Options { get; set; }

    internal IConnector Connector { get; }

    internal ISecureConnector? Secure { get; }

    internal UpstreamMetrics Metrics { get; }

    internal NameResolver Resolver { get; }

    /// <summary>How many upstreams have a pool.</summary>
    internal int Pools => _pools.Count;

    internal bool IsClosing { get; private set; }

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

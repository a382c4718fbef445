using System.Runtime.CompilerServices;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Client;

/// <summary>Calls upstreams by HTTP/1.1 from one loop, over pools of its own.</summary>
public sealed class Http1Client : UpstreamClient
{
    private const int MostRememberedNames = 4096;
    private const long PoolLifeNanoseconds = 600_000_000_000;

    private readonly Stack<Http1Call> _free = [];
    private readonly Dictionary<UpstreamName, UpstreamPool> _pools = [];

    // Plans hold their names: the same object comes again with each request, and needs no hashing of strings.
    private readonly Dictionary<UpstreamName, UpstreamPool> _poolsByReference = new(ReferenceEqualityComparer.Instance);
    private UpstreamName? _lastName;
    private UpstreamPool? _lastPool;

    public Http1Client(EventLoop loop, IConnector connector, UpstreamOptions options, UpstreamMetrics metrics, NameResolver? resolver = null)
    {
        Loop = loop;
        Connector = connector;
        Options = options;
        Metrics = metrics;
        Resolver = resolver ?? new NameResolver(loop, options.DnsTtl, metrics);
    }

    public EventLoop Loop { get; }

    public UpstreamOptions Options { get; set; }

    internal IConnector Connector { get; }

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
        foreach (UpstreamPool pool in _pools.Values) pool.CloseIdle();
    }

    internal void Return(Http1Call call) => _free.Push(call);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal UpstreamPool PoolFor(UpstreamName name) => ReferenceEquals(name, _lastName) ? _lastPool! : FindPool(name);

    private UpstreamPool FindPool(UpstreamName name)
    {
        if (!_poolsByReference.TryGetValue(name, out UpstreamPool? pool))
        {
            if (!_pools.TryGetValue(name, out pool))
            {
                DropUnusedPools();
                pool = new UpstreamPool(this, name);
                _pools.Add(name, pool);
            }

            if (_poolsByReference.Count >= MostRememberedNames) _poolsByReference.Clear();
            _poolsByReference.Add(name, pool);
        }

        _lastName = name;
        _lastPool = pool;
        return pool;
    }

    // Deployments come and go and with them names. The series of a dropped pool stay: counters must not go back to nought, and
    // metrics.maxSeries bounds them.
    private void DropUnusedPools()
    {
        long moment = Loop.Now - PoolLifeNanoseconds;
        int before = _pools.Count;
        foreach ((UpstreamName name, UpstreamPool pool) in _pools)
        {
            if (pool.IsEmptySince(moment)) _pools.Remove(name);
        }

        // The caller remembers the new pool as the last one, so no dropped one is left there either.
        if (_pools.Count < before) _poolsByReference.Clear();
    }
}

using System.Runtime.CompilerServices;
using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Http.Client;

/// <summary>The pools of one loop by name; those that nobody has needed for ten minutes go when new ones come.</summary>
/// <param name="loop">The loop.</param>
/// <param name="make">Makes a pool.</param>
internal sealed class PoolTable<TPool>(EventLoop loop, Func<UpstreamName, TPool> make)
    where TPool : class, IUpstreamPool
{
    private const int MostRememberedNames = 4096;
    private const long PoolLifeNanoseconds = 600_000_000_000;

    private readonly Dictionary<UpstreamName, TPool> _pools = [];

    // Plans hold their names: the same object comes again with each request, and needs no hashing of strings.
    private readonly Dictionary<UpstreamName, TPool> _byReference = new(ReferenceEqualityComparer.Instance);
    private UpstreamName? _lastName;
    private TPool? _lastPool;

    /// <summary>How many there are.</summary>
    public int Count => _pools.Count;

    public Dictionary<UpstreamName, TPool>.ValueCollection All => _pools.Values;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TPool Get(UpstreamName name) => ReferenceEquals(name, _lastName) ? _lastPool! : Find(name);

    private TPool Find(UpstreamName name)
    {
        if (!_byReference.TryGetValue(name, out TPool? pool))
        {
            if (!_pools.TryGetValue(name, out pool))
            {
                DropUnused();
                pool = make(name);
                _pools.Add(name, pool);
            }

            if (_byReference.Count >= MostRememberedNames) _byReference.Clear();
            _byReference.Add(name, pool);
        }

        _lastName = name;
        _lastPool = pool;
        return pool;
    }

    // Deployments come and go and with them names. The series of a dropped pool stay: counters must not go back to nought, and
    // metrics.maxSeries bounds them.
    private void DropUnused()
    {
        long moment = loop.Now - PoolLifeNanoseconds;
        int before = _pools.Count;
        foreach ((UpstreamName name, TPool pool) in _pools)
        {
            if (pool.IsEmptySince(moment)) _pools.Remove(name);
        }

        // The caller remembers the new pool as the last one, so no dropped one is left there either.
        if (_pools.Count < before) _byReference.Clear();
    }
}

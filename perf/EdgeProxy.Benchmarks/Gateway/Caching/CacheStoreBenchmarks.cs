using BenchmarkDotNet.Attributes;
using EdgeProxy.Gateway.Caching;

namespace EdgeProxy.Benchmarks.Gateway.Caching;

/// <summary>Finding and storing in a cache of 64 MiB that is full: 1 KiB bodies, keys of 64 bytes in random order.</summary>
[MemoryDiagnoser]
public class CacheStoreBenchmarks
{
    private const int Keys = 64 * 1024;

    private readonly CacheStore _cache = new(CacheStoreOptions.For(64 * 1024 * 1024, loops: 2));
    private readonly byte[][] _keys = new byte[Keys][];
    private readonly ulong[] _hashes = new ulong[Keys];
    private readonly int[] _present = new int[1024];
    private int _next;

    [GlobalSetup]
    public void Fill()
    {
        var random = new Random(1);
        for (int i = 0; i < Keys; i++)
        {
            random.NextBytes(_keys[i] = new byte[64]);
            _hashes[i] = _cache.HashOf(_keys[i]);
            Store(i);
        }

        int count = 0;
        while (count < _present.Length)
        {
            int i = random.Next(Keys);
            if (!_cache.TryFind(_keys[i], _hashes[i], 1, out CachedEntry entry)) continue;
            entry.Release();
            _present[count++] = i;
        }
    }

    [Benchmark]
    public int Find()
    {
        int i = _present[_next++ & (_present.Length - 1)];
        if (!_cache.TryFind(_keys[i], _hashes[i], 1, out CachedEntry entry)) return 0;
        int length = entry.Body.Length;
        entry.Release();
        return length;
    }

    [Benchmark]
    public ulong Hash() => _cache.HashOf(_keys[_next++ & (Keys - 1)]);

    [Benchmark]
    public bool Store_in_a_full_cache() => Store(_next++ & (Keys - 1));

    private bool Store(int i)
    {
        if (!_cache.TryReserve(_keys[i], _hashes[i], 128, 1024, 1, out PendingEntry entry)) return false;
        entry.Head.Clear();
        entry.Body.Clear();
        return entry.Publish(1, long.MaxValue);
    }
}

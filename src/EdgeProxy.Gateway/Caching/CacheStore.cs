using System.IO.Hashing;
using System.Numerics;
using EdgeProxy.Gateway.Caching.Coalescing;

namespace EdgeProxy.Gateway.Caching;

/// <summary>Keeps answers in memory, within a budget of bytes, for all loops (rest-api.md 8). It knows nothing of HTTP: a key, a head and a body are bytes.</summary>
/// <remarks>
/// Finding takes no lock, allocates nothing and copies nothing. Storing never fails a request: what finds no room is not stored. Any thread.
/// </remarks>
internal sealed class CacheStore
{
    private readonly CacheShard[] _shards;
    private readonly int _shardShift;
    private readonly long _seed = Random.Shared.NextInt64();

    public CacheStore(CacheStoreOptions options)
    {
        if (!BitOperations.IsPow2(options.Shards)) throw new ArgumentException("The number of shards is a power of two.", nameof(options));
        if (!BitOperations.IsPow2(options.SegmentSize) || options.SegmentSize is < CacheStoreOptions.SmallestSegment or > CacheStoreOptions.LargestSegment)
        {
            throw new ArgumentException("The size of segments is a power of two from 4 KiB to 2 MiB.", nameof(options));
        }

        long segments = options.Budget / options.SegmentSize / options.Shards;
        if (segments is < CacheStoreOptions.FewestSegments or > CacheIndex.MostSegments) throw new ArgumentException("The budget gives each shard too few segments, or too many.", nameof(options));
        _shardShift = 64 - BitOperations.Log2((uint)options.Shards);
        _shards = new CacheShard[options.Shards];
        for (int i = 0; i < _shards.Length; i++) _shards[i] = new CacheShard((int)segments, options.SegmentSize, options.Allocate);
        LargestEntry = options.SegmentSize - EntryHeader.Size;
    }

    /// <summary>The fetches under way to fill it.</summary>
    public FetchTable Fetches { get; } = new();

    /// <summary>Most bytes of a key, head and body together.</summary>
    public int LargestEntry { get; }

    /// <summary>Figures of now, over all shards.</summary>
    public CacheFigures Figures
    {
        get
        {
            CacheFigures sum = default;
            foreach (CacheShard shard in _shards) sum += shard.Figures;
            return sum;
        }
    }

    /// <summary>The hash of a key, for the other methods. Seeded: nobody outside can tell which keys meet.</summary>
    public ulong HashOf(ReadOnlySpan<byte> key) => XxHash3.HashToUInt64(key, _seed);

    /// <summary>Finds a fresh entry. What was found is released by the caller, once.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="HashOf"/>.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    /// <param name="entry">The entry when true.</param>
    public bool TryFind(ReadOnlySpan<byte> key, ulong hash, long now, out CachedEntry entry) => ShardOf(hash).TryFind(key, hash, now, out entry);

    /// <summary>Makes room for an entry, to be filled and published, or abandoned; false when it is too large or no room can be made.</summary>
    /// <param name="key">The key.</param>
    /// <param name="hash">Its <see cref="HashOf"/>.</param>
    /// <param name="headLength">Bytes of the head.</param>
    /// <param name="bodyLength">Bytes of the body.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    /// <param name="entry">The room when true.</param>
    public bool TryReserve(ReadOnlySpan<byte> key, ulong hash, int headLength, int bodyLength, long now, out PendingEntry entry) =>
        ShardOf(hash).TryReserve(key, hash, headLength, bodyLength, now, out entry);

    /// <summary>Takes an entry out; false when there was none. Whoever has it goes on reading it.</summary>
    public bool Remove(ReadOnlySpan<byte> key, ulong hash) => ShardOf(hash).Remove(key, hash);

    private CacheShard ShardOf(ulong hash) => _shards[_shards.Length == 1 ? 0 : (int)(hash >> _shardShift)];
}

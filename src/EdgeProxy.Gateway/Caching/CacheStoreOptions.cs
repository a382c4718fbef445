using System.Numerics;

namespace EdgeProxy.Gateway.Caching;

/// <summary>How large a <see cref="CacheStore"/> is.</summary>
internal sealed record CacheStoreOptions
{
    /// <summary>The largest segment: room for a body of 1 MiB, the service's largest (rest-api.md 8), with its head and key.</summary>
    public const int LargestSegment = 2 * 1024 * 1024;

    /// <summary>The smallest segment, in bytes, for the smallest budgets.</summary>
    public const int SmallestSegment = 4 * 1024;

    /// <summary>The fewest segments of a shard: one being filled for each queue, one to move survivors to, and some to evict.</summary>
    public const int FewestSegments = 8;

    /// <summary>Most bytes that segments take, all shards together. The index comes on top: 16 to 48 bytes an entry.</summary>
    public required long Budget { get; init; }

    /// <summary>Shards: a power of two. Writers of different shards do not wait for each other; readers never do.</summary>
    public int Shards { get; init; } = 1;

    /// <summary>Bytes of a segment: a power of two. An entry has to fit into one.</summary>
    public int SegmentSize { get; init; } = LargestSegment;

    /// <summary>Makes the memory of a segment: a pinned array of so many bytes. It may throw <see cref="OutOfMemoryException"/>; then the cache goes on with what it has.</summary>
    public Func<int, byte[]> Allocate { get; init; } = static size => GC.AllocateUninitializedArray<byte>(size, pinned: true);

    /// <summary>The options for a budget: as many shards as loops may store at once, as far as the budget gives each enough segments.</summary>
    /// <param name="budget">Bytes.</param>
    /// <param name="loops">Loops that store.</param>
    public static CacheStoreOptions For(long budget, int loops)
    {
        long wanted = Math.Clamp(budget / (FewestSegments * 4), SmallestSegment, LargestSegment);
        int segment = 1 << BitOperations.Log2((uint)wanted);
        long most = Math.Max(1, budget / segment / (FewestSegments * 4));
        int shards = (int)Math.Min(BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(loops * 2, 1, 64)), 1L << BitOperations.Log2((ulong)most));
        return new CacheStoreOptions { Budget = budget, Shards = shards, SegmentSize = segment };
    }
}

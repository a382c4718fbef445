namespace EdgeProxy.Gateway.Caching;

/// <summary>A run of memory that entries are written into one after the other, and that is given up as a whole.</summary>
/// <remarks>
/// Whoever reads or fills an entry holds its segment; one that is held is not written over, whatever became of its entries. The memory is a pinned array
/// without references: the collector never looks into it, and what is sent from it is not copied.
/// </remarks>
internal sealed class CacheSegment(int number, byte[] buffer)
{
    /// <summary>Entries begin at multiples of this.</summary>
    public const int Unit = 32;

    private int _holds;

    /// <summary>Its place in the shard.</summary>
    public int Number { get; } = number;

    public byte[] Buffer { get; } = buffer;

    /// <summary>Bytes written. Under the shard's lock.</summary>
    public int Used { get; set; }

    /// <summary>Whether somebody reads or fills an entry. A full fence stands between this and what the caller did before.</summary>
    public bool IsHeld
    {
        get
        {
            Interlocked.MemoryBarrier();
            return Volatile.Read(ref _holds) != 0;
        }
    }

    /// <summary>Any thread.</summary>
    public void Hold() => Interlocked.Increment(ref _holds);

    /// <summary>Any thread.</summary>
    public void Release()
    {
        if (Interlocked.Decrement(ref _holds) < 0) throw new InvalidOperationException("A cached entry was released twice.");
    }
}

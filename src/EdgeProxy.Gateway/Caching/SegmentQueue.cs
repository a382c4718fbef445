namespace EdgeProxy.Gateway.Caching;

/// <summary>Segments in the order they were filled: one is being filled, the oldest is given up first. Under the shard's lock.</summary>
internal sealed class SegmentQueue
{
    private readonly Queue<CacheSegment> _full = new();

    /// <summary>The one being filled; null before the first.</summary>
    public CacheSegment? Open { get; private set; }

    /// <summary>Segments, the open one among them.</summary>
    public int Count => _full.Count + (Open is null ? 0 : 1);

    /// <summary>Whether there is one that can be given up.</summary>
    public bool HasFull => _full.Count > 0;

    /// <summary>Whether an entry of a length fits into the open one.</summary>
    public bool HasRoom(int length) => Open is { } open && open.Buffer.Length - open.Used >= length;

    /// <summary>Goes on in an empty segment.</summary>
    public void GoOn(CacheSegment next)
    {
        if (Open is { } open) _full.Enqueue(open);
        Open = next;
    }

    /// <summary>The oldest that nobody holds; those that are held are in use and go to the end. Null when all are.</summary>
    public CacheSegment? TakeOldest()
    {
        for (int i = _full.Count; i > 0; i--)
        {
            CacheSegment oldest = _full.Dequeue();
            if (!oldest.IsHeld) return oldest;
            _full.Enqueue(oldest);
        }

        return null;
    }
}

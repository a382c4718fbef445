namespace EdgeProxy.Gateway.Caching;

/// <summary>Room for an entry that is being filled: nobody finds it before it is published. Ends with <see cref="Publish"/> or <see cref="Abandon"/>, once.</summary>
internal readonly struct PendingEntry
{
    private readonly CacheShard _shard;
    private readonly CacheSegment _segment;
    private readonly int _offset;

    internal PendingEntry(CacheShard shard, CacheSegment segment, int offset)
    {
        _shard = shard;
        _segment = segment;
        _offset = offset;
    }

    /// <summary>To be filled whole.</summary>
    public Span<byte> Head => _segment.Buffer.AsSpan(_offset + Header.HeadStart, Header.HeadLength);

    /// <summary>To be filled whole.</summary>
    public Span<byte> Body => _segment.Buffer.AsSpan(_offset + Header.BodyStart, Header.BodyLength);

    private ref EntryHeader Header => ref EntryHeader.At(_segment.Buffer, _offset);

    /// <summary>Lets everybody find it, in place of what was stored under its key; false when the index has no place for it. Any thread.</summary>
    /// <param name="now">Monotonic nanoseconds.</param>
    /// <param name="expiresAt">Until when it is fresh, likewise.</param>
    public bool Publish(long now, long expiresAt)
    {
        Header.StoredAt = now;
        Header.ExpiresAt = expiresAt;
        bool published = _shard.Publish(_segment, _offset);
        _segment.Release();
        return published;
    }

    /// <summary>Gives the room up. Any thread.</summary>
    public void Abandon()
    {
        _shard.Abandon(_segment, _offset);
        _segment.Release();
    }
}

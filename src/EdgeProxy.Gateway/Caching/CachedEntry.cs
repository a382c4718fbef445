using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching;

/// <summary>An entry that was found: its bytes stay as they are until it is released, whatever the cache does meanwhile.</summary>
internal readonly struct CachedEntry
{
    private readonly CacheSegment _segment;
    private readonly int _offset;

    internal CachedEntry(CacheSegment segment, int offset)
    {
        _segment = segment;
        _offset = offset;
    }

    /// <summary>When it was stored, in monotonic nanoseconds.</summary>
    public long StoredAt => Header.StoredAt;

    /// <summary>Until when it is fresh, likewise.</summary>
    public long ExpiresAt => Header.ExpiresAt;

    /// <summary>What was stored beside the body: status and fields, in a form of the caller's.</summary>
    public ReadOnlySpan<byte> Head => _segment.Buffer.AsSpan(_offset + Header.HeadStart, Header.HeadLength);

    /// <summary>The body, in the cache's own memory.</summary>
    public BodyChunk Body => new(_segment.Buffer, _offset + Header.BodyStart, Header.BodyLength);

    private ref EntryHeader Header => ref EntryHeader.At(_segment.Buffer, _offset);

    /// <summary>Ends the use of it. Once; any thread.</summary>
    public void Release() => _segment.Release();
}

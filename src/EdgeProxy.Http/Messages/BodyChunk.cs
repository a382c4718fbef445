namespace EdgeProxy.Http.Messages;

/// <summary>A run of body bytes in somebody else's memory.</summary>
/// <remarks>Borrowed: valid until the next await that waits, or the next read of the same body. <see cref="Headroom"/> bytes before it may be overwritten.</remarks>
public readonly struct BodyChunk(byte[] buffer, int start, int length, int headroom = 0)
{
    public readonly byte[] Buffer = buffer;
    public readonly int Start = start;
    public readonly int Length = length;

    /// <summary>Bytes before <see cref="Start"/> that are free to be overwritten, so that a head can be put right before the body.</summary>
    public readonly int Headroom = headroom;

    public static BodyChunk Empty => new([], 0, 0);

    public ReadOnlySpan<byte> Span => Buffer.AsSpan(Start, Length);
}

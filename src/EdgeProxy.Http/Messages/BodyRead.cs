using EdgeProxy.Core.Concurrency;

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

/// <summary>How a read of a body ended.</summary>
public enum BodyStatus : byte
{
    /// <summary>There are bytes, and perhaps more after them.</summary>
    Data,

    /// <summary>The body is complete; the chunk that comes along may hold its last bytes.</summary>
    End,

    /// <summary>The sender ended the connection before the body was complete, or broke it.</summary>
    Truncated,

    /// <summary>The sender was too slow: no bytes in time, or below the minimum rate.</summary>
    TimedOut,

    /// <summary>More bytes than the limit allows.</summary>
    TooLarge,

    /// <summary>The framing is wrong; see the exchange's or call's violation.</summary>
    Violation,

    /// <summary>We gave up ourselves.</summary>
    Aborted,
}

/// <summary>One read of a body.</summary>
public readonly struct BodyRead(BodyStatus status, BodyChunk chunk)
{
    public readonly BodyStatus Status = status;
    public readonly BodyChunk Chunk = chunk;

    public bool Failed => Status > BodyStatus.End;

    public static BodyRead Of(BodyStatus status) => new(status, BodyChunk.Empty);
}

/// <summary>Something a body can be pulled from: an exchange, an upstream call.</summary>
public interface IBodySource
{
    /// <summary>The next run of bytes. Not called again after anything but <see cref="BodyStatus.Data"/>.</summary>
    LoopTask<BodyRead> ReadBodyAsync();

    /// <summary>Ends an open read with <see cref="BodyStatus.Aborted"/>: nobody wants the rest any more.</summary>
    void CancelRead();
}

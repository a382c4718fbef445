using System.Runtime.InteropServices;

namespace EdgeProxy.Telemetry.Logging;

/// <summary>A block of whole log lines on its way from a loop to the writer. One owner at a time; the last one disposes of it.</summary>
/// <remarks>
/// The bytes are native memory: how many chunks there are depends on how late the writer gets the processor, and the collector should
/// neither see that come and go nor carry the bytes through its generations. Spans borrow from the chunk and end with its ownership.
/// The finalizer is for chunks that lie in a queue when the log itself is given up.
/// </remarks>
internal sealed unsafe class LogChunk : IDisposable
{
    private byte* _bytes;

    public LogChunk(int capacity)
    {
        _bytes = (byte*)NativeMemory.Alloc((nuint)capacity);
        Capacity = capacity;
    }

    ~LogChunk() => NativeMemory.Free(_bytes);

    /// <summary>Bytes it can hold.</summary>
    public int Capacity { get; }

    /// <summary>Bytes filled.</summary>
    public int Length { get; set; }

    /// <summary>Lines filled.</summary>
    public int Records { get; set; }

    public int Free => Capacity - Length;

    /// <summary>What was filled.</summary>
    public ReadOnlySpan<byte> Filled => new(_bytes, Length);

    /// <summary>Room behind what was filled; at most <see cref="Free"/> bytes.</summary>
    public Span<byte> Room(int count)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)count, (uint)Free);
        return new Span<byte>(_bytes + Length, count);
    }

    public void Clear()
    {
        Length = 0;
        Records = 0;
    }

    public void Dispose()
    {
        NativeMemory.Free(_bytes);
        _bytes = null;
        Length = 0;
        GC.SuppressFinalize(this);
    }
}

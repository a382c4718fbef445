using System.Diagnostics;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Http2;

/// <summary>The frames of all streams of one connection that have not left yet, so that those of one turn leave in one send.</summary>
/// <remarks>
/// Holds no memory while empty. What a stream writes stops at <see cref="Most"/>; control frames may go beyond, because they have a
/// limit of their own. Loop thread only. A struct to be held in one place.
/// </remarks>
internal struct FrameOutput(LoopBuffers buffers)
{
    /// <summary>Bytes that streams may fill; then somebody has to send first.</summary>
    public const int Most = 64 * 1024;

    /// <summary>Less free room than this is not worth a DATA frame.</summary>
    public const int LeastRoom = 2 * 1024;

    private byte[]? _block;
    private int _start;
    private int _end;
    private bool _large;

    /// <summary>Bytes waiting.</summary>
    public readonly int Pending => _end - _start;

    /// <summary>Bytes that streams may still add.</summary>
    public readonly int Room => Math.Max(0, Most - Pending);

    /// <summary>Bytes the connection has taken so far, since it was set to 0.</summary>
    public long Moved { get; set; }

    /// <summary>Room behind what is pending, to be written into and then counted with <see cref="Commit"/>.</summary>
    public Span<byte> Reserve(int length)
    {
        if (_block is null || _block.Length - _end < length) MakeRoom(length);
        return _block.AsSpan(_end, length);
    }

    /// <summary>Counts bytes written into what was reserved.</summary>
    public void Commit(int length)
    {
        Debug.Assert(_block is not null && _end + length <= _block.Length, "more was written than reserved");
        _end += length;
    }

    /// <summary>Writes a DATA frame.</summary>
    public void WriteData(StreamId stream, ReadOnlySpan<byte> data, FrameFlags flags)
    {
        Span<byte> room = Reserve(FrameHeader.Size + data.Length);
        FrameWriter.WriteHeader(room, data.Length, FrameType.Data, flags, stream);
        data.CopyTo(room[FrameHeader.Size..]);
        Commit(room.Length);
    }

    public void WriteSettingsAck()
    {
        var writer = new ByteWriter(Reserve(FrameHeader.Size));
        FrameWriter.WriteSettingsAck(ref writer);
        Commit(writer.Length);
    }

    public void WritePing(FrameFlags flags, ReadOnlySpan<byte> payload)
    {
        var writer = new ByteWriter(Reserve(FrameHeader.Size + PingFrame.Length));
        FrameWriter.WritePing(ref writer, flags, payload);
        Commit(writer.Length);
    }

    public void WriteWindowUpdate(StreamId stream, int increment)
    {
        var writer = new ByteWriter(Reserve(FrameHeader.Size + WindowUpdateFrame.Length));
        FrameWriter.WriteWindowUpdate(ref writer, stream, increment);
        Commit(writer.Length);
    }

    public void WriteGoAway(StreamId last, Http2ErrorCode code)
    {
        var writer = new ByteWriter(Reserve(FrameHeader.Size + GoAwayFrame.Length));
        FrameWriter.WriteGoAway(ref writer, last, code);
        Commit(writer.Length);
    }

    public void WriteReset(StreamId stream, Http2ErrorCode code)
    {
        var writer = new ByteWriter(Reserve(FrameHeader.Size + RstStreamFrame.Length));
        FrameWriter.WriteRstStream(ref writer, stream, code);
        Commit(writer.Length);
    }

    /// <summary>Sends what is pending: Ok when all of it has left, WouldBlock, Reset or Aborted.</summary>
    public IoStatus Flush(Connection connection)
    {
        if (_end > _start)
        {
            IoResult result = connection.TrySend(_block.AsSpan(_start, _end - _start));
            if (!result.IsOk) return result.Status;
            Moved += result.Count;
            _start += result.Count;
            if (_start < _end) return IoStatus.WouldBlock;
        }

        Clear();
        return IoStatus.Ok;
    }

    /// <summary>Forgets what is pending and gives the memory back.</summary>
    public void Clear()
    {
        // A connection that filled less than a block will likely not need more the next time.
        if (_end <= LoopBuffers.BlockSize) _large = false;
        _start = _end = 0;
        if (_block is null) return;
        buffers.Return(_block);
        _block = null;
    }

    private void MakeRoom(int length)
    {
        int pending = _end - _start;
        if (_block is null)
        {
            _block = buffers.Rent(Math.Max(length, _large ? Most : LoopBuffers.BlockSize));
            _start = _end = 0;
            return;
        }

        if (pending + length <= _block.Length)
        {
            _block.AsSpan(_start, pending).CopyTo(_block);
        }
        else
        {
            _large = true;
            byte[] larger = buffers.Rent(Math.Max(Most, pending + length));
            _block.AsSpan(_start, pending).CopyTo(larger);
            buffers.Return(_block);
            _block = larger;
        }

        _start = 0;
        _end = pending;
    }
}

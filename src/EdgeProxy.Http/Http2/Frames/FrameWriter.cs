using System.Buffers.Binary;
using EdgeProxy.Core.Buffers;

namespace EdgeProxy.Http.Http2.Frames;

/// <summary>Writes frames (RFC 9113, 4.1 and 6). Nothing is padded, and no deprecated priority is sent.</summary>
/// <remarks>As with every <see cref="ByteWriter"/>: what does not fit is not written, and <see cref="ByteWriter.Overflowed"/> says so once at the end.</remarks>
public static class FrameWriter
{
    /// <summary>Writes a frame header.</summary>
    public static void WriteHeader(ref ByteWriter writer, int length, FrameType type, FrameFlags flags, StreamId stream)
    {
        Span<byte> room = writer.Reserve(FrameHeader.Size);
        if (!room.IsEmpty) WriteHeader(room, length, type, flags, stream);
    }

    /// <summary>Writes a frame header into room taken earlier.</summary>
    /// <param name="room">At least <see cref="FrameHeader.Size"/> bytes.</param>
    public static void WriteHeader(Span<byte> room, int length, FrameType type, FrameFlags flags, StreamId stream)
    {
        BinaryPrimitives.WriteUInt32BigEndian(room, ((uint)length << 8) | (byte)type);
        room[4] = (byte)flags;
        BinaryPrimitives.WriteUInt32BigEndian(room[5..], stream.Value);
    }

    public static void WriteSettings(ref ByteWriter writer, scoped ReadOnlySpan<SettingValue> settings)
    {
        Span<byte> room = writer.Reserve(FrameHeader.Size + (settings.Length * SettingsFrame.EntrySize));
        if (room.IsEmpty) return;
        WriteHeader(room, settings.Length * SettingsFrame.EntrySize, FrameType.Settings, FrameFlags.None, default);
        room = room[FrameHeader.Size..];
        foreach (SettingValue setting in settings)
        {
            BinaryPrimitives.WriteUInt16BigEndian(room, (ushort)setting.Setting);
            BinaryPrimitives.WriteUInt32BigEndian(room[2..], setting.Value);
            room = room[SettingsFrame.EntrySize..];
        }
    }

    public static void WriteSettingsAck(ref ByteWriter writer) => WriteHeader(ref writer, 0, FrameType.Settings, FrameFlags.Ack, default);

    /// <param name="writer">Where to.</param>
    /// <param name="flags"><see cref="FrameFlags.Ack"/> for an answer.</param>
    /// <param name="payload">Eight bytes.</param>
    public static void WritePing(ref ByteWriter writer, FrameFlags flags, scoped ReadOnlySpan<byte> payload)
    {
        Span<byte> room = writer.Reserve(FrameHeader.Size + PingFrame.Length);
        if (room.IsEmpty) return;
        WriteHeader(room, PingFrame.Length, FrameType.Ping, flags, default);
        payload[..PingFrame.Length].CopyTo(room[FrameHeader.Size..]);
    }

    /// <param name="writer">Where to.</param>
    /// <param name="lastStream">The last stream we shall process.</param>
    /// <param name="code">Why.</param>
    public static void WriteGoAway(ref ByteWriter writer, StreamId lastStream, Http2ErrorCode code)
    {
        Span<byte> room = writer.Reserve(FrameHeader.Size + 8);
        if (room.IsEmpty) return;
        WriteHeader(room, 8, FrameType.GoAway, FrameFlags.None, default);
        BinaryPrimitives.WriteUInt32BigEndian(room[FrameHeader.Size..], lastStream.Value);
        BinaryPrimitives.WriteUInt32BigEndian(room[(FrameHeader.Size + 4)..], (uint)code);
    }

    public static void WriteRstStream(ref ByteWriter writer, StreamId stream, Http2ErrorCode code) =>
        WriteNumber(ref writer, FrameType.RstStream, stream, (uint)code);

    /// <param name="writer">Where to.</param>
    /// <param name="stream">The stream, or the connection.</param>
    /// <param name="increment">1 to 2^31-1.</param>
    public static void WriteWindowUpdate(ref ByteWriter writer, StreamId stream, int increment) =>
        WriteNumber(ref writer, FrameType.WindowUpdate, stream, (uint)increment);

    /// <summary>Writes a whole DATA frame.</summary>
    public static void WriteData(ref ByteWriter writer, StreamId stream, scoped ReadOnlySpan<byte> data, FrameFlags flags)
    {
        Span<byte> room = writer.Reserve(FrameHeader.Size + data.Length);
        if (room.IsEmpty) return;
        WriteHeader(room, data.Length, FrameType.Data, flags, stream);
        data.CopyTo(room[FrameHeader.Size..]);
    }

    /// <summary>Takes room for the header of a HEADERS frame whose field block is written next.</summary>
    /// <returns>What <see cref="EndHeaders"/> wants to know.</returns>
    public static int BeginHeaders(ref ByteWriter writer)
    {
        int start = writer.Length;
        writer.Reserve(FrameHeader.Size);
        return start;
    }

    /// <summary>
    /// Completes a HEADERS frame from what was written since <see cref="BeginHeaders"/>: its header is filled in, and a block over the
    /// frame size is cut into HEADERS and CONTINUATION, which moves its later bytes.
    /// </summary>
    /// <param name="writer">Where to.</param>
    /// <param name="start">What <see cref="BeginHeaders"/> returned.</param>
    /// <param name="stream">The stream.</param>
    /// <param name="flags"><see cref="FrameFlags.EndStream"/> or none; END_HEADERS is set where it belongs.</param>
    /// <param name="maxFrameSize">The other end's SETTINGS_MAX_FRAME_SIZE.</param>
    public static void EndHeaders(ref ByteWriter writer, int start, StreamId stream, FrameFlags flags, int maxFrameSize)
    {
        if (writer.Overflowed) return;
        int length = writer.Length - start - FrameHeader.Size;
        if (length <= maxFrameSize)
        {
            WriteHeader(writer.Patch(start, FrameHeader.Size), length, FrameType.Headers, flags | FrameFlags.EndHeaders, stream);
            return;
        }

        int continuations = (length - 1) / maxFrameSize;
        writer.Reserve(continuations * FrameHeader.Size);
        if (writer.Overflowed) return;

        // From the last piece to the first, so that no piece is written over before it has moved.
        Span<byte> frames = writer.Patch(start, FrameHeader.Size + length + (continuations * FrameHeader.Size));
        for (int piece = continuations; piece > 0; piece--)
        {
            int offset = piece * maxFrameSize;
            int size = Math.Min(maxFrameSize, length - offset);
            int to = offset + (piece * FrameHeader.Size);
            frames.Slice(FrameHeader.Size + offset, size).CopyTo(frames[(to + FrameHeader.Size)..]);
            WriteHeader(frames[to..], size, FrameType.Continuation, piece == continuations ? FrameFlags.EndHeaders : FrameFlags.None, stream);
        }

        WriteHeader(frames, maxFrameSize, FrameType.Headers, flags & ~FrameFlags.EndHeaders, stream);
    }

    private static void WriteNumber(ref ByteWriter writer, FrameType type, StreamId stream, uint number)
    {
        Span<byte> room = writer.Reserve(FrameHeader.Size + 4);
        if (room.IsEmpty) return;
        WriteHeader(room, 4, type, FrameFlags.None, stream);
        BinaryPrimitives.WriteUInt32BigEndian(room[FrameHeader.Size..], number);
    }
}

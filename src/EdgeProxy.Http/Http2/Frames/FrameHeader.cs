using System.Buffers.Binary;

namespace EdgeProxy.Http.Http2.Frames;

/// <summary>The nine bytes before each frame's payload (RFC 9113, 4.1).</summary>
/// <param name="Length">Bytes of payload, up to 2^24-1.</param>
/// <param name="Type">May be a type nobody has defined.</param>
/// <param name="Flags">As sent, undefined bits included.</param>
/// <param name="Stream">Without the reserved bit, which is ignored.</param>
public readonly record struct FrameHeader(int Length, FrameType Type, FrameFlags Flags, StreamId Stream)
{
    /// <summary>Bytes of a frame header.</summary>
    public const int Size = 9;

    /// <summary>The least SETTINGS_MAX_FRAME_SIZE, and what holds before any setting (RFC 9113, 6.5.2).</summary>
    public const int LeastMaxFrameSize = 16384;

    /// <summary>The greatest SETTINGS_MAX_FRAME_SIZE.</summary>
    public const int GreatestMaxFrameSize = (1 << 24) - 1;

    /// <summary>Reads the header at the start of the bytes; false when fewer than <see cref="Size"/> are there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out FrameHeader header)
    {
        if (bytes.Length < Size)
        {
            header = default;
            return false;
        }

        uint lengthAndType = BinaryPrimitives.ReadUInt32BigEndian(bytes);
        header = new FrameHeader(
            (int)(lengthAndType >> 8),
            (FrameType)(byte)lengthAndType,
            (FrameFlags)bytes[4],
            new StreamId(BinaryPrimitives.ReadUInt32BigEndian(bytes[5..]) & StreamId.Largest));
        return true;
    }

    /// <summary>Whether all of these flags are set.</summary>
    public bool Has(FrameFlags flags) => (Flags & flags) == flags;

    /// <summary>Whether the type is one that this implementation knows; others are skipped (RFC 9113, 5.5).</summary>
    public bool IsKnown => Type is <= FrameType.Continuation or FrameType.PriorityUpdate;

    /// <summary>
    /// Everything that is wrong with a frame by its header alone: size, stream number, and who may send it. Ask before the payload is
    /// waited for, so that none is held for a frame that is refused anyway.
    /// </summary>
    /// <param name="sender">Who sent the frame.</param>
    /// <param name="maxFrameSize">The SETTINGS_MAX_FRAME_SIZE that we sent and the other end has acknowledged.</param>
    /// <remarks>
    /// A frame over the maximum ends the connection whatever its type (RFC 9113, 4.2, lets us choose for DATA): skipping up to
    /// 16 MB that nobody allowed would cost more than it is worth.
    /// </remarks>
    public Http2Violation Check(Http2Role sender, int maxFrameSize)
    {
        if (Length > maxFrameSize) return WrongSize("4.2");
        switch (Type)
        {
            case FrameType.Data:
                if (Stream.IsConnection) return WrongStream("6.1");
                return Length == 0 && Has(FrameFlags.Padded) ? WrongSize("6.1") : default;

            case FrameType.Headers:
                if (Stream.IsConnection) return WrongStream("6.2");
                return Length < (Has(FrameFlags.Padded) ? 1 : 0) + (Has(FrameFlags.Priority) ? 5 : 0) ? WrongSize("6.2") : default;

            case FrameType.Priority:
                if (Stream.IsConnection) return WrongStream("6.3");
                return Length == 5 ? default : Http2Violation.OfStream(Http2ErrorCode.FrameSizeError, "6.3");

            case FrameType.RstStream:
                if (Stream.IsConnection) return WrongStream("6.4");
                return Length == 4 ? default : WrongSize("6.4");

            case FrameType.Settings:
                if (!Stream.IsConnection) return WrongStream("6.5");
                return Has(FrameFlags.Ack) ? Length == 0 ? default : WrongSize("6.5") : Length % SettingsFrame.EntrySize == 0 ? default : WrongSize("6.5");

            case FrameType.PushPromise:
                // A client cannot push; a server may not, because we announce that we take none.
                return Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, sender == Http2Role.Client ? "8.4" : "6.6");

            case FrameType.Ping:
                if (!Stream.IsConnection) return WrongStream("6.7");
                return Length == PingFrame.Length ? default : WrongSize("6.7");

            case FrameType.GoAway:
                if (!Stream.IsConnection) return WrongStream("6.8");
                return Length >= 8 ? default : WrongSize("6.8");

            case FrameType.WindowUpdate:
                return Length == 4 ? default : WrongSize("6.9");

            case FrameType.Continuation:
                return Stream.IsConnection ? WrongStream("6.10") : default;

            case FrameType.PriorityUpdate:
                if (sender == Http2Role.Server || !Stream.IsConnection) return WrongStream("RFC 9218, 7.1");
                return Length >= 4 ? default : WrongSize("RFC 9218, 7.1");

            default:
                return default;
        }
    }

    private static Http2Violation WrongSize(string clause) => Http2Violation.OfConnection(Http2ErrorCode.FrameSizeError, clause);

    private static Http2Violation WrongStream(string clause) => Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, clause);
}

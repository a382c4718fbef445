using System.Buffers.Binary;

namespace EdgeProxy.Http.Http2.Frames;

/// <summary>WINDOW_UPDATE (RFC 9113, 6.9).</summary>
public static class WindowUpdateFrame
{
    /// <summary>Bytes of its payload.</summary>
    public const int Length = 4;

    /// <summary>By how many bytes the window grows, 1 to 2^31-1; none is a violation of the stream, or of the connection on stream 0.</summary>
    public static Http2Violation Read(in FrameHeader header, ReadOnlySpan<byte> payload, out int increment)
    {
        increment = (int)(BinaryPrimitives.ReadUInt32BigEndian(payload) & 0x7FFFFFFF);
        if (increment > 0) return default;
        return header.Stream.IsConnection
            ? Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "6.9")
            : Http2Violation.OfStream(Http2ErrorCode.ProtocolError, "6.9");
    }
}

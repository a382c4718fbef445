using System.Buffers.Binary;

namespace EdgeProxy.Http.Http2.Frames;

/// <summary>RST_STREAM (RFC 9113, 6.4).</summary>
public static class RstStreamFrame
{
    /// <summary>Bytes of its payload.</summary>
    public const int Length = 4;

    /// <summary>Why the stream ended; may be a code nobody has defined, which means <see cref="Http2ErrorCode.InternalError"/> at most (RFC 9113, 7).</summary>
    public static Http2ErrorCode Read(ReadOnlySpan<byte> payload) => (Http2ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(payload);
}

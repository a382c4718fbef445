using System.Buffers.Binary;

namespace EdgeProxy.Http.Http2.Frames;

/// <summary>GOAWAY (RFC 9113, 6.8).</summary>
/// <param name="LastStream">The last stream that was or might be processed; higher ones were not and can be tried again elsewhere.</param>
/// <param name="Code">Why; <see cref="Http2ErrorCode.NoError"/> for an orderly end.</param>
/// <remarks>The debug text after these eight bytes is not read: it is for people and may hold anything.</remarks>
public readonly record struct GoAwayFrame(StreamId LastStream, Http2ErrorCode Code)
{
    /// <summary>Bytes of its payload, without debug text.</summary>
    public const int Length = 8;

    public static GoAwayFrame Read(ReadOnlySpan<byte> payload) => new(
        new StreamId(BinaryPrimitives.ReadUInt32BigEndian(payload) & StreamId.Largest),
        (Http2ErrorCode)BinaryPrimitives.ReadUInt32BigEndian(payload[4..]));
}

using System.Buffers.Binary;
using System.IO.Hashing;

namespace EdgeProxy.Lambda.EventStream;

/// <summary>Writes the messages of an event stream (specification lambda.md 12).</summary>
public static class EventStreamWriter
{
    /// <summary>Bytes that a message of <see cref="WriteEvent"/> has beside its payload, at most.</summary>
    public const int MaxOverhead = 256;

    /// <summary>Writes an event.</summary>
    /// <param name="into">At least the payload's length and <see cref="MaxOverhead"/>.</param>
    /// <param name="eventType">Such as <c>PayloadChunk</c>; at most 64 bytes.</param>
    /// <param name="contentType">Of the payload; at most 64 bytes.</param>
    /// <param name="payload">At most <see cref="EventStreamDecoder.MaxPayload"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public static int WriteEvent(Span<byte> into, ReadOnlySpan<byte> eventType, ReadOnlySpan<byte> contentType, ReadOnlySpan<byte> payload)
    {
        int at = 12;
        WriteHeader(into, ref at, ":event-type"u8, eventType);
        WriteHeader(into, ref at, ":content-type"u8, contentType);
        WriteHeader(into, ref at, ":message-type"u8, "event"u8);
        BinaryPrimitives.WriteUInt32BigEndian(into[4..], (uint)(at - 12));
        payload.CopyTo(into[at..]);
        at += payload.Length;
        BinaryPrimitives.WriteUInt32BigEndian(into, (uint)(at + 4));
        BinaryPrimitives.WriteUInt32BigEndian(into[8..], Crc32.HashToUInt32(into[..8]));
        BinaryPrimitives.WriteUInt32BigEndian(into[at..], Crc32.HashToUInt32(into[..at]));
        return at + 4;
    }

    private static void WriteHeader(Span<byte> into, ref int at, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        into[at++] = (byte)name.Length;
        name.CopyTo(into[at..]);
        at += name.Length;
        into[at++] = 7;
        BinaryPrimitives.WriteUInt16BigEndian(into[at..], (ushort)value.Length);
        at += 2;
        value.CopyTo(into[at..]);
        at += value.Length;
    }
}

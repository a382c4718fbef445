using System.Buffers.Binary;

namespace EdgeProxy.Http.Http2.Frames;

/// <summary>PRIORITY_UPDATE (RFC 9218, 7.1).</summary>
public static class PriorityUpdateFrame
{
    /// <summary>Reads which stream gets which priority.</summary>
    /// <param name="payload">At least four bytes.</param>
    /// <param name="stream">The stream meant; it may be one that is not open yet.</param>
    /// <param name="priority">Its priority; what is wrongly spelt counts as not given.</param>
    public static Http2Violation Read(ReadOnlySpan<byte> payload, out StreamId stream, out StreamPriority priority)
    {
        stream = new StreamId(BinaryPrimitives.ReadUInt32BigEndian(payload) & StreamId.Largest);
        priority = StreamPriority.Parse(payload[4..]);

        // Stream 0 has no priority, and nobody pushes the even ones.
        return stream.IsClients ? default : Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "RFC 9218, 7.1");
    }
}

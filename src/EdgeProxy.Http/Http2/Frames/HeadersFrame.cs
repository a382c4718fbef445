namespace EdgeProxy.Http.Http2.Frames;

/// <summary>HEADERS (RFC 9113, 6.2). The deprecated priority fields are stepped over (RFC 9113, 5.3.2).</summary>
public static class HeadersFrame
{
    private const int PriorityLength = 5;

    /// <summary>Where the field block fragment lies within the payload.</summary>
    /// <param name="header">A header that <see cref="FrameHeader.Check"/> passed.</param>
    /// <param name="payload">The payload: only its first byte is looked at, and only when the frame is padded.</param>
    /// <param name="fragment">The fragment.</param>
    public static Http2Violation Read(in FrameHeader header, ReadOnlySpan<byte> payload, out FramePart fragment)
    {
        int start = 0;
        int padding = 0;
        if (header.Has(FrameFlags.Padded))
        {
            padding = payload[0];
            start = 1;
        }

        if (header.Has(FrameFlags.Priority)) start += PriorityLength;
        int length = header.Length - start - padding;
        fragment = new FramePart(start, length);
        return length < 0 ? Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "6.2") : default;
    }
}

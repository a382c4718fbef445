namespace EdgeProxy.Http.Http2.Frames;

/// <summary>DATA (RFC 9113, 6.1).</summary>
public static class DataFrame
{
    /// <summary>Where the data lies within the payload.</summary>
    /// <param name="header">A header that <see cref="FrameHeader.Check"/> passed.</param>
    /// <param name="payload">The payload as far as it has come: only its first byte is looked at, and only when the frame is padded.</param>
    /// <param name="data">The data. Flow control counts the whole payload, padding included.</param>
    public static Http2Violation Read(in FrameHeader header, ReadOnlySpan<byte> payload, out FramePart data)
    {
        if (!header.Has(FrameFlags.Padded))
        {
            data = new FramePart(0, header.Length);
            return default;
        }

        int length = header.Length - 1 - payload[0];
        data = new FramePart(1, length);
        return length < 0 ? Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "6.1") : default;
    }
}

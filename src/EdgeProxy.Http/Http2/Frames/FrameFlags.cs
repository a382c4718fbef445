namespace EdgeProxy.Http.Http2.Frames;

/// <summary>A frame's flags. A bit that its type does not define is ignored (RFC 9113, 4.1).</summary>
[Flags]
public enum FrameFlags : byte
{
    None = 0,

    /// <summary>DATA and HEADERS: the sender's last of this stream.</summary>
    EndStream = 0x01,

    /// <summary>SETTINGS and PING: an acknowledgement. The same bit as <see cref="EndStream"/>.</summary>
    Ack = 0x01,

    /// <summary>HEADERS and CONTINUATION: the field block ends here.</summary>
    EndHeaders = 0x04,

    /// <summary>DATA and HEADERS: a padding length leads and padding follows.</summary>
    Padded = 0x08,

    /// <summary>HEADERS: five bytes of the deprecated priority come first (RFC 9113, 5.3.2).</summary>
    Priority = 0x20,
}

namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>The control data of a message, sent as fields (RFC 9113, 8.3).</summary>
public enum PseudoHeader : byte
{
    /// <summary>An ordinary field.</summary>
    None,
    Method,
    Scheme,
    Authority,
    Path,
    Status,

    /// <summary>A name with a colon before it that is none of the others; makes the message malformed.</summary>
    Unknown,
}

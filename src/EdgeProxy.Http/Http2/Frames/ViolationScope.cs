namespace EdgeProxy.Http.Http2.Frames;

/// <summary>How far a violation reaches (RFC 9113, 5.4).</summary>
public enum ViolationScope : byte
{
    /// <summary>Nothing was wrong.</summary>
    None,

    /// <summary>Answered with RST_STREAM; the other streams go on (RFC 9113, 5.4.2).</summary>
    Stream,

    /// <summary>Answered with GOAWAY and the end of the connection (RFC 9113, 5.4.1).</summary>
    Connection,
}

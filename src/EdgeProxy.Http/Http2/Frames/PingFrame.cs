namespace EdgeProxy.Http.Http2.Frames;

/// <summary>PING (RFC 9113, 6.7): eight bytes that come back with ACK.</summary>
public static class PingFrame
{
    /// <summary>Bytes of its payload.</summary>
    public const int Length = 8;
}

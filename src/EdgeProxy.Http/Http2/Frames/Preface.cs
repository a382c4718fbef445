namespace EdgeProxy.Http.Http2.Frames;

/// <summary>The bytes every client begins with (RFC 9113, 3.4), made so that no HTTP/1.1 parser takes them for a request.</summary>
public static class Preface
{
    /// <summary>Bytes of the preface.</summary>
    public const int Length = 24;

    public static ReadOnlySpan<byte> Bytes => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"u8;

    /// <summary>Whether a connection's first bytes are the preface.</summary>
    public static PrefaceMatch Match(ReadOnlySpan<byte> received)
    {
        if (received.StartsWith(Bytes)) return PrefaceMatch.Whole;
        return received.Length < Length && Bytes.StartsWith(received) ? PrefaceMatch.Partial : PrefaceMatch.Other;
    }
}

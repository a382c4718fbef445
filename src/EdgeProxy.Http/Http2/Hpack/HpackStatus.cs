namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>What came of decoding a field block.</summary>
public enum HpackStatus : byte
{
    /// <summary>All fields are in the table.</summary>
    Complete,

    /// <summary>The message cannot be served, but the connection is as good as before: the violation says why.</summary>
    Refused,

    /// <summary>The block is no HPACK: a connection error COMPRESSION_ERROR (RFC 9113, 4.3).</summary>
    CompressionError,

    /// <summary>The block stands for far more than allowed: a connection error ENHANCE_YOUR_CALM.</summary>
    Excess,
}

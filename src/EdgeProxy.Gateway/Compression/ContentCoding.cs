namespace EdgeProxy.Gateway.Compression;

/// <summary>A content coding that the gateway knows (RFC 9110, 8.4.1; RFC 7932; RFC 8878).</summary>
internal enum ContentCoding : byte
{
    /// <summary>None: the bytes as they are.</summary>
    Identity,
    Gzip,

    /// <summary>The zlib format (RFC 1950); bare DEFLATE (RFC 1951) is taken too.</summary>
    Deflate,
    Brotli,
    Zstd,
}

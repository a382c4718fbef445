namespace EdgeProxy.Http.Client;

/// <summary>Which version of HTTP to speak to an upstream.</summary>
public enum UpstreamProtocol : byte
{
    /// <summary>HTTP/1.1.</summary>
    Http1,

    /// <summary>HTTP/2: over TLS by ALPN, in the clear by prior knowledge (RFC 9113, 3.3). Nothing else will do.</summary>
    Http2,

    /// <summary>Over TLS what ALPN agrees on, HTTP/2 preferred; in the clear HTTP/1.1.</summary>
    Auto,
}

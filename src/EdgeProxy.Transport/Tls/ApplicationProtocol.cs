namespace EdgeProxy.Transport.Tls;

/// <summary>What was agreed by ALPN (RFC 7301).</summary>
public enum ApplicationProtocol : byte
{
    /// <summary>Nothing: the client offered no protocol, or none that both know.</summary>
    None,

    /// <summary><c>http/1.1</c>.</summary>
    Http11,

    /// <summary><c>h2</c>.</summary>
    Http2,
}

namespace EdgeProxy.Transport.Tls;

/// <summary>What the first bytes of a TLS connection are.</summary>
internal enum ClientHelloStatus : byte
{
    /// <summary>A whole ClientHello.</summary>
    Complete,

    /// <summary>The start of one; call again with more.</summary>
    Incomplete,

    /// <summary>No TLS handshake at all.</summary>
    NotTls,

    /// <summary>Longer than <see cref="ClientHello.MaximumLength"/>.</summary>
    TooLarge,

    /// <summary>A handshake whose first message breaks RFC 8446, 4.1.2.</summary>
    Violation,
}

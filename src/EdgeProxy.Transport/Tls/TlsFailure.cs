namespace EdgeProxy.Transport.Tls;

/// <summary>Why a handshake did not come to its end. The names, in snake case, are the <c>reason</c> of the metrics.</summary>
public enum TlsFailure : byte
{
    /// <summary>It did.</summary>
    None,

    /// <summary>The deadline passed (setting <c>timeouts.handshake</c>, or a call's own).</summary>
    TimedOut,

    /// <summary>As many handshakes as one loop may have were under way (setting <c>tls.maxHandshakes</c>).</summary>
    TooMany,

    /// <summary>What came first is no TLS: most often plain HTTP to a TLS port.</summary>
    NotTls,

    /// <summary>The ClientHello is longer than 16 KB (specification security.md 17.2).</summary>
    HelloTooLarge,

    /// <summary>No certificate for the name that the client asked for, and no default (<c>unrecognized_name</c>, RFC 6066, 3).</summary>
    UnknownName,

    /// <summary>No version that both sides allow.</summary>
    NoCommonVersion,

    /// <summary>No cipher suite, group or signature algorithm that both sides allow.</summary>
    NoCommonCipher,

    /// <summary>No application protocol that both sides allow (RFC 7301, 3.2).</summary>
    NoCommonProtocol,

    /// <summary>The other side ended the connection.</summary>
    Closed,

    /// <summary>The other side, or the network, broke the connection.</summary>
    Reset,

    /// <summary>The other side refused with an alert: as a client, most often because it does not trust our certificate.</summary>
    RefusedByPeer,

    /// <summary>The client showed no certificate, or one that is not trusted, where that ends the handshake.</summary>
    ClientCertificate,

    /// <summary>The upstream's certificate does not chain to an authority we trust.</summary>
    UntrustedCertificate,

    /// <summary>The upstream's certificate is for other names.</summary>
    NameMismatch,

    /// <summary>The upstream's certificate, or one that it chains to, is not valid now.</summary>
    Expired,

    /// <summary>Bytes that break the protocol.</summary>
    Violation,

    /// <summary>We gave up ourselves: shutdown.</summary>
    Aborted,

    /// <summary>The files that an upstream's TLS settings name cannot be used.</summary>
    Settings,
}

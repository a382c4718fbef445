namespace EdgeProxy.Transport.Tls;

/// <summary>What a server name with a trust store wants of a client (specification security.md 10, <c>mtls.onFailure</c>).</summary>
public enum ClientCertificateDemand : byte
{
    /// <summary>The handshake ends well whatever the client shows; <see cref="TlsFacts.ClientVerdict"/> says what it was worth (<c>respond403</c>).</summary>
    Judge,

    /// <summary>Anything but a trusted certificate ends the handshake with an alert (<c>abort</c>).</summary>
    Require,
}

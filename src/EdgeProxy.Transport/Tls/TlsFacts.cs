namespace EdgeProxy.Transport.Tls;

/// <summary>What a handshake agreed on. One immutable object a connection.</summary>
public sealed record TlsFacts
{
    public required TlsVersion Version { get; init; }

    /// <summary>The suite as OpenSSL names it, for example <c>TLS_AES_128_GCM_SHA256</c> or <c>ECDHE-RSA-AES128-GCM-SHA256</c>.</summary>
    public required string CipherSuite { get; init; }

    /// <summary>The name that the client asked for (RFC 6066, 3) in lower case without a dot at its end; null when it named none.</summary>
    public string? ServerName { get; init; }

    public ApplicationProtocol Protocol { get; init; }

    /// <summary>Whether an earlier session was taken up again.</summary>
    public bool Resumed { get; init; }

    /// <summary>What the client showed, trusted or not; null when it showed nothing.</summary>
    public ClientCertificate? ClientCertificate { get; init; }

    public ClientCertificateVerdict ClientVerdict { get; init; }

    /// <summary>Which trust store the certificate was judged by; null when the name asks for none.</summary>
    public string? TrustStore { get; init; }

    /// <summary>The version as logs and <c>$context.tlsVersion</c> have it.</summary>
    public string VersionText => Version switch
    {
        TlsVersion.Tls13 => "TLSv1.3",
        TlsVersion.Tls12 => "TLSv1.2",
        TlsVersion.Tls11 => "TLSv1.1",
        _ => "TLSv1",
    };
}

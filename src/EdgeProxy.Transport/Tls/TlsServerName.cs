namespace EdgeProxy.Transport.Tls;

/// <summary>How one name, or all names under a wildcard, are served.</summary>
public sealed record TlsServerName
{
    /// <summary>A host name, or <c>*.</c> and a domain for one label below it. Upper and lower case are the same.</summary>
    public required string Name { get; init; }

    /// <summary>At least one; one of RSA and one of an elliptic curve may stand together, and each client gets what it can use.</summary>
    public required IReadOnlyList<ServerCertificate> Certificates { get; init; }

    public TlsPolicy Policy { get; init; } = TlsPolicy.Default;

    /// <summary>Whom clients' certificates must come from; null asks for none.</summary>
    public TrustStore? TrustStore { get; init; }

    /// <summary>What becomes of a client without a trusted certificate.</summary>
    public ClientCertificateDemand Demand { get; init; }
}

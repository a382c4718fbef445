namespace EdgeProxy.Transport.Tls;

/// <summary>A client's certificate in the words of <c>$context.identity.clientCert</c> (security.md 10).</summary>
public sealed record ClientCertificate
{
    /// <summary>The leaf in PEM, lines ended with LF.</summary>
    public required string Pem { get; init; }

    /// <summary>The subject like RFC 2253, for example <c>CN=client,O=Org,C=US</c>.</summary>
    public required string SubjectDn { get; init; }

    /// <summary>The issuer likewise.</summary>
    public required string IssuerDn { get; init; }

    /// <summary>Lower-case hex pairs with colons: <c>a1:0b</c>.</summary>
    public required string SerialNumber { get; init; }

    /// <summary>For example <c>Aug  5 09:36:04 2021 GMT</c>.</summary>
    public required string NotBefore { get; init; }

    /// <summary>Likewise.</summary>
    public required string NotAfter { get; init; }
}

namespace EdgeProxy.Definitions;

/// <summary>Mutual TLS of a domain (security.md 10).</summary>
/// <param name="Truststore">Full path of the PEM bundle that client certificates must chain to.</param>
/// <param name="Crl">Full path of a PEM bundle of revocation lists; null for none, as in the service.</param>
/// <param name="CutsUntrusted">Whether a client without a trusted certificate is cut off rather than answered 403.</param>
public sealed record MutualTlsDefinition(string Truststore, string? Crl, bool CutsUntrusted)
{
    /// <summary>Tells one way of judging from another: two domains with the same are one to a client's certificate.</summary>
    public string Identity => Crl is null ? Truststore : $"{Truststore} {Crl}";
}

namespace EdgeProxy.Transport.Tls;

/// <summary>What came of looking at a client's certificate (security.md 10).</summary>
public enum ClientCertificateVerdict : byte
{
    /// <summary>The name that the client asked for wants no certificate.</summary>
    NotAsked,

    /// <summary>The client sent none.</summary>
    Missing,

    /// <summary>It chains to the trust store and is valid now.</summary>
    Trusted,

    /// <summary>It does not chain to the trust store, or a signature on the way is wrong.</summary>
    Untrusted,

    /// <summary>It, or one that it chains to, is no longer valid.</summary>
    Expired,

    /// <summary>It, or one that it chains to, is not valid yet.</summary>
    NotYetValid,

    /// <summary>A key is too short, or a digest too old.</summary>
    Weak,

    /// <summary>Its issuer has revoked it, as a configured list says.</summary>
    Revoked,

    /// <summary>It cannot be read, or its chain is longer than four.</summary>
    Malformed,
}

namespace EdgeProxy.Transport.Tls;

/// <summary>Kinds of <see cref="TlsProblem"/>.</summary>
public enum TlsProblemCode : byte
{
    /// <summary>A file cannot be read, or is too large.</summary>
    UnreadableFile,

    /// <summary>No certificate in PEM where one is needed.</summary>
    NoCertificate,

    /// <summary>No private key in PEM, or one under a passphrase.</summary>
    NoKey,

    /// <summary>The key is not the certificate's.</summary>
    KeyMismatch,

    /// <summary>A key of a kind or size that no policy serves.</summary>
    UnusableKey,

    /// <summary>The certificate is no longer valid.</summary>
    Expired,

    /// <summary>The certificate is not valid yet.</summary>
    NotYetValid,

    /// <summary>The certificate does not cover a name it is to serve.</summary>
    NameNotCovered,

    /// <summary>The certificates behind the first do not lead from issuer to issuer.</summary>
    BrokenChain,

    /// <summary>A stapled OCSP response that is none, or says that it failed.</summary>
    BadStaple,

    /// <summary>An entry of a trust store that is no authority's certificate, or cannot be read.</summary>
    BadTrustEntry,

    /// <summary>A revocation list that cannot be read.</summary>
    BadRevocationList,
}

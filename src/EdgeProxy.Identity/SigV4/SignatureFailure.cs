namespace EdgeProxy.Identity.SigV4;

/// <summary>Why a request's signature is not accepted (specification security.md 3.9). All are answered with 403.</summary>
public enum SignatureFailure : byte
{
    None,

    /// <summary>There is no signature.</summary>
    Missing,

    /// <summary>There is something, and it is not whole.</summary>
    Incomplete,

    /// <summary>It is for another time, region or service, leaves out what it has to cover, or differs.</summary>
    Invalid,

    /// <summary>The key is not known, or not with that session token.</summary>
    UnknownKey,

    /// <summary>The key's time is over.</summary>
    KeyExpired,
}

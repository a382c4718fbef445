namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>Why an answer is not stored (RFC 9111, 3).</summary>
internal enum StoreRefusal : byte
{
    /// <summary>It is.</summary>
    None,

    /// <summary>A part, or a status that is not understood where that is asked for.</summary>
    Status,

    /// <summary>The answer says <c>no-store</c>, or what cannot be read.</summary>
    NoStore,

    /// <summary>The request says <c>no-store</c>.</summary>
    RequestNoStore,

    /// <summary>It is for one client only.</summary>
    Private,

    /// <summary>The request was authorised, and the answer does not say that others may have it (3.5).</summary>
    Authorized,

    /// <summary>It sets a cookie, and does not say that it is public.</summary>
    Cookie,

    /// <summary>It says <c>Vary: *</c>, or more than is taken note of.</summary>
    Varies,

    /// <summary>The backend's target was made of what no key has, such as a header.</summary>
    Mapped,

    /// <summary>It would never be served: neither fresh for any time nor to be asked for by a condition.</summary>
    NoLifetime,
}

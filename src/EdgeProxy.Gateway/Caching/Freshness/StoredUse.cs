namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>What is done with a stored answer for a request.</summary>
internal enum StoredUse : byte
{
    /// <summary>It is served.</summary>
    Fresh,

    /// <summary>It has expired, and is served because the client takes it so (RFC 9111, 5.2.1.2).</summary>
    StaleAccepted,

    /// <summary>It has expired, and is served while another is fetched (RFC 5861, 3).</summary>
    StaleWhileRevalidate,

    /// <summary>It is asked for anew first, by a condition where it has a validator.</summary>
    Revalidate,

    /// <summary>It would be, and the client wants no fetch: 504 (RFC 9111, 5.2.1.7).</summary>
    OnlyIfCached,
}

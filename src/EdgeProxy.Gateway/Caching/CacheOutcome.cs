namespace EdgeProxy.Gateway.Caching;

/// <summary>What the cache did for a request.</summary>
internal enum CacheOutcome : byte
{
    /// <summary>The route has none.</summary>
    None,

    /// <summary>It answered.</summary>
    Hit,

    /// <summary>It had no answer.</summary>
    Miss,

    /// <summary>It was passed by: the request has no key, or could not use what is stored.</summary>
    Bypass,

    /// <summary>The client had it passed by, and what is stored replaced.</summary>
    Refresh,

    /// <summary>It answered, after the backend had said that nothing has changed.</summary>
    Revalidated,

    /// <summary>It answered with what had expired.</summary>
    Stale,

    /// <summary>It answered with what another request has fetched, which this one waited for.</summary>
    Coalesced,
}

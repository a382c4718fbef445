namespace EdgeProxy.Gateway.Caching.Coalescing;

/// <summary>What became of the wish to fetch what others may be fetching already.</summary>
internal enum FetchOutcome : byte
{
    /// <summary>This request fetches; others wait for it. Ends by <see cref="FetchTable.End"/> or <see cref="FetchTable.Abandon"/>, once.</summary>
    Leads,

    /// <summary>The answer was stored: look it up.</summary>
    Stored,

    /// <summary>The answer is for nobody else, so that this request fetches its own, without anybody waiting.</summary>
    Uncacheable,

    /// <summary>The backend has failed, and the one who fetched was served what had expired: so may who waited, or else fetch its own.</summary>
    Failed,

    /// <summary>The wait was too long: this request fetches its own.</summary>
    TimedOut,

    /// <summary>Too many wait already: this request fetches its own.</summary>
    Crowded,

    /// <summary>The client of the one who waited has gone.</summary>
    Aborted,
}

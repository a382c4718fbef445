namespace EdgeProxy.Gateway.Snapshots;

/// <summary>How much the node caches: <c>cache.*</c>.</summary>
/// <param name="MaxBytes">Memory of all entries together, those of every API.</param>
/// <param name="MaxEntry">Largest body that is stored. The service's own limit is the default.</param>
/// <param name="MaxKey">Longest key; requests with a longer one pass the cache by.</param>
internal sealed record CacheLimits(long MaxBytes = 256L * 1024 * 1024, int MaxEntry = 1024 * 1024, int MaxKey = 4096)
{
    /// <summary>How many requests may wait for one fetch of another; 0 for none.</summary>
    public int CoalesceWaiters { get; init; } = 1000;

    /// <summary>How long they wait before they fetch their own, in nanoseconds.</summary>
    public long CoalesceWait { get; init; } = 5_000_000_000;

    /// <summary>How many expired answers are fetched anew at a time, on each loop, while they are served.</summary>
    public int Refreshes { get; init; } = 64;
}

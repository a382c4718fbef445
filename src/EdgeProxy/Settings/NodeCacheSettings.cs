namespace EdgeProxy.Settings;

/// <summary>How much the node caches: <c>cache.*</c>.</summary>
/// <param name="MaxBytes">Memory of all entries together.</param>
/// <param name="MaxEntry">Largest body that is stored.</param>
/// <param name="MaxKey">Longest key.</param>
internal sealed record NodeCacheSettings(long MaxBytes, int MaxEntry, int MaxKey)
{
    /// <summary>How many requests may wait for one fetch of another.</summary>
    public int CoalesceWaiters { get; init; } = 1000;

    /// <summary>How long they wait, in nanoseconds.</summary>
    public long CoalesceWait { get; init; } = 5_000_000_000;

    /// <summary>How many expired answers a loop fetches anew at a time while they are served.</summary>
    public int Refreshes { get; init; } = 64;
}

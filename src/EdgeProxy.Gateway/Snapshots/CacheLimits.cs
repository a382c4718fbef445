namespace EdgeProxy.Gateway.Snapshots;

/// <summary>How much the node caches: <c>cache.*</c>.</summary>
/// <param name="MaxBytes">Memory of all entries together, those of every API.</param>
/// <param name="MaxEntry">Largest body that is stored. The service's own limit is the default.</param>
/// <param name="MaxKey">Longest key; requests with a longer one pass the cache by.</param>
internal sealed record CacheLimits(long MaxBytes = 256L * 1024 * 1024, int MaxEntry = 1024 * 1024, int MaxKey = 4096);

namespace EdgeProxy.Settings;

/// <summary>How much the node caches: <c>cache.*</c>.</summary>
/// <param name="MaxBytes">Memory of all entries together.</param>
/// <param name="MaxEntry">Largest body that is stored.</param>
/// <param name="MaxKey">Longest key.</param>
internal sealed record NodeCacheSettings(long MaxBytes, int MaxEntry, int MaxKey);

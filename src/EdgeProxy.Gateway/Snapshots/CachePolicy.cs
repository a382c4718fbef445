using EdgeProxy.Gateway.Caching.Freshness;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>What the cache does for a route beyond API Gateway (<c>x-edgeproxy-cache</c>).</summary>
internal sealed record CachePolicy
{
    /// <summary>How answers are judged by what they say themselves, as RFC 9111 has it; null where the stage's settings alone say what is cached and how long.</summary>
    public FreshnessRules? Rules { get; init; }

    /// <summary>Whether one request fetches what others wait for.</summary>
    public bool Coalesces { get; init; }

    /// <summary>Whether a stored answer is compressed once, and that stored as well.</summary>
    public bool StoresVariants { get; init; }
}

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>What tells one cached answer of a route from another (rest-api.md 8): a namespace, and values of the request.</summary>
internal sealed class CacheKeyPlan
{
    /// <summary>The resource's own namespace, and no values: one entry for each method.</summary>
    public static CacheKeyPlan OfResource { get; } = new();

    /// <summary><c>cacheNamespace</c>, which several resources may share; empty for the resource's own.</summary>
    public Utf8Text Namespace { get; init; }

    /// <summary><c>cacheKeyParameters</c> in the order written.</summary>
    public CacheKeyPart[] Parts { get; init; } = [];
}

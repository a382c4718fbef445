namespace EdgeProxy.Gateway.Throttling;

/// <summary>Which setting a bucket comes from: the label of <c>edgeproxy_throttled_total</c> (observability.md 3.5).</summary>
internal enum ThrottleScope : byte
{
    /// <summary>The node's own, over all APIs.</summary>
    Account,

    /// <summary>The stage's figures, of which each method has a bucket of its own.</summary>
    Stage,

    /// <summary>The method's own figures.</summary>
    Method,

    /// <summary>A usage plan's, for a key: over all it calls, or for the method.</summary>
    KeyRate,

    /// <summary>No bucket but a usage plan's quota, for a key.</summary>
    KeyQuota,
}

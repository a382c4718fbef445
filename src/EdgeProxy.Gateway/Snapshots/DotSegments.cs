namespace EdgeProxy.Gateway.Snapshots;

/// <summary>What becomes of <c>.</c> and <c>..</c> in a path, also percent-encoded (setting <c>paths.dotSegments</c>, architecture.md 5).</summary>
internal enum DotSegments : byte
{
    /// <summary>400.</summary>
    Reject,

    /// <summary>They are resolved before routing (RFC 3986, 5.2.4).</summary>
    Resolve,

    /// <summary>They are segments like any other.</summary>
    Keep,
}

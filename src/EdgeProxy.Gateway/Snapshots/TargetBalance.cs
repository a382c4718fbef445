namespace EdgeProxy.Gateway.Snapshots;

/// <summary>How one of several targets is chosen.</summary>
internal enum TargetBalance : byte
{
    /// <summary>In turn, each as often as its weight says and never twice in a row without need (smooth weighted round robin).</summary>
    Weighted,

    /// <summary>The one with the fewest requests under way for its weight.</summary>
    LeastLoaded,
}

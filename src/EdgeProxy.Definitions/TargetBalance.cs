namespace EdgeProxy.Definitions;

/// <summary>How one of several targets is chosen.</summary>
public enum TargetBalance
{
    /// <summary>In turn, each as often as its weight says.</summary>
    Weighted,

    /// <summary>The one with the fewest requests under way for its weight.</summary>
    LeastLoaded,
}

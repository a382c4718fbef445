namespace EdgeProxy.Core.Patterns;

/// <summary>How often a repetition is tried first.</summary>
public enum PatternGreed : byte
{
    /// <summary>As often as it can.</summary>
    Greedy,

    /// <summary>As seldom as it can.</summary>
    Lazy,

    /// <summary>As often as it can, and then no other way.</summary>
    Possessive,
}

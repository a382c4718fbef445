namespace EdgeProxy.Core.Patterns;

/// <summary>How often a part of a pattern is repeated.</summary>
internal sealed class PatternLoop(PatternNode.Repeat repeat, CodePointSet? set, int register)
{
    public int Least => repeat.Least;

    public int Most => repeat.Most;

    public bool IsLazy => repeat.Greed == PatternGreed.Lazy;

    /// <summary>For a part that is a single character, which.</summary>
    public CodePointSet? Set => set;

    /// <summary>Where the rounds are counted; behind it stands where the last one began.</summary>
    public int Register => register;
}

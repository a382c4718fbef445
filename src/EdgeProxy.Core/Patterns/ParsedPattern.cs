namespace EdgeProxy.Core.Patterns;

/// <summary>A regular expression that was read.</summary>
public sealed class ParsedPattern(PatternNode root, int groups, Dictionary<string, int> names)
{
    public PatternNode Root => root;

    /// <summary>How many groups are kept, the whole not counted.</summary>
    public int Groups => groups;

    /// <summary>The numbers of groups with a name.</summary>
    public Dictionary<string, int> Names => names;

    /// <summary>The same for a text as a whole rather than for a part of it.</summary>
    public ParsedPattern Whole() =>
        new(new PatternNode.Sequence([new PatternNode.Anchor(PatternAnchor.TextStart), root, new PatternNode.Anchor(PatternAnchor.TextEnd)]), groups, names);
}

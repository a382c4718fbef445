namespace EdgeProxy.Compiler.Patterns;

/// <summary>A part of a regular expression. Only whether it matches is of interest, so that greed and the texts of groups are left out.</summary>
internal abstract record PatternNode
{
    /// <summary>One code point of a set.</summary>
    public sealed record Character(CodePointSet Set) : PatternNode;

    /// <summary>Parts one behind the other; without any, the empty text.</summary>
    public sealed record Sequence(IReadOnlyList<PatternNode> Parts) : PatternNode;

    /// <summary>One of several.</summary>
    public sealed record Choice(IReadOnlyList<PatternNode> Options) : PatternNode;

    /// <summary>A part several times.</summary>
    /// <param name="Part">The part.</param>
    /// <param name="Least">At least so often.</param>
    /// <param name="Most">At most so often; -1 for any number.</param>
    public sealed record Repeat(PatternNode Part, int Least, int Most) : PatternNode;

    /// <summary>A group that a back-reference can name.</summary>
    public sealed record Group(PatternNode Part, int Number) : PatternNode;

    /// <summary>The text's start.</summary>
    public sealed record Start : PatternNode;

    /// <summary>The text's end.</summary>
    public sealed record End : PatternNode;

    /// <summary>A boundary of a word, or none.</summary>
    public sealed record WordBoundary(bool IsNegated) : PatternNode;

    /// <summary>What has to follow or come before, or must not.</summary>
    public sealed record Look(PatternNode Part, bool IsBehind, bool IsNegated) : PatternNode;

    /// <summary>The text of a group again.</summary>
    public sealed record BackReference(int Number) : PatternNode;
}

namespace EdgeProxy.Core.Patterns;

/// <summary>Instructions of a compiled pattern.</summary>
internal enum PatternCode : byte
{
    Match,

    /// <summary>The character A.</summary>
    Character,

    /// <summary>A character of set A.</summary>
    Set,

    /// <summary>Characters of loop A's set, as many as it takes; B: gives none of them back.</summary>
    Run,

    /// <summary>Goes on at A, or if that fails at B.</summary>
    Split,
    Jump,

    /// <summary>Notes the position in register A.</summary>
    Save,

    /// <summary>Begins loop A anew.</summary>
    Begin,

    /// <summary>Another round of loop A, which begins behind it, or on at B.</summary>
    Loop,

    /// <summary>Counts a round of loop A.</summary>
    Round,

    /// <summary>Holds at the place A, a <see cref="PatternAnchor"/>.</summary>
    Anchor,

    /// <summary>What group A took; B: <see cref="PatternStep.IgnoresCase"/>, <see cref="PatternStep.EmptyWhenUnset"/>.</summary>
    Back,

    /// <summary>What follows up to A matches here; B: must not.</summary>
    Ahead,

    /// <summary>What follows up to A matches and ends here; B: must not.</summary>
    Behind,

    /// <summary>What follows up to A matches, in the first way it does.</summary>
    Atomic,
}

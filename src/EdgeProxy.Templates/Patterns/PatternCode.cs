namespace EdgeProxy.Templates.Patterns;

/// <summary>Instructions of a compiled pattern.</summary>
internal enum PatternCode : byte
{
    Match,

    /// <summary>The character A.</summary>
    Character,

    /// <summary>The character A, of either case.</summary>
    CharacterIgnoringCase,

    /// <summary>A character of set A.</summary>
    Set,

    /// <summary>Goes on at A, or if that fails at B.</summary>
    Split,
    Jump,

    /// <summary>Notes the position in register A.</summary>
    Save,

    /// <summary>Fails if nothing was taken since register A was noted.</summary>
    Progress,
    TextBegin,
    TextEnd,

    /// <summary>The end, or before a line break that ends the text.</summary>
    TextEndOrLastLine,
    LineBegin,
    LineEnd,
    WordBound,
    NotWordBound,

    /// <summary>What group A took; B: of either case.</summary>
    Back,

    /// <summary>What follows up to A matches here; B: must not.</summary>
    Ahead,

    /// <summary>What follows up to A matches and ends here; B: must not.</summary>
    Behind,

    /// <summary>What follows up to A matches, in the first way it does.</summary>
    Atomic,
}

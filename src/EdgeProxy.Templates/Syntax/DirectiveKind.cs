namespace EdgeProxy.Templates.Syntax;

/// <summary>What stands behind a <c>#</c>.</summary>
internal enum DirectiveKind : byte
{
    /// <summary>Nothing of the language: the sign is text.</summary>
    None,
    Comment,
    BlockComment,
    Literal,
    Set,
    If,
    ElseIf,
    Else,
    End,
    Foreach,
    Break,
    Stop,
    Define,
    Macro,
    Evaluate,

    /// <summary><c>#include</c> and <c>#parse</c>: there is no store of templates.</summary>
    Include,
    Call,

    /// <summary><c>#@name(…) … #end</c>.</summary>
    BlockCall,
}

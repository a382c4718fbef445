namespace EdgeProxy.Templates.Syntax;

/// <summary>An expression as it was written.</summary>
internal abstract record SyntaxExpression(SourceRange Range)
{
    /// <summary>A word, a number, or text without references.</summary>
    internal sealed record Text(SourceRange Range, byte[] Content) : SyntaxExpression(Range);

    internal sealed record Integer(SourceRange Range, long Number) : SyntaxExpression(Range);

    /// <summary>An integer of more than 64 bits.</summary>
    internal sealed record Big(SourceRange Range, byte[] Digits) : SyntaxExpression(Range);

    internal sealed record Decimal(SourceRange Range, double Number) : SyntaxExpression(Range);

    internal sealed record Boolean(SourceRange Range, bool Value) : SyntaxExpression(Range);

    /// <summary>Text in double quotes that has references or directives.</summary>
    internal sealed record Interpolated(SourceRange Range, IReadOnlyList<SyntaxNode> Content) : SyntaxExpression(Range);

    /// <summary>A name and what is asked of it, link by link.</summary>
    internal sealed record Reference(SourceRange Range, string Name, IReadOnlyList<ReferenceLink> Links) : SyntaxExpression(Range);

    internal sealed record List(SourceRange Range, IReadOnlyList<SyntaxExpression> Items) : SyntaxExpression(Range);

    internal sealed record Map(SourceRange Range, IReadOnlyList<(SyntaxExpression Key, SyntaxExpression Value)> Members) : SyntaxExpression(Range);

    internal sealed record Sequence(SourceRange Range, SyntaxExpression First, SyntaxExpression Last) : SyntaxExpression(Range);

    internal sealed record Not(SourceRange Range, SyntaxExpression Operand) : SyntaxExpression(Range);

    internal sealed record Binary(SourceRange Range, BinaryOperator Operator, SyntaxExpression Left, SyntaxExpression Right) : SyntaxExpression(Range);
}

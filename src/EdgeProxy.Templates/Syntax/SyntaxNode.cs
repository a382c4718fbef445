namespace EdgeProxy.Templates.Syntax;

/// <summary>A piece of a template as it was written.</summary>
internal abstract record SyntaxNode(SourceRange Range)
{
    /// <summary>What is copied to the output.</summary>
    internal sealed record Text(SourceRange Range, byte[] Content) : SyntaxNode(Range);

    internal sealed record Reference(SourceRange Range, SyntaxExpression.Reference Target) : SyntaxNode(Range);

    /// <summary>A reference behind an odd number of backslashes.</summary>
    /// <param name="Range">Where.</param>
    /// <param name="Target">The reference.</param>
    /// <param name="IfSet">What is written when it has a value.</param>
    /// <param name="IfNull">What is written when it has none.</param>
    internal sealed record EscapedReference(SourceRange Range, SyntaxExpression.Reference Target, byte[] IfSet, byte[] IfNull) : SyntaxNode(Range);

    internal sealed record Set(SourceRange Range, SyntaxExpression.Reference Target, SyntaxExpression Value) : SyntaxNode(Range);

    /// <param name="Range">Where.</param>
    /// <param name="Arms">Conditions with their blocks, the first that holds is taken.</param>
    /// <param name="Else">What is taken when none holds.</param>
    internal sealed record If(SourceRange Range, IReadOnlyList<(SyntaxExpression Condition, IReadOnlyList<SyntaxNode> Content)> Arms, IReadOnlyList<SyntaxNode>? Else) : SyntaxNode(Range);

    /// <param name="Range">All of it.</param>
    /// <param name="Head">The directive up to its closing bracket.</param>
    /// <param name="Variable">What each element is called.</param>
    /// <param name="Items">What it goes through.</param>
    /// <param name="Content">What is done for each.</param>
    internal sealed record Foreach(SourceRange Range, SourceRange Head, string Variable, SyntaxExpression Items, IReadOnlyList<SyntaxNode> Content) : SyntaxNode(Range);

    /// <param name="Range">Where.</param>
    /// <param name="Loops">How many loops it leaves; all when that is more than there are.</param>
    internal sealed record Break(SourceRange Range, int Loops) : SyntaxNode(Range);

    internal sealed record Stop(SourceRange Range) : SyntaxNode(Range);

    internal sealed record Define(SourceRange Range, string Variable, IReadOnlyList<SyntaxNode> Content) : SyntaxNode(Range);

    internal sealed record Macro(SourceRange Range, string Name, IReadOnlyList<string> Parameters, IReadOnlyList<SyntaxNode> Content) : SyntaxNode(Range);

    /// <param name="Range">Where.</param>
    /// <param name="Name">Which macro.</param>
    /// <param name="Arguments">In order.</param>
    /// <param name="Body">Of <c>#@name(…) … #end</c>: what <c>$bodyContent</c> is.</param>
    internal sealed record Call(SourceRange Range, string Name, IReadOnlyList<SyntaxExpression> Arguments, IReadOnlyList<SyntaxNode>? Body) : SyntaxNode(Range);

    internal sealed record Evaluate(SourceRange Range, SyntaxExpression Content) : SyntaxNode(Range);
}

using EdgeProxy.Core.Patterns;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.JsonPath;

/// <summary>An operand of a comparison, or an argument of a function: a path, a value, a list of them, or a pattern.</summary>
internal sealed class FilterOperand
{
    /// <summary>A path from the element (<c>@</c>) or from the root (<c>$</c>).</summary>
    public PathStep[]? Path { get; init; }

    public bool FromRoot { get; init; }

    /// <summary>A value; texts are ranges of the query's own constants.</summary>
    public Value Literal { get; init; }

    public FilterOperand[]? Items { get; init; }

    public PatternProgram? Pattern { get; init; }
}

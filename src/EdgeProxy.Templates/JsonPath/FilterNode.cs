namespace EdgeProxy.Templates.JsonPath;

/// <summary>A filter, or a part of one: two conditions, or a comparison of operands.</summary>
internal sealed record FilterNode(FilterOperator Operator)
{
    public FilterNode? First { get; init; }

    public FilterNode? Second { get; init; }

    public FilterOperand? Left { get; init; }

    public FilterOperand? Right { get; init; }
}

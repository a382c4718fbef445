namespace EdgeProxy.Templates.JsonPath;

/// <summary>One step of a path.</summary>
internal sealed class PathStep
{
    public required PathStepKind Kind { get; init; }

    public (byte[] Name, int Hash)[] Names { get; init; } = [];

    public int[] Indexes { get; init; } = [];

    /// <summary>Of a slice: where it begins and ends; null for open.</summary>
    public int? From { get; init; }

    public int? To { get; init; }

    public FilterNode? Filter { get; init; }

    public PathFunction Function { get; init; }

    public FilterOperand[] Arguments { get; init; } = [];
}

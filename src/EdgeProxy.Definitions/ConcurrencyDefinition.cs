namespace EdgeProxy.Definitions;

/// <summary>How many requests of a method may be under way at once on a node. API Gateway has nothing like it.</summary>
public sealed record ConcurrencyDefinition
{
    /// <summary>At most so many, at least 1; null for as many as the backend is found to bear.</summary>
    public required int? Max { get; init; }

    /// <summary>So many more may wait for their turn.</summary>
    public int Queue { get; init; }

    /// <summary>For so long, in nanoseconds.</summary>
    public long WaitNanoseconds { get; init; }
}

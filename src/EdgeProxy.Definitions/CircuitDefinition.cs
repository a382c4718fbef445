namespace EdgeProxy.Definitions;

/// <summary>When an upstream as a whole is given up for a time; what is null is the node's setting. Times in milliseconds.</summary>
public sealed record CircuitDefinition
{
    /// <summary>Failed requests of a hundred in ten seconds; 0 for never.</summary>
    public int? FailurePercent { get; init; }

    /// <summary>Fewer requests in ten seconds say nothing about a share.</summary>
    public int? LeastRequests { get; init; }

    /// <summary>How long the first time.</summary>
    public int? OpenTimeInMillis { get; init; }

    /// <summary>How long at most.</summary>
    public int? MostOpenTimeInMillis { get; init; }

    /// <summary>How many requests are let through then, all of which have to succeed.</summary>
    public int? Probes { get; init; }
}

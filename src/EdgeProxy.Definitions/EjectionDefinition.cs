namespace EdgeProxy.Definitions;

/// <summary>When a target that fails is left out for a time; what is null is the node's setting. Times in milliseconds.</summary>
public sealed record EjectionDefinition
{
    /// <summary>Failures in a row; 0 for never.</summary>
    public int? ConsecutiveFailures { get; init; }

    /// <summary>Failures of a hundred requests in ten seconds; 0 for never.</summary>
    public int? FailurePercent { get; init; }

    /// <summary>Fewer requests in ten seconds say nothing about a share.</summary>
    public int? LeastRequests { get; init; }

    /// <summary>How long the first time.</summary>
    public int? TimeInMillis { get; init; }

    /// <summary>How long at most.</summary>
    public int? MostTimeInMillis { get; init; }

    /// <summary>How many of a hundred targets may be left out at once.</summary>
    public int? MostPercent { get; init; }
}

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>When an upstream as a whole is given up for a time, its requests answered at once (<c>upstream.circuit.*</c>).</summary>
internal sealed record CircuitPlan
{
    /// <summary>So many failed requests of a hundred in ten seconds; 0 for never.</summary>
    public double FailurePercent { get; init; }

    /// <summary>Fewer requests in ten seconds say nothing about a share.</summary>
    public int LeastRequests { get; init; } = 20;

    /// <summary>How long the first time, in nanoseconds; doubled each time that the upstream has not recovered in between.</summary>
    public long OpenTime { get; init; } = 5_000_000_000;

    /// <summary>How long at most, in nanoseconds.</summary>
    public long MostOpenTime { get; init; } = 60_000_000_000;

    /// <summary>How many requests are let through then, all of which have to succeed.</summary>
    public int Probes { get; init; } = 3;

    public bool IsOn => FailurePercent > 0;
}

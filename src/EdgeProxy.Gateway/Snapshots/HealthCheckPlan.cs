namespace EdgeProxy.Gateway.Snapshots;

/// <summary>How targets are asked whether they work (<c>upstream.health.*</c>, <c>x-edgeproxy-upstream.health</c>).</summary>
internal sealed record HealthCheckPlan
{
    /// <summary>What to ask for; null for no checks. Only a document knows it.</summary>
    public string? Path { get; init; }

    /// <summary>From the end of one check to the begin of the next, give or take a tenth; in nanoseconds.</summary>
    public long Interval { get; init; } = 5_000_000_000;

    /// <summary>How long one may take until the head of its answer, in nanoseconds.</summary>
    public long Timeout { get; init; } = 2_000_000_000;

    /// <summary>The statuses of a target that works.</summary>
    public StatusSet Statuses { get; init; } = StatusSet.Successful;

    /// <summary>So many good checks in a row bring a target back.</summary>
    public int Healthy { get; init; } = 2;

    /// <summary>So many bad ones in a row leave it out.</summary>
    public int Unhealthy { get; init; } = 3;

    public bool IsOn => Path is not null;
}

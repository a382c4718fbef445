namespace EdgeProxy.Definitions;

/// <summary>How targets are asked whether they work; what is null is the node's setting. Times in milliseconds.</summary>
public sealed record HealthCheckDefinition
{
    /// <summary>The object.</summary>
    public Origin? Origin { get; init; }

    /// <summary>What to ask for, with its slash; null for no checks.</summary>
    public string? Path { get; init; }

    /// <summary>From one check to the next.</summary>
    public int? IntervalInMillis { get; init; }

    /// <summary>How long one may take.</summary>
    public int? TimeoutInMillis { get; init; }

    /// <summary>Statuses, and ranges of them, of a target that works.</summary>
    public IReadOnlyList<string>? Statuses { get; init; }

    /// <summary>So many good checks in a row bring a target back.</summary>
    public int? Healthy { get; init; }

    /// <summary>So many bad ones leave it out.</summary>
    public int? Unhealthy { get; init; }
}

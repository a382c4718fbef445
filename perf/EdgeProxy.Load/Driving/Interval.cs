namespace EdgeProxy.Load.Driving;

/// <summary>What a scenario did in one interval.</summary>
internal sealed record Interval
{
    public required string ScenarioName { get; init; }

    /// <summary>Its end, in seconds from the start of the load.</summary>
    public required double At { get; init; }

    /// <summary>How long it was, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Copies that were due or begun.</summary>
    public long Begun { get; init; }

    /// <summary>Copies that went well.</summary>
    public long Ok { get; init; }

    /// <summary>Copies that failed.</summary>
    public long Fail { get; init; }

    /// <summary>Copies under way at its end.</summary>
    public long UnderWay { get; init; }

    /// <summary>Milliseconds of those that went well.</summary>
    public double P50 { get; init; }

    /// <inheritdoc cref="P50"/>
    public double P95 { get; init; }

    /// <inheritdoc cref="P50"/>
    public double P99 { get; init; }

    /// <inheritdoc cref="P50"/>
    public double Max { get; init; }
}

namespace EdgeProxy.Load.Vocabulary;

/// <summary>What a scenario came to.</summary>
internal sealed record ScenarioStats
{
    public required string ScenarioName { get; init; }

    /// <summary>Copies that went well.</summary>
    public required MeasurementStats Ok { get; init; }

    /// <summary>Copies that failed.</summary>
    public required MeasurementStats Fail { get; init; }

    /// <summary>Its steps, in the order in which they were first reached.</summary>
    public IReadOnlyList<StepStats> StepStats { get; init; } = [];

    /// <summary>How long it was under load, to the last answer, without its pauses.</summary>
    public TimeSpan Duration { get; init; }

    public long AllRequestCount => Ok.Request.Count + Fail.Request.Count;

    public long AllBytes => Ok.DataTransfer.AllBytes + Fail.DataTransfer.AllBytes;
}

/// <summary>What a step came to.</summary>
internal sealed record StepStats
{
    public required string StepName { get; init; }

    /// <summary>Those that went well.</summary>
    public required MeasurementStats Ok { get; init; }

    /// <summary>Those that failed.</summary>
    public required MeasurementStats Fail { get; init; }
}

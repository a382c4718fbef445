using EdgeProxy.Load.Driving;

namespace EdgeProxy.Load.Vocabulary;

/// <summary>What a session came to.</summary>
internal sealed record NodeStats
{
    public required IReadOnlyList<ScenarioStats> ScenarioStats { get; init; }

    public required IReadOnlyList<ThresholdResult> Thresholds { get; init; }

    /// <summary>The course of each scenario, second by second.</summary>
    public required IReadOnlyList<Interval> Intervals { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>From the first copy to the last answer, warm-up not included.</summary>
    public required TimeSpan Duration { get; init; }

    /// <summary>Why it ended early; null when it did not.</summary>
    public string? StopReason { get; init; }

    /// <summary>Whether something that was expected does not hold, or the session ended early.</summary>
    public bool IsFailed => StopReason is not null || Thresholds.Any(threshold => threshold.IsFailed);
}

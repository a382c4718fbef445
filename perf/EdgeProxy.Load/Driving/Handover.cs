namespace EdgeProxy.Load.Driving;

/// <summary>What the driving thread counted in an interval; index by scenario.</summary>
internal sealed record Handover
{
    public required string Phase { get; init; }

    public required TimeSpan Total { get; init; }

    /// <summary>Whether it counts: that of a warm-up does not.</summary>
    public required bool IsCounted { get; init; }

    /// <summary>The end of the interval, in seconds from the start of the phase.</summary>
    public required double At { get; init; }

    public required double Seconds { get; init; }

    public required IReadOnlyList<string> Names { get; init; }

    public required IReadOnlyList<Recorder> Recorders { get; init; }

    public required IReadOnlyList<long> Begun { get; init; }

    public required IReadOnlyList<long> UnderWay { get; init; }

    /// <summary>When the last run of each ended, in nanoseconds from the start of the phase.</summary>
    public required IReadOnlyList<long> LastEnds { get; init; }
}

namespace EdgeProxy.Load.Vocabulary;

/// <summary>Counts, times and sizes of what ended in one way.</summary>
internal sealed record MeasurementStats
{
    public required RequestStats Request { get; init; }

    public required LatencyStats Latency { get; init; }

    public required DataTransferStats DataTransfer { get; init; }

    /// <summary>The answers by status, the most frequent first.</summary>
    public IReadOnlyList<StatusCodeStats> StatusCodes { get; init; } = [];
}

/// <summary>How many.</summary>
/// <param name="Count">In all.</param>
/// <param name="RPS">A second.</param>
/// <param name="Percent">Of those that went well and those that failed together.</param>
internal sealed record RequestStats(long Count, double RPS, double Percent);

/// <summary>How long, in milliseconds, from when each was due.</summary>
internal sealed record LatencyStats
{
    public double MinMs { get; init; }

    public double MeanMs { get; init; }

    public double MaxMs { get; init; }

    public double StdDev { get; init; }

    public double Percent50 { get; init; }

    public double Percent75 { get; init; }

    public double Percent95 { get; init; }

    public double Percent99 { get; init; }

    /// <summary>The whole curve, for charts: percentiles from 0 on, ever closer to 100.</summary>
    public IReadOnlyList<(double Percent, double Milliseconds)> Curve { get; init; } = [];

    /// <summary>The 99.9th percentile.</summary>
    public double Percent999 { get; init; }
}

/// <summary>How much content.</summary>
internal sealed record DataTransferStats(long MinBytes, double MeanBytes, long MaxBytes, long AllBytes);

/// <summary>How often a status came.</summary>
internal sealed record StatusCodeStats(string StatusCode, bool IsError, string Message, long Count, double Percent);

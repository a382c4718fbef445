using Microsoft.Extensions.Logging;

namespace EdgeProxy.Telemetry.Logging;

/// <summary>The bounds of the node log.</summary>
public sealed record NodeLogOptions
{
    /// <summary>The lowest level that is written; it can be changed while running.</summary>
    public LogLevel MinimumLevel { get; init; } = LogLevel.Information;

    /// <summary>Lines of one event kind written within a second; the rest is summed up in one line.</summary>
    public int LinesPerSecond { get; init; } = 100;

    /// <summary>Bytes that may wait for standard error before lines are dropped.</summary>
    public int MaxPendingBytes { get; init; } = 4 << 20;
}

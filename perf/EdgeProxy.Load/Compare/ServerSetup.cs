namespace EdgeProxy.Load.Compare;

/// <summary>How a contender is started for a row.</summary>
internal sealed record ServerSetup
{
    /// <summary>A directory of its own for configuration and files.</summary>
    public required string Directory { get; init; }

    /// <summary>Where the backend listens.</summary>
    public required int Backend { get; init; }

    /// <summary>Where the contender is to listen.</summary>
    public required int Port { get; init; }

    /// <summary>Where its admin listener is to listen, if it has one.</summary>
    public required int AdminPort { get; init; }

    /// <summary>Loops, workers or threads.</summary>
    public int Workers { get; init; } = 1;

    /// <summary>The processors it may use, as <c>taskset</c> takes them; null for all.</summary>
    public string? Processors { get; init; } = "0";

    /// <summary>Where to log each request; null for nowhere.</summary>
    public string? AccessLog { get; init; }

    /// <summary>Routes beside those of the rows.</summary>
    public int ExtraRoutes { get; init; }
}

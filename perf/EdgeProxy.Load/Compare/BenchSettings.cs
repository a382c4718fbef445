namespace EdgeProxy.Load.Compare;

/// <summary>How long and how often.</summary>
internal sealed record BenchSettings
{
    /// <summary>Rounds of each row; in each, every contender has its turn.</summary>
    public int Rounds { get; init; } = 7;

    /// <summary>Seconds of a turn.</summary>
    public double Seconds { get; init; } = 3;

    /// <summary>Seconds of load before the first round.</summary>
    public double WarmUpSeconds { get; init; } = 1;

    /// <summary>Seconds that programs whose compiler learns as they run are given before the first round.</summary>
    public double LearningSeconds { get; init; } = 10;

    /// <summary>Connections of a closed loop.</summary>
    public int Connections { get; init; } = 64;

    /// <summary>Idle connections of the memory row.</summary>
    public int IdleConnections { get; init; } = 9000;

    /// <summary>Idle connections of the memory rows with TLS.</summary>
    public int IdleTlsConnections { get; init; } = 4000;

    /// <summary>Requests of the allocation row.</summary>
    public long AllocationRequests { get; init; } = 1_000_000;

    /// <summary>Starts measured of each contender.</summary>
    public int Starts { get; init; } = 15;

    /// <summary>Seconds of a turn of the reload row.</summary>
    public double ReloadSeconds { get; init; } = 10;

    /// <summary>Deployments made one after another to see what they leave in memory.</summary>
    public int Deployments { get; init; } = 10_000;

    /// <summary>A short run that tells whether all works; its figures are rough.</summary>
    public static BenchSettings Quick { get; } = new()
    {
        Rounds = 3, Seconds = 1, WarmUpSeconds = 0.3, LearningSeconds = 4, AllocationRequests = 100_000, IdleTlsConnections = 1000, Starts = 5, ReloadSeconds = 3, Deployments = 2000,
    };
}

namespace EdgeProxy.Telemetry.Logging;

/// <summary>Where an access log goes and how much may wait for it.</summary>
public sealed record AccessLogOptions
{
    /// <summary>The file to append to; null for standard output.</summary>
    public string? Path { get; init; }

    /// <summary>What it is, in metrics and the node log.</summary>
    public string Kind { get; init; } = "access";

    /// <summary>Bytes that may wait for the writer, over all loops (observability 7).</summary>
    public long MaxBytes { get; init; } = 64 << 20;

    /// <summary>Records that may wait for the writer, over all loops.</summary>
    public int MaxRecords { get; init; } = 64 << 10;

    /// <summary>Bytes handed to the writer at once.</summary>
    public int ChunkBytes { get; init; } = 64 << 10;

    /// <summary>Nanoseconds after which a chunk that is not full is handed over.</summary>
    public long FlushAfter { get; init; } = 1_000_000_000;
}

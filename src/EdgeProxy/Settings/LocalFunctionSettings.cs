using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>A function that this node runs itself. Times in nanoseconds.</summary>
internal sealed record LocalFunctionSettings
{
    /// <summary>As written: <c>nodejs</c>, <c>python</c>, <c>provided</c>, with a version behind it or without, or <c>command</c>.</summary>
    public required string Runtime { get; init; }

    public required string Handler { get; init; }

    /// <summary>Full path of the code directory.</summary>
    public required string Code { get; init; }

    /// <summary>Where <see cref="Code"/> is configured.</summary>
    public Origin? CodeOrigin { get; init; }

    /// <summary>The command line of the runtime <c>command</c>.</summary>
    public required IReadOnlyList<string> Command { get; init; }

    public required long Timeout { get; init; }

    public required long InitTimeout { get; init; }

    /// <summary>In MB.</summary>
    public required int Memory { get; init; }

    public required int MinimumWorkers { get; init; }

    public required int MaximumWorkers { get; init; }

    public required int Ahead { get; init; }

    public required long Idle { get; init; }

    public required int QueueLength { get; init; }

    public required long QueueWait { get; init; }

    public required IReadOnlyDictionary<string, string> Environment { get; init; }
}

using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary>What <c>edgeproxy export</c> is asked to do.</summary>
internal sealed record ExportOptions
{
    /// <summary>Tell where the node's admin listener is.</summary>
    public required SettingSources Sources { get; init; }

    /// <summary>The data directory of a node that does not run; null to ask one that does.</summary>
    public string? Data { get; init; }

    /// <summary>Full path of the folder to write to.</summary>
    public required string Folder { get; init; }

    /// <summary>Whether API keys are written.</summary>
    public bool WithSecrets { get; init; }

    /// <summary>How long to wait for an answer, in nanoseconds.</summary>
    public long Timeout { get; init; }
}

using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary>What <c>edgeproxy import</c> is asked to do.</summary>
internal sealed record ImportOptions
{
    /// <summary>Tell where the node's admin listener is.</summary>
    public required SettingSources Sources { get; init; }

    /// <summary>Full path of the document.</summary>
    public required string File { get; init; }

    /// <summary>The API whose definition it becomes; null for a new one.</summary>
    public string? Api { get; init; }

    /// <summary><c>rest</c> or <c>http</c>; null to let the document say.</summary>
    public string? Type { get; init; }

    /// <summary>The stage to deploy it to; null for none.</summary>
    public string? Stage { get; init; }

    /// <summary>How long to wait for an answer, in nanoseconds.</summary>
    public long Timeout { get; init; }
}

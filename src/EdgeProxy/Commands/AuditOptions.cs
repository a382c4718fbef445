using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary>What <c>edgeproxy audit</c> is asked.</summary>
internal sealed record AuditOptions
{
    /// <summary>Tell where the node's admin listener is.</summary>
    public required SettingSources Sources { get; init; }

    /// <summary>Calls since then: a time, or how long ago; null for all.</summary>
    public string? Since { get; init; }

    /// <summary>Calls before then, likewise.</summary>
    public string? Until { get; init; }

    /// <summary>The operation's name; null for any.</summary>
    public string? Event { get; init; }

    /// <summary>The id of the key that called; null for any.</summary>
    public string? User { get; init; }

    /// <summary>Most calls.</summary>
    public int Limit { get; init; } = 1000;

    /// <summary>Files of lines to verify, in their order; none for what the node keeps.</summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>For each step, in nanoseconds.</summary>
    public long Timeout { get; init; }

    /// <summary>Who reads the answer.</summary>
    public OutputForm Output { get; init; }
}

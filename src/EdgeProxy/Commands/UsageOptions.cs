using EdgeProxy.Settings;

namespace EdgeProxy.Commands;

/// <summary>What <c>edgeproxy usage</c> is asked.</summary>
internal sealed record UsageOptions
{
    /// <summary>Tell where the node's admin listener is.</summary>
    public required SettingSources Sources { get; init; }

    /// <summary>The usage plan's id.</summary>
    public required string Plan { get; init; }

    /// <summary>The one key that is asked for; null for all.</summary>
    public string? Key { get; init; }

    /// <summary>The first day, as 2026-11-22; null for today.</summary>
    public string? From { get; init; }

    /// <summary>The last day, likewise.</summary>
    public string? To { get; init; }

    /// <summary>For each step, in nanoseconds.</summary>
    public long Timeout { get; init; }

    /// <summary>Who reads the answer.</summary>
    public OutputForm Output { get; init; }
}

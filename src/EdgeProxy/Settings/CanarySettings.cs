using EdgeProxy.Definitions;

namespace EdgeProxy.Settings;

/// <summary>A canary of an API: what takes a share of its requests.</summary>
internal sealed record CanarySettings
{
    /// <summary>The full path of its document; null for the API's own.</summary>
    public string? File { get; init; }

    /// <summary>The document as the operator named it, for messages.</summary>
    public string? DisplayFile { get; init; }

    /// <summary>Its share, from 0 to 100.</summary>
    public required double Percent { get; init; }

    /// <summary>Whether its requests go by the API's cache.</summary>
    public bool UseStageCache { get; init; }

    /// <summary>Laid over the API's own.</summary>
    public IReadOnlyDictionary<string, string> StageVariables { get; init; } = new Dictionary<string, string>();

    public Origin? Origin { get; init; }
}

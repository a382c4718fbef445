namespace EdgeProxy.Definitions;

/// <summary>A stage: a name under which a deployment is served, with what may change without deploying again.</summary>
public sealed record StageDefinition
{
    /// <summary>Name, for example <c>prod</c>; <c>$default</c> for an HTTP API without stage prefix.</summary>
    public required string Name { get; init; }

    /// <summary>Where it is written.</summary>
    public Origin? Origin { get; init; }

    /// <summary>What its operator wrote about it; serves no purpose but to be shown.</summary>
    public string? Description { get; init; }

    /// <summary>Stage variables: name to value.</summary>
    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    /// <summary>The canary; null for none.</summary>
    public CanaryDefinition? Canary { get; init; }

    /// <summary>Settings by method, the most general first.</summary>
    public IReadOnlyList<MethodSettingsDefinition> MethodSettings { get; init; } = [];

    /// <summary>Whether the stage has a cache; which methods go by it is a matter of <see cref="MethodSettings"/>.</summary>
    public bool CacheClusterEnabled { get; init; }

    /// <summary>The field that tells clients what the cache did, or null for none. EdgeProxy's own.</summary>
    public string? CacheStatusHeader { get; init; }

    /// <summary>Access log format, or null for the node's.</summary>
    public string? AccessLogFormat { get; init; }

    /// <summary>Client certificate presented to back ends, or null.</summary>
    public string? ClientCertificateId { get; init; }

    /// <summary>True when requests are traced.</summary>
    public bool TracingEnabled { get; init; }
}

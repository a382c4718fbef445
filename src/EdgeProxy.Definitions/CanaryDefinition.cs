namespace EdgeProxy.Definitions;

/// <summary>A stage's canary: a second deployment, or the same with other variables, that takes a share of the requests.</summary>
public sealed record CanaryDefinition
{
    /// <summary>Its share of the requests, from 0 to 100.</summary>
    public double PercentTraffic { get; init; }

    /// <summary>Variables laid over the stage's own for its requests.</summary>
    public IReadOnlyDictionary<string, string> StageVariableOverrides { get; init; } = new Dictionary<string, string>();

    /// <summary>True when its requests use the stage's cache.</summary>
    public bool UseStageCache { get; init; }

    /// <summary>Where it is written.</summary>
    public Origin? Origin { get; init; }
}

namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>The API key that a request came with, and the plan it is counted in.</summary>
internal readonly struct ApiKeyUse
{
    public ApiKeyOutcome Outcome { get; init; }

    /// <summary>The plan at the request's stage; null without a key that was accepted.</summary>
    public PlanStage? Plan { get; init; }

    /// <summary>The key, in the ledger's names; -1 when it is not known.</summary>
    public int Key { get; init; }

    /// <summary>Where the plan counts it.</summary>
    public UsageCell Cell { get; init; }
}

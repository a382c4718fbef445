namespace EdgeProxy.Definitions;

/// <summary>A usage plan: what the API keys that are in it may call, how often, and how much of it.</summary>
public sealed record UsagePlanDefinition
{
    /// <summary>What keys, settings and the ledger of usage know it by; never changes.</summary>
    public required string Id { get; init; }

    /// <summary>What people call it; null for none.</summary>
    public string? Name { get; init; }

    /// <summary>Where it is written.</summary>
    public Origin? Origin { get; init; }

    /// <summary>Requests a second for each key over the whole plan; null or -1 for any.</summary>
    public double? RateLimit { get; init; }

    /// <summary>Requests at once after a pause, likewise.</summary>
    public int? BurstLimit { get; init; }

    /// <summary>Requests for each key in a period; null for any number.</summary>
    public long? QuotaLimit { get; init; }

    /// <summary><c>DAY</c>, <c>WEEK</c> or <c>MONTH</c>; null without a quota.</summary>
    public string? QuotaPeriod { get; init; }

    /// <summary>Requests that are taken away from the first period.</summary>
    public int QuotaOffset { get; init; }

    /// <summary>What it opens.</summary>
    public IReadOnlyList<UsagePlanStageDefinition> Stages { get; init; } = [];

    /// <summary>True when the management API made it, false when settings describe it.</summary>
    public bool IsStored { get; init; }

    /// <summary>Ids of keys that are in it; the keys themselves may name it as well.</summary>
    public IReadOnlyList<string> KeyIds { get; init; } = [];
}

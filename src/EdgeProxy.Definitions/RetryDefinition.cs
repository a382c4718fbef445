namespace EdgeProxy.Definitions;

/// <summary>Whether and how often a request is sent again; what is null is the node's setting. Times in milliseconds.</summary>
public sealed record RetryDefinition
{
    /// <summary>The object.</summary>
    public Origin? Origin { get; init; }

    /// <summary>How often a request is sent at most, the first time included.</summary>
    public int? Attempts { get; init; }

    /// <summary>How long one attempt may take until the head of its answer; 0 for what is left of the integration's time.</summary>
    public int? TryTimeoutInMillis { get; init; }

    /// <summary>For what: <c>connect</c>, <c>reset</c>, <c>timeout</c>, statuses and ranges of them.</summary>
    public IReadOnlyList<string>? On { get; init; }

    /// <summary>Whether requests that may have done something already are sent again as well.</summary>
    public bool? NonIdempotent { get; init; }

    /// <summary>Further attempts for a hundred requests.</summary>
    public int? BudgetPercent { get; init; }

    /// <summary>Further attempts a second besides.</summary>
    public int? BudgetPerSecond { get; init; }

    /// <summary>How long a target is left alone that is tried once more.</summary>
    public int? BackoffInMillis { get; init; }
}

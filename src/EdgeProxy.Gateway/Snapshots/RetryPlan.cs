namespace EdgeProxy.Gateway.Snapshots;

/// <summary>Whether and how often a request is sent again (<c>upstream.retries.*</c>).</summary>
internal sealed record RetryPlan
{
    /// <summary>How often a request is sent at most, the first time included, where there are several targets.</summary>
    public int Attempts { get; init; } = 2;

    /// <summary>The same where there is one, which has failed already when it is tried again: only for who asks for it.</summary>
    public int AttemptsAlone { get; init; } = 1;

    /// <summary>How long one attempt may take until the head of its answer, in nanoseconds; 0 for what is left of the integration's time.</summary>
    public long TryTimeout { get; init; }

    /// <summary>For what failures.</summary>
    public RetryCauses Causes { get; init; } = RetryCauses.Connect | RetryCauses.Reset | RetryCauses.Timeout;

    /// <summary>The statuses that count as failures worth another attempt.</summary>
    public StatusSet Statuses { get; init; } = StatusSet.None;

    /// <summary>Whether requests that may have done something already are sent again as well (POST, PATCH and unknown methods).</summary>
    public bool NonIdempotent { get; init; }

    /// <summary>How many further attempts there may be for a hundred requests.</summary>
    public double BudgetPercent { get; init; } = 20;

    /// <summary>How many there may be a second besides, so that a quiet upstream is not left without any.</summary>
    public int BudgetPerSecond { get; init; } = 10;

    /// <summary>Before an attempt at a target that has failed already: how long it is left alone, in nanoseconds; doubled with each further one.</summary>
    public long Backoff { get; init; } = 25_000_000;

    /// <summary>Reads <c>connect</c>, <c>reset</c>, <c>timeout</c>, statuses and ranges of them.</summary>
    public static bool TryParseCauses(IReadOnlyList<string> texts, out RetryCauses causes, out StatusSet statuses)
    {
        causes = RetryCauses.None;
        var others = new List<string>();
        foreach (string text in texts)
        {
            RetryCauses cause = text switch { "connect" => RetryCauses.Connect, "reset" => RetryCauses.Reset, "timeout" => RetryCauses.Timeout, _ => RetryCauses.None };
            causes |= cause;
            if (cause == RetryCauses.None) others.Add(text);
        }

        return StatusSet.TryParse(others, out statuses);
    }
}

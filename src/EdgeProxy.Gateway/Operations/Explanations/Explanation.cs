namespace EdgeProxy.Gateway.Operations.Explanations;

/// <summary>What a request would meet, phase by phase, and why.</summary>
public sealed record Explanation
{
    /// <summary>The request as it would come.</summary>
    public required ExplainedMessage Request { get; init; }

    /// <summary>The phases that ran, in order.</summary>
    public required IReadOnlyList<ExplainedPhase> Phases { get; init; }

    /// <summary>What the integration would be sent; null when the request does not get there, or nothing is sent.</summary>
    public ExplainedMessage? Integration { get; init; }

    /// <summary>What the client would get; null when the explanation ends before.</summary>
    public ExplainedMessage? Response { get; init; }

    public required ExplainedEnd End { get; init; }

    /// <summary>Which rule the request's bytes broke, when the listener refuses them; null otherwise.</summary>
    public string? Violation { get; init; }

    /// <summary>Whether something was left out because the explanation would have grown too large.</summary>
    public bool IsCut { get; init; }

    /// <summary>The settings whose limit left something out.</summary>
    public IReadOnlyCollection<string> LimitsMet { get; init; } = [];
}

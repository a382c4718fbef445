namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>How a route's answers are judged where they say nothing themselves.</summary>
internal sealed record FreshnessRules
{
    /// <summary>The longest lifetime that is guessed, in seconds: beyond a day a guess would have to be told (RFC 9111, 4.2.2).</summary>
    public const int LongestGuess = 24 * 60 * 60;

    public static FreshnessRules Default { get; } = new();

    /// <summary>Which part of the time since its last change an answer without a lifetime stays fresh, in percent; 0 for no guess.</summary>
    public int HeuristicPercent { get; init; }

    /// <summary>Seconds that an expired answer is served while a new one is fetched, where it does not say.</summary>
    public int StaleWhileRevalidate { get; init; }

    /// <summary>Seconds that an expired answer is served for a failed fetch, where it does not say.</summary>
    public int StaleIfError { get; init; }

    /// <summary>Seconds that an expired answer with a validator is kept, to be asked for by a condition.</summary>
    public int Keep { get; init; } = 600;

    /// <summary>Whether what requests say counts (<c>no-cache</c>, <c>max-age</c>, <c>only-if-cached</c>, ...).</summary>
    public bool HonorsRequests { get; init; } = true;
}

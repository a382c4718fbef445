using System.Runtime.InteropServices;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Caching.Freshness;

/// <summary>How old a stored answer is, how long it is fresh, and what may be done with it afterwards (RFC 9111, 4.2; RFC 5861).</summary>
/// <remarks>As it is stored with the answer. Times are monotonic nanoseconds and whole seconds; all arithmetic stays within them whatever an answer says.</remarks>
[StructLayout(LayoutKind.Sequential)]
internal readonly record struct AnswerLife
{
    private const long Second = 1_000_000_000;
    private const long MostSeconds = long.MaxValue / Second / 4;

    /// <summary>When the answer was received, in monotonic nanoseconds.</summary>
    public long ReceivedAt { get; init; }

    /// <summary>The same by the wall clock, in seconds since 1970.</summary>
    public long ReceivedSeconds { get; init; }

    /// <summary>Its age then, in seconds.</summary>
    public int InitialAge { get; init; }

    /// <summary>Its lifetime in seconds.</summary>
    public int Lifetime { get; init; }

    /// <summary>Seconds after that in which it is served while another is fetched.</summary>
    public int StaleWhileRevalidate { get; init; }

    /// <summary>Seconds after that in which it is served where a fetch fails.</summary>
    public int StaleIfError { get; init; }

    /// <summary>Seconds after that in which it is worth keeping at all.</summary>
    public int Keep { get; init; }

    /// <summary>Of its directives those that forbid use of an expired answer, or any without asking.</summary>
    public CacheDirectives Directives { get; init; }

    /// <summary>Whether it must not be served expired, whoever would take it (5.2.2.2, 5.2.2.8, 5.2.2.10).</summary>
    public bool MustRevalidate => (Directives & (CacheDirectives.MustRevalidate | CacheDirectives.ProxyRevalidate)) != 0;

    /// <summary>Whether it must not be served before its origin was asked (5.2.2.4).</summary>
    public bool AlwaysRevalidates => (Directives & CacheDirectives.NoCache) != 0;

    /// <summary>Until when it can be of use, in monotonic nanoseconds.</summary>
    public long UsefulUntil => ReceivedAt + (Math.Clamp((long)Lifetime - InitialAge + Math.Max(Keep, Math.Max(StaleWhileRevalidate, StaleIfError)), 0, MostSeconds) * Second);

    /// <summary>Until when it is fresh, likewise.</summary>
    public long FreshUntil => ReceivedAt + (Math.Clamp((long)Lifetime - InitialAge, 0, MostSeconds) * Second);

    /// <summary>Works out an answer's life (4.2.1 to 4.2.3).</summary>
    /// <param name="facts">What it says.</param>
    /// <param name="status">Its status.</param>
    /// <param name="rules">What holds where it says nothing.</param>
    /// <param name="requestedAt">When it was asked for, in monotonic nanoseconds.</param>
    /// <param name="receivedAt">When its head was there, likewise.</param>
    /// <param name="receivedSeconds">The same moment in seconds since 1970.</param>
    public static AnswerLife Of(in AnswerFacts facts, int status, FreshnessRules rules, long requestedAt, long receivedAt, long receivedSeconds)
    {
        CacheControl control = facts.Control;
        long date = facts.Date == AnswerFacts.Unsaid ? receivedSeconds : facts.Date;
        long apparent = Math.Max(0, receivedSeconds - date);
        long corrected = facts.Age + (Math.Max(0, receivedAt - requestedAt) / Second);
        CacheDirectives kept = control.Directives & (CacheDirectives.MustRevalidate | CacheDirectives.ProxyRevalidate | CacheDirectives.NoCache);

        // s-maxage forbids an expired use as proxy-revalidate does (5.2.2.10).
        if (control.SharedMaxAge >= 0) kept |= CacheDirectives.ProxyRevalidate;
        bool mayBeStale = (kept & (CacheDirectives.MustRevalidate | CacheDirectives.ProxyRevalidate | CacheDirectives.NoCache)) == 0;
        return new AnswerLife
        {
            ReceivedAt = receivedAt,
            ReceivedSeconds = receivedSeconds,
            InitialAge = (int)Math.Min(CacheControl.MostSeconds, Math.Max(apparent, corrected)),
            Lifetime = LifetimeOf(facts, status, rules, date),

            // What forbids an expired use wins over the default and over what the answer says besides (RFC 5861, 3 and 4).
            StaleWhileRevalidate = !mayBeStale ? 0 : control.StaleWhileRevalidate >= 0 ? control.StaleWhileRevalidate : rules.StaleWhileRevalidate,
            StaleIfError = !mayBeStale ? 0 : control.StaleIfError >= 0 ? control.StaleIfError : rules.StaleIfError,
            Keep = facts.HasValidator ? rules.Keep : 0,
            Directives = kept,
        };
    }

    /// <summary>Its age in seconds (4.2.3).</summary>
    /// <param name="now">Monotonic nanoseconds.</param>
    public int AgeAt(long now) => (int)Math.Min(CacheControl.MostSeconds, InitialAge + (Math.Max(0, now - ReceivedAt) / Second));

    /// <summary>Seconds of its lifetime that are left; below zero for those since.</summary>
    public long LeftAt(long now) => (long)Lifetime - AgeAt(now);

    private static int LifetimeOf(in AnswerFacts facts, int status, FreshnessRules rules, long date)
    {
        CacheControl control = facts.Control;
        if (control.SharedMaxAge >= 0) return control.SharedMaxAge;
        if (control.MaxAge >= 0) return control.MaxAge;
        if (facts.HasExpires) return facts.ExpiresAt == AnswerFacts.Unsaid ? 0 : (int)Math.Clamp(facts.ExpiresAt - date, 0, CacheControl.MostSeconds);
        if (rules.HeuristicPercent == 0 || facts.LastModifiedAt == AnswerFacts.Unsaid) return 0;
        if (!Statuses.MayBeGuessed(status) && !control.Has(CacheDirectives.Public)) return 0;
        return (int)(Math.Clamp(date - facts.LastModifiedAt, 0, FreshnessRules.LongestGuess * 100L) * rules.HeuristicPercent / 100) is var guess && guess < FreshnessRules.LongestGuess ? guess : FreshnessRules.LongestGuess;
    }
}

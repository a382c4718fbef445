using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Load.Driving;

/// <summary>How a session runs.</summary>
internal sealed record SessionSettings
{
    /// <summary>How often counts are taken, thresholds checked and progress told.</summary>
    public TimeSpan ReportingInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How long runs under way may take after the last simulation.</summary>
    public TimeSpan CompletionTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The longest that all simulations of a scenario may take together.</summary>
    public TimeSpan LongestSession { get; init; } = TimeSpan.FromHours(1);

    /// <summary>The most copies that may be injected in a session.</summary>
    public long MostInjections { get; init; } = 100_000_000;

    /// <summary>For the random numbers of scenarios and schedules.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Told after each interval, on the thread that called.</summary>
    public Action<SessionProgress> Progress { get; init; } = _ => { };
}

/// <summary>How far a session is.</summary>
/// <param name="Phase">What is under way.</param>
/// <param name="Elapsed">Since the load began, or the warm-up.</param>
/// <param name="Total">How long that will take.</param>
/// <param name="Latest">What each scenario did in the last interval.</param>
internal sealed record SessionProgress(string Phase, TimeSpan Elapsed, TimeSpan Total, IReadOnlyList<Interval> Latest);

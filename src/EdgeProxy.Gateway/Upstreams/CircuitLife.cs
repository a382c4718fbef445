using EdgeProxy.Gateway.Snapshots;
using static EdgeProxy.Gateway.Upstreams.CircuitEvent;
using static EdgeProxy.Gateway.Upstreams.CircuitState;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>The life of an upstream's circuit.</summary>
/// <remarks><code>
///            too many failures               time is over
///   Closed ---------------------> Open ---------------------> HalfOpen
///     ^                             ^                          |    |
///     |                             \------- a probe failed ---/    |
///     \--------------- as many probes as asked for succeeded -------/
/// </code>
/// Open, requests are refused at once; half open, a few pass as probes and the others are refused.
/// </remarks>
internal static class CircuitLife
{
    public static CircuitState Next(CircuitState state, CircuitEvent happened) => (state, happened) switch
    {
        (Closed, TooManyFailures) => Open,
        (Open, TimeOver) => HalfOpen,
        (HalfOpen, ProbeFailed) => Open,
        (HalfOpen, AllProbesSucceeded) => Closed,

        // Probes that were never heard of again: others take their places.
        (HalfOpen, TimeOver) => HalfOpen,

        // What is said of a circuit that has moved on is late, not wrong.
        (_, TooManyFailures or ProbeFailed or AllProbesSucceeded) => state,
        _ => Illegal,
    };

    /// <summary>How long it stays open, in nanoseconds: twice as long each time that it did not close in between.</summary>
    /// <param name="plan">The lengths.</param>
    /// <param name="times">The how manieth time in a row it opens, from 1.</param>
    public static long OpenTime(CircuitPlan plan, int times)
    {
        int doublings = Math.Min(times - 1, 30);
        return plan.OpenTime > plan.MostOpenTime >> doublings ? plan.MostOpenTime : plan.OpenTime << doublings;
    }
}

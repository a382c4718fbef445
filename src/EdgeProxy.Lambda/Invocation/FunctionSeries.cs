using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>The metrics of one function target. Any thread.</summary>
public sealed class FunctionSeries
{
    private readonly Lazy<Counter>[] _outcomes;
    private readonly Histogram _durations;

    internal FunctionSeries(Lazy<Counter>[] outcomes, Histogram durations)
    {
        _outcomes = outcomes;
        _durations = durations;
    }

    /// <summary>Counts a call.</summary>
    /// <param name="outcome">How it came out.</param>
    /// <param name="stripe">The loop's ordinal.</param>
    /// <param name="nanoseconds">How long it took.</param>
    public void Count(FunctionOutcome outcome, int stripe, long nanoseconds)
    {
        _outcomes[(int)outcome].Value.Increment(stripe);
        _durations.Observe(stripe, nanoseconds);
    }
}

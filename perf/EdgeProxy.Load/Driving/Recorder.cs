using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Load.Driving;

/// <summary>What a scenario and its steps came to in an interval, or in all. One thread at a time uses it.</summary>
internal sealed class Recorder
{
    private readonly Dictionary<string, (Measurement Ok, Measurement Fail)> _steps = new(StringComparer.Ordinal);
    private readonly List<string> _order = [];

    public Measurement Ok { get; } = new();

    public Measurement Fail { get; } = new();

    public void Record(IResponse response, long nanoseconds) => (response.IsError ? Fail : Ok).Record(response, nanoseconds);

    public void RecordStep(string name, IResponse response, long nanoseconds)
    {
        (Measurement ok, Measurement fail) = StepOf(name);
        (response.IsError ? fail : ok).Record(response, nanoseconds);
    }

    public void Add(Recorder other)
    {
        Ok.Add(other.Ok);
        Fail.Add(other.Fail);
        foreach (string name in other._order)
        {
            (Measurement ok, Measurement fail) = StepOf(name);
            (Measurement otherOk, Measurement otherFail) = other._steps[name];
            ok.Add(otherOk);
            fail.Add(otherFail);
        }
    }

    public void Clear()
    {
        Ok.Clear();
        Fail.Clear();
        foreach ((Measurement ok, Measurement fail) in _steps.Values)
        {
            ok.Clear();
            fail.Clear();
        }
    }

    /// <param name="scenario">The name.</param>
    /// <param name="duration">How long it was under load so far.</param>
    /// <param name="withCurve">Whether to work out the whole curve of percentiles.</param>
    public ScenarioStats ToStats(string scenario, TimeSpan duration, bool withCurve)
    {
        MeasurementStats ok = Ok.ToStats(isError: false, Ok.Count + Fail.Count, duration);
        return new ScenarioStats
        {
            ScenarioName = scenario,
            Duration = duration,
            Ok = withCurve ? ok with { Latency = ok.Latency with { Curve = Ok.Curve() } } : ok,
            Fail = Fail.ToStats(isError: true, Ok.Count + Fail.Count, duration),
            StepStats =
            [
                .. _order.Select(name =>
                {
                    (Measurement stepOk, Measurement stepFail) = _steps[name];
                    long all = stepOk.Count + stepFail.Count;
                    return new StepStats { StepName = name, Ok = stepOk.ToStats(isError: false, all, duration), Fail = stepFail.ToStats(isError: true, all, duration) };
                }),
            ],
        };
    }

    private (Measurement Ok, Measurement Fail) StepOf(string name)
    {
        if (_steps.TryGetValue(name, out (Measurement Ok, Measurement Fail) known)) return known;
        known = (new Measurement(), new Measurement());
        _steps.Add(name, known);
        _order.Add(name);
        return known;
    }
}

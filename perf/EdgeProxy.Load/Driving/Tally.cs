using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Load.Driving;

/// <summary>Adds up what intervals brought and checks what is expected.</summary>
internal sealed class Tally(IReadOnlyList<ScenarioProps> scenarios, IReadOnlyList<Schedule> schedules)
{
    private readonly Recorder[] _totals = [.. scenarios.Select(_ => new Recorder())];
    private readonly long[] _lastEnds = new long[scenarios.Count];
    private readonly List<Interval> _intervals = [];
    private readonly int[][] _errors = [.. scenarios.Select(scenario => new int[scenario.Thresholds.Count])];
    private readonly bool[][] _broken = [.. scenarios.Select(scenario => new bool[scenario.Thresholds.Count])];

    /// <summary>Takes an interval in; the recorders may be cleared afterwards.</summary>
    public IReadOnlyList<Interval> Take(Handover handover)
    {
        List<Interval> latest = [];
        for (int index = 0; index < handover.Recorders.Count; index++)
        {
            Recorder recorder = handover.Recorders[index];
            if (handover.IsCounted)
            {
                _totals[index].Add(recorder);
                _lastEnds[index] = handover.LastEnds[index];
            }

            latest.Add(new Interval
            {
                ScenarioName = handover.Names[index],
                At = handover.At,
                Seconds = handover.Seconds,
                Begun = handover.Begun[index],
                Ok = recorder.Ok.Count,
                Fail = recorder.Fail.Count,
                UnderWay = handover.UnderWay[index],
                P50 = recorder.Ok.Milliseconds(50),
                P95 = recorder.Ok.Milliseconds(95),
                P99 = recorder.Ok.Milliseconds(99),
                Max = recorder.Ok.Milliseconds(100),
            });
        }

        if (handover.IsCounted) _intervals.AddRange(latest);
        return latest;
    }

    /// <summary>Checks what is expected so far; why the session is to end, or null.</summary>
    public string? Check(TimeSpan elapsed)
    {
        for (int index = 0; index < scenarios.Count; index++)
        {
            if (scenarios[index].Thresholds.Count == 0) continue;
            ScenarioStats stats = StatsOf(index, elapsed, withCurve: false);
            if (stats.AllRequestCount == 0) continue;
            for (int number = 0; number < scenarios[index].Thresholds.Count; number++)
            {
                Threshold threshold = scenarios[index].Thresholds[number];
                if (elapsed < threshold.StartCheckAfter || threshold.Holds(stats)) continue;
                if (++_errors[index][number] < threshold.AbortWhenErrorCount.GetValueOrDefault(int.MaxValue)) continue;
                _broken[index][number] = true;
                return $"{scenarios[index].ScenarioName}: {threshold.CheckExpression} did not hold {_errors[index][number]} times";
            }
        }

        return null;
    }

    /// <summary>The statistics of the whole, with the last word on what is expected.</summary>
    public NodeStats Finish(DateTimeOffset startedAt, TimeSpan duration, string? stopReason)
    {
        List<ScenarioStats> all = [];
        List<ThresholdResult> thresholds = [];
        for (int index = 0; index < scenarios.Count; index++)
        {
            ScenarioStats stats = StatsOf(index, duration, withCurve: true);
            all.Add(stats);
            for (int number = 0; number < scenarios[index].Thresholds.Count; number++)
            {
                Threshold threshold = scenarios[index].Thresholds[number];
                bool isFailed = _broken[index][number] || !threshold.Holds(stats);
                thresholds.Add(new ThresholdResult(stats.ScenarioName, threshold.StepName, threshold.CheckExpression, _errors[index][number], isFailed));
            }
        }

        return new NodeStats { ScenarioStats = all, Thresholds = thresholds, Intervals = _intervals, StartedAt = startedAt, Duration = duration, StopReason = stopReason };
    }

    private ScenarioStats StatsOf(int index, TimeSpan elapsed, bool withCurve)
    {
        // Answers that came after the last simulation took that time too: without it a queue that is worked off later would pass for speed.
        TimeSpan late = TimeSpan.FromMicroseconds(Math.Max(0, _lastEnds[index] - schedules[index].Duration) / 1000.0);
        return _totals[index].ToStats(scenarios[index].ScenarioName, schedules[index].LoadedUntil(elapsed) + late, withCurve);
    }
}

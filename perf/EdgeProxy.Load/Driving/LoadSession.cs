using System.Collections.Concurrent;
using System.Diagnostics;
using EdgeProxy.Load.Sockets;
using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Load.Driving;

/// <summary>Runs scenarios together: first step, warm-up, load, last step; counts, checks what is expected, tells how far it is.</summary>
/// <remarks>
/// One thread drives connections and copies. At the end of an interval it hands over what it counted and goes on with empty counters; sums, percentiles and
/// checks are made on the thread that called, so that they do not hold up what is measured.
/// </remarks>
internal sealed class LoadSession
{
    private const long LongestWait = 1_000_000; // what is posted from elsewhere waits no longer
    private readonly IReadOnlyList<ScenarioProps> _scenarios;
    private readonly SessionSettings _settings;
    private readonly LoadClient _client;
    private readonly LoopContext _context = new();
    private readonly BlockingCollection<Handover> _handovers = [];
    private readonly ConcurrentBag<Recorder> _spare = [];
    private readonly List<Schedule> _schedules = [];
    private volatile string? _stopReason;
    private TimeSpan _duration;

    /// <exception cref="ArgumentException">A schedule is wrong, or larger than the settings allow.</exception>
    public LoadSession(IReadOnlyList<ScenarioProps> scenarios, LoadClient client, SessionSettings settings)
    {
        (_scenarios, _client, _settings) = (scenarios, client, settings);
        foreach (ScenarioProps scenario in scenarios) _schedules.Add(Schedule.Compile(scenario.LoadSimulations, new Random(settings.Seed)));
        if (_schedules.Any(schedule => schedule.Duration > settings.LongestSession.TotalNanoseconds)) throw new ArgumentException($"a session may take {settings.LongestSession} at most");
        if (_schedules.Sum(schedule => schedule.Injections) > settings.MostInjections) throw new ArgumentException($"a session may inject {settings.MostInjections} copies at most");
    }

    /// <summary>Runs to the end. Blocks; <paramref name="cancellation"/> ends it early.</summary>
    public NodeStats Run(CancellationToken cancellation)
    {
        using CancellationTokenRegistration registration = cancellation.Register(() => Stop("it was interrupted"));
        DateTimeOffset startedAt = DateTimeOffset.UtcNow;
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                Drive();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
            finally
            {
                _handovers.CompleteAdding();
            }
        }) { Name = "load" };
        thread.Start();

        Tally tally = new(_scenarios, _schedules);
        foreach (Handover handover in _handovers.GetConsumingEnumerable())
        {
            IReadOnlyList<Interval> latest = tally.Take(handover);
            foreach (Recorder recorder in handover.Recorders)
            {
                recorder.Clear();
                _spare.Add(recorder);
            }

            if (handover.IsCounted && tally.Check(TimeSpan.FromSeconds(handover.At)) is { } broken) Stop(broken);
            _settings.Progress(new SessionProgress(handover.Phase, TimeSpan.FromSeconds(handover.At), handover.Total, latest));
        }

        thread.Join();
        if (failure is not null) throw new IOException(failure.Message, failure);
        return tally.Finish(startedAt, _duration, _stopReason);
    }

    private void Stop(string reason) => _stopReason ??= reason;

    private void Drive()
    {
        SynchronizationContext.SetSynchronizationContext(_context);
        _ = Libc.ProcessControl(Libc.TimerSlack, 1, 0, 0, 0); // timers of threads are late by up to 50 microseconds otherwise
        foreach (ScenarioProps scenario in _scenarios) RunStep(scenario.Init, scenario);

        List<ScenarioDrive> warming = [];
        foreach (ScenarioProps scenario in _scenarios)
        {
            IReadOnlyList<LoadSimulation> simulations = Schedule.WarmUp(scenario.LoadSimulations, scenario.WarmUpDuration);
            if (simulations.Count > 0) warming.Add(NewDrive(scenario with { MaxFailCount = int.MaxValue }, Schedule.Compile(simulations, new Random(_settings.Seed))));
        }

        if (warming.Count > 0) RunPhase("warm-up", warming, isCounted: false);
        if (_stopReason is null)
        {
            List<ScenarioDrive> drives = [.. _scenarios.Select((scenario, index) => NewDrive(scenario, _schedules[index]))];
            long begun = Stopwatch.GetTimestamp();
            RunPhase("load", drives, isCounted: true);
            _duration = Stopwatch.GetElapsedTime(begun);
        }

        foreach (ScenarioProps scenario in _scenarios) RunStep(scenario.Clean, scenario);
    }

    private ScenarioDrive NewDrive(ScenarioProps scenario, Schedule schedule) => new(scenario, schedule, new Random(_settings.Seed), Stop);

    private void RunStep(Func<IScenarioInitContext, Task>? step, ScenarioProps scenario)
    {
        if (step is null) return;
        Task task = step(new InitContext(new ScenarioInfo(scenario.ScenarioName, 0)));
        long until = Stopwatch.GetTimestamp() + (long)_settings.LongestSession.TotalNanoseconds;
        while (!task.IsCompleted && Stopwatch.GetTimestamp() < until)
        {
            _client.Turn(LongestWait);
            _context.Run();
        }

        task.GetAwaiter().GetResult();
    }

    private void RunPhase(string phase, List<ScenarioDrive> drives, bool isCounted)
    {
        long started = Stopwatch.GetTimestamp();
        TimeSpan total = TimeSpan.FromMicroseconds(drives.Max(drive => drive.Schedule.Duration) / 1000.0);
        long interval = (long)_settings.ReportingInterval.TotalNanoseconds;
        long since = started;
        long giveUp = started + (long)(total + _settings.CompletionTimeout).TotalNanoseconds;
        foreach (ScenarioDrive drive in drives) drive.Start(started);

        while (true)
        {
            long now = Stopwatch.GetTimestamp();
            if (now - since >= interval)
            {
                HandOver(phase, total, drives, started, since, now, isCounted);
                since = now;
            }

            bool isStopped = _stopReason is not null || now >= giveUp;
            if (isStopped || drives.TrueForAll(drive => drive.IsDone(now))) break;
            long wake = Math.Min(since + interval, now + LongestWait);
            foreach (ScenarioDrive drive in drives)
            {
                drive.BeginDue(now);
                wake = Math.Min(wake, drive.NextDue);
            }

            _client.Turn(_context.HasPosted ? 0 : wake - Stopwatch.GetTimestamp());
            _context.Run();
        }

        foreach (ScenarioDrive drive in drives) drive.Cancel();
        if (isCounted && _stopReason is null && drives.Exists(drive => drive.UnderWay > 0)) Stop($"{drives.Sum(drive => drive.UnderWay)} runs had not ended {_settings.CompletionTimeout.TotalSeconds:0} s after the last began");
        HandOver(phase, total, drives, started, since, Stopwatch.GetTimestamp(), isCounted);
    }

    private void HandOver(string phase, TimeSpan total, List<ScenarioDrive> drives, long started, long since, long now, bool isCounted)
    {
        Handover handover = new()
        {
            Phase = phase,
            Total = total,
            IsCounted = isCounted,
            At = (now - started) / 1e9,
            Seconds = Math.Max(1, now - since) / 1e9,
            Names = [.. drives.Select(drive => drive.Props.ScenarioName)],
            Recorders = [.. drives.Select(drive => drive.Recorder)],
            Begun = [.. drives.Select(drive => drive.TakeBegun())],
            UnderWay = [.. drives.Select(drive => drive.UnderWay)],
            LastEnds = [.. drives.Select(drive => drive.LastEnd)],
        };
        foreach (ScenarioDrive drive in drives) drive.Recorder = _spare.TryTake(out Recorder? spare) ? spare : new Recorder();
        _handovers.Add(handover);
    }

    private sealed record InitContext(ScenarioInfo ScenarioInfo) : IScenarioInitContext;
}

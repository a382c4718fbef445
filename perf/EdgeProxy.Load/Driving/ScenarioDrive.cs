using System.Diagnostics;
using EdgeProxy.Load.Vocabulary;

namespace EdgeProxy.Load.Driving;

/// <summary>Runs the copies of one scenario by its schedule, all on the driving thread.</summary>
/// <remarks>
/// A run's time counts from when it was due, not from when this thread came to begin it or a connection was free: otherwise a server that stalls would keep the
/// requests from being sent that would have measured the stall (coordinated omission).
/// </remarks>
internal sealed class ScenarioDrive(ScenarioProps props, Schedule schedule, Random random, Action<string> stop)
{
    private const int MostAtOnce = 256; // begun in a turn, so that answers are read in between
    private readonly Schedule.Cursor _cursor = schedule.Begin();
    private readonly Stack<Copy> _ended = new();
    private int _numbers;
    private int _kept;
    private long _failed;
    private long _startedAt;

    public ScenarioProps Props { get; } = props;

    public Schedule Schedule { get; } = schedule;

    public Random Random { get; } = random;

    /// <summary>Counts; replaced at the end of each interval.</summary>
    public Recorder Recorder { get; set; } = new();

    /// <summary>Runs under way.</summary>
    public long UnderWay { get; private set; }

    /// <summary>When the last run ended, in nanoseconds from the start of the schedule.</summary>
    public long LastEnd { get; private set; }

    /// <summary>Runs begun since it was last asked.</summary>
    public long TakeBegun()
    {
        long begun = _begun;
        _begun = 0;
        return begun;
    }

    private long _begun;

    /// <summary>Begins the schedule.</summary>
    public void Start(long now) => _startedAt = now;

    /// <summary>When the next injection is due, on the clock; <see cref="long.MaxValue"/> for never.</summary>
    public long NextDue => _cursor.Next is var next && next == long.MaxValue ? long.MaxValue : _startedAt + next;

    /// <summary>Whether every injection has begun, the time is over and no run is under way.</summary>
    public bool IsDone(long now) => UnderWay == 0 && _kept == 0 && NextDue == long.MaxValue && now - _startedAt >= Schedule.Duration;

    /// <summary>Begins the runs that are due.</summary>
    public void BeginDue(long now)
    {
        for (int begun = 0; begun < MostAtOnce && NextDue is var due && due <= now; begun++)
        {
            _cursor.Advance();
            _ = RunOnceAsync(due);
        }

        int wanted = Schedule.HasCopies ? Schedule.CopiesAt(now - _startedAt) : 0;
        while (_kept < wanted) _ = KeepAsync(_kept++);
    }

    /// <summary>Gives up the rest of the schedule.</summary>
    public void Cancel() => _isCanceled = true;

    private bool _isCanceled;

    public void Stop(string reason) => stop(reason);

    private async Task RunOnceAsync(long due)
    {
        if (!_ended.TryPop(out Copy? copy)) copy = new Copy(this, _numbers++);
        await RunAsync(copy, due);
        _ended.Push(copy);
    }

    /// <summary>One copy that begins again for as long as its number is wanted.</summary>
    private async Task KeepAsync(int number)
    {
        Copy copy = new(this, number);
        while (!_isCanceled && number < Schedule.CopiesAt(Stopwatch.GetTimestamp() - _startedAt))
        {
            Task run = RunAsync(copy, Stopwatch.GetTimestamp());
            bool atOnce = run.IsCompleted;
            await run;
            if (atOnce) await Task.Yield(); // or a scenario that never waits would keep the thread
        }

        _kept--;
    }

    private async Task RunAsync(Copy copy, long due)
    {
        UnderWay++;
        _begun++;
        copy.Begin(due);
        IResponse response;
        try
        {
            response = await Props.Run(copy);
        }
        catch (Exception exception)
        {
            response = Response.Fail(message: exception.Message);
        }

        UnderWay--;
        long now = Stopwatch.GetTimestamp();
        LastEnd = now - _startedAt;
        Recorder.Record(response, now - due);
        if (response.IsError && ++_failed >= Props.MaxFailCount) stop($"{Props.ScenarioName} failed {_failed} times");
    }
}

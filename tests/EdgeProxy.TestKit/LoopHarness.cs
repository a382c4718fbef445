using System.Runtime.ExceptionServices;
using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.TestKit;

/// <summary>An event loop that runs when it is told to, on the calling thread, with a clock that only moves when it is told to.</summary>
public sealed class LoopHarness : EventLoop, IDisposable
{
    private readonly ManualResetEventSlim _woken = new();

    public LoopHarness(int ordinal = 0)
        : base(ordinal, now: 1_000_000_000)
    {
        EnterThread();
        BeginTurn(Now);
    }

    /// <summary>Exceptions that no task took.</summary>
    public List<Exception> Unhandled { get; } = [];

    /// <summary>Runs turns until nothing is ready any more.</summary>
    public void Run()
    {
        do RunTurn();
        while (HasReady || HasNextTurn);
    }

    /// <summary>Runs one turn, whatever is left for the next.</summary>
    public void RunTurn()
    {
        BeginTurn(Now);
        _woken.Reset();
        DeliverMail();
        RunReady();
        Timers.Advance(Now);
        RunReady();
        EndTurn();
    }

    /// <summary>Moves the clock on, in steps no longer than a timer tick, running all that becomes due.</summary>
    public void Advance(TimeSpan by)
    {
        long target = Now + (long)(by.TotalMilliseconds * 1_000_000);
        while (Now < target)
        {
            Now = Math.Min(target, Now + Math.Max(TimerWheel.TickNanoseconds, (target - Now) / 64));
            Run();
        }

        Now = target + (2 * TimerWheel.TickNanoseconds); // timers may be a tick late
        Run();
    }

    /// <summary>Runs until another thread has posted something, for offloaded work.</summary>
    public void RunUntilMail(TimeSpan atMost)
    {
        if (!_woken.Wait(atMost)) throw new TimeoutException("No other thread posted to the loop.");
        Run();
    }

    /// <summary>Runs a task of the loop to its end and gives its result; fails when it waits for something that does not come.</summary>
    public T Await<T>(LoopTask<T> task)
    {
        Run();
        if (!task.IsCompleted) throw new InvalidOperationException("The task still waits.");
        return task.GetAwaiter().GetResult();
    }

    public override void OnUnhandled(Exception exception) => Unhandled.Add(exception);

    /// <summary>Throws the first exception that no task took.</summary>
    public void ThrowUnhandled()
    {
        if (Unhandled.Count > 0) ExceptionDispatchInfo.Throw(Unhandled[0]);
    }

    public void Dispose()
    {
        LeaveThread();
        _woken.Dispose();
    }

    protected override void Wake() => _woken.Set();
}

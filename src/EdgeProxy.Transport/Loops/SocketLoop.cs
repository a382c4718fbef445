using System.Diagnostics;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Transport.Loops;

/// <summary>An event loop that sockets can live on; how it hears of them is the derived type's business.</summary>
public abstract class SocketLoop : EventLoop, ILoopLoad, IDisposable
{
    private readonly Action<Exception> _onUnhandled;
    private volatile bool _stopping;
    private long _longestTurn;
    private long _turns;
    private long _busyNanoseconds;

    private protected SocketLoop(int ordinal, Action<Exception> onUnhandled)
        : base(ordinal, Stopwatch.GetTimestamp()) => _onUnhandled = onUnhandled;

    /// <summary>Turns so far, for metrics.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>Time spent in turns rather than asleep, in nanoseconds.</summary>
    public long BusyNanoseconds => Volatile.Read(ref _busyNanoseconds);

    public long Clock => Stopwatch.GetTimestamp();

    public long Sleeps => Libc.VoluntarySwitches();

    /// <summary>The longest turn since this was last asked, in nanoseconds: how late an event may have been seen.</summary>
    public long TakeLongestTurn() => Interlocked.Exchange(ref _longestTurn, 0);

    /// <summary>Called at the end of every turn: the place for work that is due once a turn. Loop thread.</summary>
    public Action<long>? OnTurn { get; set; }

    /// <summary>Whether <see cref="Stop"/> was called.</summary>
    protected bool IsStopping => _stopping;

    /// <summary>Runs on the calling thread until <see cref="Stop"/>.</summary>
    public void Run()
    {
        if (Stopwatch.Frequency != 1_000_000_000) throw new PlatformNotSupportedException("The clock does not count nanoseconds.");
        EnterThread();
        try
        {
            RunTurns();
        }
        finally
        {
            LeaveThread();
        }
    }

    /// <summary>Ends <see cref="Run"/> after the current turn. Any thread.</summary>
    public void Stop()
    {
        _stopping = true;
        Wake();
    }

    public override void OnUnhandled(Exception exception) => _onUnhandled(exception);

    /// <summary>Closes the loop's own descriptors, once it does not run any more.</summary>
    public abstract void Dispose();

    /// <summary>Takes turns until <see cref="IsStopping"/>.</summary>
    protected abstract void RunTurns();

    /// <summary>Takes over an open, non-blocking descriptor; null when the kernel will not watch it, and then it is closed.</summary>
    /// <param name="descriptor">The socket.</param>
    /// <param name="peer">The other side.</param>
    /// <param name="isConnecting">Whether the connection is still being made: it is writable when that is over.</param>
    internal abstract SocketConnection? TakeOrNull(int descriptor, IpEndpoint peer, bool isConnecting);

    /// <summary>Watches a descriptor for input, level-triggered; false when the kernel refuses.</summary>
    internal abstract bool Watch(int descriptor, uint events, IPollTarget target, out int slot);

    /// <summary>Ends a <see cref="Watch"/>; the descriptor stays open.</summary>
    internal abstract void Unwatch(int descriptor, int slot);

    /// <summary>The end of a turn, after its events: what became ready, timers, and what is due once a turn.</summary>
    protected void FinishTurn(long start)
    {
        RunReady();
        Timers.Advance(Now);
        RunReady();
        EndTurn();
        OnTurn?.Invoke(Now);

        long took = Stopwatch.GetTimestamp() - start;
        _turns++;
        _busyNanoseconds += took;
        if (took > _longestTurn) _longestTurn = took;
    }
}

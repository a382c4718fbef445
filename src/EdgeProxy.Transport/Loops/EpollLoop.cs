using System.Diagnostics;
using EdgeProxy.Core.Concurrency;

namespace EdgeProxy.Transport.Loops;

/// <summary>An event loop on epoll, edge-triggered: one thread, one epoll descriptor, no lock.</summary>
/// <remarks>
/// A descriptor is registered once for everything and never changed. The event data holds a slot and its generation, because an
/// event already fetched may name a slot that was closed, and even used again, earlier in the same turn.
/// </remarks>
public sealed unsafe class EpollLoop : EventLoop, IDisposable
{
    private const int EventsPerTurn = 512;
    private const ulong WakeData = ulong.MaxValue;

    private readonly int _epoll;
    private readonly int _wakeDescriptor;
    private readonly Action<Exception> _onUnhandled;
    private IPollTarget?[] _targets = new IPollTarget?[256];
    private uint[] _generations = new uint[256];
    private readonly Stack<int> _freeSlots = [];
    private int _slotsUsed;
    private volatile bool _stopping;
    private long _longestTurn;
    private long _turns;
    private long _busyNanoseconds;

    /// <param name="ordinal">0 to loops - 1.</param>
    /// <param name="onUnhandled">Told of exceptions nobody took: bugs, to be logged.</param>
    public EpollLoop(int ordinal, Action<Exception> onUnhandled)
        : base(ordinal, Stopwatch.GetTimestamp())
    {
        _onUnhandled = onUnhandled;
        _epoll = Libc.epoll_create1(Libc.EPOLL_CLOEXEC);
        _wakeDescriptor = Libc.eventfd(0, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
        if (_epoll < 0 || _wakeDescriptor < 0) throw new IOException($"No descriptors for an event loop (errno {Libc.Error()}).");
        EpollEvent registration = new() { Events = Libc.EPOLLIN | Libc.EPOLLET, Data = WakeData };
        if (Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_ADD, _wakeDescriptor, &registration) != 0)
        {
            throw new IOException($"The event loop cannot watch its own wake-up (errno {Libc.Error()}).");
        }
    }

    /// <summary>Turns so far, for metrics.</summary>
    public long Turns => Volatile.Read(ref _turns);

    /// <summary>Time spent in turns rather than asleep, in nanoseconds.</summary>
    public long BusyNanoseconds => Volatile.Read(ref _busyNanoseconds);

    /// <summary>The longest turn since this was last asked, in nanoseconds: how late an event may have been seen.</summary>
    public long TakeLongestTurn() => Interlocked.Exchange(ref _longestTurn, 0);

    /// <summary>Called at the end of every turn: the place for work that is due once a turn. Loop thread.</summary>
    public Action<long>? OnTurn { get; set; }

    /// <summary>Runs on the calling thread until <see cref="Stop"/>.</summary>
    public void Run()
    {
        if (Stopwatch.Frequency != 1_000_000_000) throw new PlatformNotSupportedException("The clock does not count nanoseconds.");
        EnterThread();
        EpollEvent* events = stackalloc EpollEvent[EventsPerTurn];
        try
        {
            while (!_stopping)
            {
                int count = Libc.epoll_wait(_epoll, events, EventsPerTurn, PollTimeout());
                RunTurn(events, Math.Max(0, count));
            }
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

    public void Dispose()
    {
        Libc.close(_wakeDescriptor);
        Libc.close(_epoll);
    }

    /// <summary>Watches a descriptor; false when the kernel refuses.</summary>
    internal bool Register(int descriptor, uint events, IPollTarget target, out int slot)
    {
        Debug.Assert(IsOnLoop || LoopScheduler.Current is null, "registered from another loop");
        if (!_freeSlots.TryPop(out slot))
        {
            slot = _slotsUsed++;
            if (slot == _targets.Length)
            {
                Array.Resize(ref _targets, slot * 2);
                Array.Resize(ref _generations, slot * 2);
            }
        }

        _targets[slot] = target;
        EpollEvent registration = new() { Events = events, Data = ((ulong)_generations[slot] << 32) | (uint)slot };
        if (Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_ADD, descriptor, &registration) == 0) return true;
        Forget(slot);
        return false;
    }

    /// <summary>Ends a registration whose descriptor is about to be closed, which takes it out of epoll by itself.</summary>
    internal void Forget(int slot)
    {
        _targets[slot] = null;
        _generations[slot]++;
        _freeSlots.Push(slot);
    }

    /// <summary>Ends a registration whose descriptor stays open.</summary>
    internal void Unregister(int descriptor, int slot)
    {
        EpollEvent none = default;
        Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_DEL, descriptor, &none);
        Forget(slot);
    }

    protected override void Wake()
    {
        ulong one = 1;
        Libc.write(_wakeDescriptor, &one, sizeof(ulong));
    }

    private void RunTurn(EpollEvent* events, int count)
    {
        long start = Stopwatch.GetTimestamp();
        BeginTurn(start);
        bool mail = false;
        for (int i = 0; i < count; i++)
        {
            ulong data = events[i].Data;
            if (data == WakeData)
            {
                ulong drained;
                Libc.read(_wakeDescriptor, &drained, sizeof(ulong));
                mail = true;
                continue;
            }

            int slot = (int)(uint)data;
            if (_generations[slot] != (uint)(data >> 32) || _targets[slot] is not { } target) continue;
            try
            {
                target.OnPoll(events[i].Events);
            }
            catch (Exception exception)
            {
                OnUnhandled(exception);
            }
        }

        if (mail) DeliverMail();
        RunReady();
        Timers.Advance(Now);
        RunReady();
        OnTurn?.Invoke(Now);

        long took = Stopwatch.GetTimestamp() - start;
        _turns++;
        _busyNanoseconds += took;
        if (took > _longestTurn) _longestTurn = took;
    }

    private int PollTimeout()
    {
        if (HasReady || HasNextTurn) return 0;
        long until = Timers.UntilNext(Now);
        if (until == long.MaxValue) return 1000;
        return (int)Math.Min(1000, (until + 999_999) / 1_000_000);
    }
}

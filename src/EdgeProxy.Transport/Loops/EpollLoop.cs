using System.Diagnostics;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Transport.Loops;

/// <summary>An event loop on epoll, edge-triggered: one thread, one epoll descriptor, no lock.</summary>
/// <remarks>
/// A descriptor is registered once for everything and never changed. The event data holds a slot and its generation, because an
/// event already fetched may name a slot that was closed, and even used again, earlier in the same turn.
/// </remarks>
public sealed unsafe class EpollLoop : SocketLoop
{
    private const int EventsPerTurn = 512;
    private const ulong WakeData = ulong.MaxValue;

    private readonly int _epoll;
    private readonly int _wakeDescriptor;
    private IPollTarget?[] _targets = new IPollTarget?[256];
    private uint[] _generations = new uint[256];
    private readonly Stack<int> _freeSlots = [];
    private int _slotsUsed;

    /// <param name="ordinal">0 to loops - 1.</param>
    /// <param name="onUnhandled">Told of exceptions nobody took: bugs, to be logged.</param>
    public EpollLoop(int ordinal, Action<Exception> onUnhandled)
        : base(ordinal, onUnhandled)
    {
        _epoll = Libc.epoll_create1(Libc.EPOLL_CLOEXEC);
        _wakeDescriptor = Libc.eventfd(0, Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC);
        if (_epoll < 0 || _wakeDescriptor < 0) throw new IOException($"No descriptors for an event loop (errno {Libc.Error()}).");
        EpollEvent registration = new() { Events = Libc.EPOLLIN | Libc.EPOLLET, Data = WakeData };
        if (Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_ADD, _wakeDescriptor, &registration) != 0)
        {
            throw new IOException($"The event loop cannot watch its own wake-up (errno {Libc.Error()}).");
        }
    }

    public override void Dispose()
    {
        Libc.close(_wakeDescriptor);
        Libc.close(_epoll);
    }

    protected override void RunTurns()
    {
        EpollEvent* events = stackalloc EpollEvent[EventsPerTurn];
        while (!IsStopping)
        {
            int count = Libc.epoll_wait(_epoll, events, EventsPerTurn, PollTimeout());
            RunTurn(events, Math.Max(0, count));
        }
    }

    internal override SocketConnection? TakeOrNull(int descriptor, IpEndpoint peer, bool isConnecting) =>
        EpollConnection.TakeOrNull(this, descriptor, peer);

    internal override bool Watch(int descriptor, uint events, IPollTarget target, out int slot) => Register(descriptor, events, target, out slot);

    internal override void Unwatch(int descriptor, int slot)
    {
        EpollEvent none = default;
        Libc.epoll_ctl(_epoll, Libc.EPOLL_CTL_DEL, descriptor, &none);
        Forget(slot);
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
        FinishTurn(start);
    }

    private int PollTimeout()
    {
        if (HasReady || HasNextTurn) return 0;
        long until = Timers.UntilNext(Now);
        if (until == long.MaxValue) return 1000;
        return (int)Math.Min(1000, (until + 999_999) / 1_000_000);
    }
}

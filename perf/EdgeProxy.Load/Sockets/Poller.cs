using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace EdgeProxy.Load.Sockets;

/// <summary>An epoll descriptor that hands out (what happened, slot) pairs. One thread owns it.</summary>
/// <remarks>
/// Edge-triggered, registered once for both directions: the owner tries the call first and remembers what would have blocked.
/// A slot that is used again for another connection needs a new generation, because an event of the old one may still be queued.
/// </remarks>
[SuppressMessage("Reliability", "CA2216", Justification = "Disposed by the loop that owns it; the process ends with it.")]
internal sealed unsafe class Poller : IDisposable
{
    private const int Capacity = 512;
    private readonly int _epoll;
    private readonly Libc.EpollEvent[] _events = GC.AllocateArray<Libc.EpollEvent>(Capacity, pinned: true);
    private int _count;

    public Poller()
    {
        _epoll = Libc.EpollCreate(Libc.SocketCloseOnExec);
        if (_epoll < 0) throw new IOException($"epoll_create1 failed: errno {Marshal.GetLastPInvokeError()}");
    }

    /// <summary>Watches a descriptor for as long as it is open.</summary>
    public void Add(int descriptor, uint events, int slot, uint generation)
    {
        Libc.EpollEvent change = new() { Events = events, Data = ((ulong)generation << 32) | (uint)slot };
        if (Libc.EpollControl(_epoll, Libc.EpollAdd, descriptor, &change) < 0)
        {
            throw new IOException($"epoll_ctl failed: errno {Marshal.GetLastPInvokeError()}");
        }
    }

    /// <summary>Waits at most <paramref name="nanoseconds"/> (0: only looks) and returns how many events there are.</summary>
    public int Wait(long nanoseconds)
    {
        Libc.TimeSpec timeout = new() { Seconds = nanoseconds / 1_000_000_000, Nanoseconds = nanoseconds % 1_000_000_000 };
        fixed (Libc.EpollEvent* events = _events)
        {
            _count = Libc.EpollWait(_epoll, events, Capacity, &timeout, null);
        }

        if (_count >= 0) return _count;
        int error = Marshal.GetLastPInvokeError();
        _count = 0;
        return error == Libc.Interrupted ? 0 : throw new IOException($"epoll_pwait2 failed: errno {error}");
    }

    /// <summary>The event at <paramref name="index"/> of the last <see cref="Wait"/>.</summary>
    public uint EventAt(int index, out int slot, out uint generation)
    {
        ref readonly Libc.EpollEvent happened = ref _events[index];
        slot = (int)(uint)happened.Data;
        generation = (uint)(happened.Data >> 32);
        return happened.Events;
    }

    public void Dispose() => Libc.Close(_epoll);
}

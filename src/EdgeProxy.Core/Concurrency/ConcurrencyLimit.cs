using System.Diagnostics;
using System.Runtime.InteropServices;

namespace EdgeProxy.Core.Concurrency;

/// <summary>How many may do something at once on the whole node: one word that all loops share, and a bounded queue for those who come too late.</summary>
/// <remarks>
/// <para>
/// The word holds how many are under way (low half) and how many wait (high half). Entering is one compare-and-swap, leaving one subtraction; nobody enters past
/// those who wait. They wait on their own loop, in the order they came, and a slot that becomes free goes to the loops in turn.
/// </para>
/// <para>
/// No slot is lost to somebody who waits: whoever has queued looks for a free slot afterwards, whoever has freed one looks for somebody in a queue afterwards,
/// and both steps are fenced, so that at least one of the two sees the other. A slot on its way counts as taken.
/// </para>
/// <para>The figures come with each call; the last ones hold. Any thread may try and leave, loops may wait.</para>
/// </remarks>
public sealed class ConcurrencyLimit
{
    private const long OneWaiting = 1L << 32;

    private readonly Lock _gate = new();
    private Shared _shared;
    private ConcurrencyLane?[] _lanes = [];

    /// <summary>How many are under way.</summary>
    public int InUse => InUseOf(Volatile.Read(ref _shared.Word));

    /// <summary>How many wait.</summary>
    public int Waiting => WaitingOf(Volatile.Read(ref _shared.Word));

    /// <summary>Takes a slot if that needs no waiting; <see cref="Leave"/> has to follow. Any thread.</summary>
    public bool TryEnter(in ConcurrencyCap cap)
    {
        Follow(cap.Max);
        long word = Volatile.Read(ref _shared.Word);
        while (WaitingOf(word) == 0 && InUseOf(word) < cap.Max)
        {
            long seen = Interlocked.CompareExchange(ref _shared.Word, word + 1, word);
            if (seen == word) return true;
            word = seen;
        }

        return false;
    }

    /// <summary>Takes a slot, waiting for it where that is allowed. After <see cref="SlotOutcome.Entered"/>, and only then, <see cref="Leave"/> has to follow.</summary>
    /// <param name="cap">The figures.</param>
    /// <param name="wait">The caller's place in the queue, not in use.</param>
    /// <param name="loop">The loop this is called on.</param>
    public LoopTask<SlotOutcome> EnterAsync(in ConcurrencyCap cap, SlotWait wait, EventLoop loop)
    {
        if (TryEnter(cap)) return SlotOutcome.Entered;
        if (!TryQueue(cap.Queue)) return SlotOutcome.QueueFull;
        LoopTask<SlotOutcome> task = LaneOf(loop).Enqueue(wait, loop.Now + cap.WaitNanoseconds);
        Match();
        return task;
    }

    /// <summary>Gives a slot back. Any thread.</summary>
    public void Leave()
    {
        long word = Interlocked.Decrement(ref _shared.Word);
        Debug.Assert(InUseOf(word) >= 0 && WaitingOf(word) >= 0, "a slot was given back that nobody had taken");
        if (WaitingOf(word) > 0) Match();
    }

    /// <summary>One who waited does so no more.</summary>
    internal void OnUnqueued() => Interlocked.Add(ref _shared.Word, -OneWaiting);

    private static int InUseOf(long word) => (int)word;

    private static int WaitingOf(long word) => (int)(word >> 32);

    /// <summary>Takes over what the caller was told to allow; more room is for those who wait first.</summary>
    private void Follow(int max)
    {
        int last = Volatile.Read(ref _shared.Max);
        if (last == max) return;
        Interlocked.Exchange(ref _shared.Max, max);
        if (max > last) Match();
    }

    private bool TryQueue(int most)
    {
        long word = Volatile.Read(ref _shared.Word);
        while (WaitingOf(word) < most)
        {
            long seen = Interlocked.CompareExchange(ref _shared.Word, word + OneWaiting, word);
            if (seen == word) return true;
            word = seen;
        }

        return false;
    }

    /// <summary>Sends free slots to those who wait, until there is none of either.</summary>
    private void Match()
    {
        while (true)
        {
            long word = Volatile.Read(ref _shared.Word);
            if (InUseOf(word) >= Volatile.Read(ref _shared.Max) || UnservedOrNull() is not { } lane) return;
            if (Interlocked.CompareExchange(ref _shared.Word, word + 1, word) != word) continue;
            if (lane.TryServe())
            {
                OnUnqueued();
                lane.Grant();
            }
            else
            {
                // Somebody else served it; and while this slot was ours, others may have found none.
                Interlocked.Decrement(ref _shared.Word);
            }
        }
    }

    // The lanes take turns. That two threads may ask at once makes it no less fair for long.
    private ConcurrencyLane? UnservedOrNull()
    {
        ConcurrencyLane?[] lanes = Volatile.Read(ref _lanes);
        if (lanes.Length == 0) return null;
        uint from = (uint)_shared.Turn;
        for (uint i = 0; i < lanes.Length; i++)
        {
            uint at = (from + i) % (uint)lanes.Length;
            if (lanes[at] is not { HasUnserved: true } lane) continue;
            _shared.Turn = (int)at + 1;
            return lane;
        }

        return null;
    }

    private ConcurrencyLane LaneOf(EventLoop loop)
    {
        ConcurrencyLane?[] lanes = Volatile.Read(ref _lanes);
        return loop.Ordinal < lanes.Length && lanes[loop.Ordinal] is { } lane ? lane : MakeLane(loop);
    }

    private ConcurrencyLane MakeLane(EventLoop loop)
    {
        // Once for each loop in the life of a limit.
        lock (_gate)
        {
            var lanes = new ConcurrencyLane?[Math.Max(_lanes.Length, loop.Ordinal + 1)];
            _lanes.CopyTo(lanes, 0);
            var lane = new ConcurrencyLane(this, loop);
            lanes[loop.Ordinal] = lane;
            Volatile.Write(ref _lanes, lanes);
            return lane;
        }
    }

    // Cache lines of their own, or the limits of two routes would slow each other down.
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Shared
    {
        [FieldOffset(64)]
        public long Word;

        [FieldOffset(72)]
        public int Max;

        [FieldOffset(76)]
        public int Turn;
    }
}

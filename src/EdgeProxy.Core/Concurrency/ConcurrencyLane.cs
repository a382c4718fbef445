using System.Diagnostics;

namespace EdgeProxy.Core.Concurrency;

/// <summary>Those of one loop who wait for a slot of a <see cref="ConcurrencyLimit"/>, first come, first served.</summary>
/// <remarks>
/// The queue belongs to the loop. Other threads see two figures: how many of it have no slot on its way yet, and how many slots are on their way. Together
/// they are as many as wait, and as many more as gave up when a slot was on its way to each who waited: those slots go back.
/// </remarks>
internal sealed class ConcurrencyLane(ConcurrencyLimit limit, EventLoop loop) : ILoopRecipient
{
    private SlotWait? _first;
    private SlotWait? _last;
    private int _unserved;
    private int _granted;
    private int _unwanted;

    public EventLoop Loop => loop;

    /// <summary>Whether somebody waits for whom no slot is on its way. Any thread; a hint.</summary>
    public bool HasUnserved => Volatile.Read(ref _unserved) > 0;

    /// <summary>Puts a wait at the end. Loop thread.</summary>
    public LoopTask<SlotOutcome> Enqueue(SlotWait wait, long deadline)
    {
        Debug.Assert(loop.IsOnLoop, "a slot was waited for on another loop's queue");
        LoopTask<SlotOutcome> task = wait.Start(this, deadline);
        wait.Previous = _last;
        if (_last is null) _first = wait;
        else _last.Next = wait;
        _last = wait;

        // With a fence: what follows must see a slot that became free before this could be seen.
        Interlocked.Increment(ref _unserved);
        return task;
    }

    /// <summary>Takes one of those without a slot on its way, to send it one. Any thread.</summary>
    public bool TryServe()
    {
        int seen = Volatile.Read(ref _unserved);
        while (seen > 0)
        {
            int found = Interlocked.CompareExchange(ref _unserved, seen - 1, seen);
            if (found == seen) return true;
            seen = found;
        }

        return false;
    }

    /// <summary>Hands over a slot that <see cref="TryServe"/> found a taker for. Any thread.</summary>
    public void Grant()
    {
        if (loop.IsOnLoop)
        {
            GrantFirst();
            return;
        }

        // One message for all that are on their way.
        if (Interlocked.Increment(ref _granted) != 1) return;
        if (LoopScheduler.Current is EventLoop sender) loop.PostFrom(sender, new LoopMessage(this, 0, null, 0));
        else loop.Post(new LoopMessage(this, 0, null, 0));
    }

    /// <summary>Takes a wait out of the queue and ends it. Loop thread.</summary>
    public void Withdraw(SlotWait wait, SlotOutcome outcome)
    {
        if (TryServe()) limit.OnUnqueued();
        else _unwanted++;
        Unlink(wait);
        wait.End(outcome);
    }

    public void Receive(in LoopMessage message)
    {
        for (int slots = Interlocked.Exchange(ref _granted, 0); slots > 0; slots--)
        {
            if (_unwanted == 0)
            {
                GrantFirst();
                continue;
            }

            _unwanted--;
            limit.Leave();
        }
    }

    private void GrantFirst()
    {
        SlotWait wait = _first!;
        Unlink(wait);
        wait.End(SlotOutcome.Entered);
    }

    private void Unlink(SlotWait wait)
    {
        if (wait.Previous is { } previous) previous.Next = wait.Next;
        else _first = wait.Next;
        if (wait.Next is { } next) next.Previous = wait.Previous;
        else _last = wait.Previous;
        wait.Previous = wait.Next = null;
    }
}

using System.Diagnostics;

namespace EdgeProxy.Core.Concurrency;

/// <summary>A place in the queue of a <see cref="ConcurrencyLimit"/>, owned by whoever waits and used again for the next wait.</summary>
/// <remarks>One wait at a time, on one loop.</remarks>
public class SlotWait : LoopTimer
{
    private readonly LoopSignal<SlotOutcome> _signal = new();

    internal SlotWait? Previous;
    internal SlotWait? Next;

    /// <summary>Whose queue this is in; null when it is in none.</summary>
    internal ConcurrencyLane? Lane { get; private set; }

    /// <summary>Whether a slot is being waited for.</summary>
    public bool IsWaiting => Lane is not null;

    /// <summary>Gives the wait up, if there is one: it ends with <see cref="SlotOutcome.Aborted"/>.</summary>
    public void Abort() => Lane?.Withdraw(this, SlotOutcome.Aborted);

    internal LoopTask<SlotOutcome> Start(ConcurrencyLane lane, long deadline)
    {
        Debug.Assert(Lane is null, "a second wait was begun in one place");
        Lane = lane;
        lane.Loop.Timers.Set(this, deadline);
        return _signal.WaitAsync();
    }

    internal void End(SlotOutcome outcome)
    {
        Lane!.Loop.Timers.Detach(this);
        Lane = null;
        _signal.Set(outcome);
    }

    protected override void OnDeadline(long now) => Lane?.Withdraw(this, SlotOutcome.TimedOut);
}

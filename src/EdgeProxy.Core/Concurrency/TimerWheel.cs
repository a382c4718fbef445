namespace EdgeProxy.Core.Concurrency;

/// <summary>All deadlines of one loop: a wheel of short lists, so that setting and clearing one is constant time.</summary>
/// <remarks>A deadline further away than one turn of the wheel is looked at once a turn. Deadlines are met up to one tick late, never early.</remarks>
public sealed class TimerWheel
{
    /// <summary>The wheel's resolution: 4 ms.</summary>
    public const long TickNanoseconds = 4_000_000;

    private const int SlotCount = 4096;

    private readonly LoopTimer?[] _slots = new LoopTimer?[SlotCount];
    private long _tick;
    private long _nextTick = long.MaxValue; // no slot before this one holds a timer
    private int _filed;

    public TimerWheel(long now) => _tick = now / TickNanoseconds;

    /// <summary>Timers filed, set or not yet swept.</summary>
    public int Count => _filed;

    /// <summary>Sets when the timer is due; <see cref="long.MaxValue"/> clears it.</summary>
    public void Set(LoopTimer timer, long deadline)
    {
        timer.Deadline = deadline;
        if (deadline >= timer.FiledFor) return; // it will be filed again when the earlier moment comes
        if (timer.Slot >= 0) Remove(timer);
        if (deadline != LoopTimer.NotSet) File(timer, deadline);
    }

    /// <summary>Clears the timer; it stays filed until its moment passes, which costs nothing.</summary>
    public void Clear(LoopTimer timer) => timer.Deadline = LoopTimer.NotSet;

    /// <summary>Takes the timer out at once, for an object that goes back to a pool.</summary>
    public void Detach(LoopTimer timer)
    {
        timer.Deadline = LoopTimer.NotSet;
        if (timer.Slot >= 0) Remove(timer);
    }

    /// <summary>Calls every timer that is due.</summary>
    public void Advance(long now)
    {
        long target = now / TickNanoseconds;
        if (target < _nextTick)
        {
            _tick = Math.Max(_tick, target);
            return;
        }

        // After a long stall one whole turn of the wheel looks at every slot.
        if (target - _tick > SlotCount) _tick = target - SlotCount;
        while (_tick < target)
        {
            _tick++;
            Sweep((int)(_tick & (SlotCount - 1)), now);
        }

        _nextTick = FindNext();
    }

    /// <summary>Nanoseconds until a poll should return for a timer's sake; <see cref="long.MaxValue"/> when none is filed.</summary>
    public long UntilNext(long now) => _nextTick == long.MaxValue ? long.MaxValue : Math.Max(0, (_nextTick * TickNanoseconds) - now);

    private long FindNext()
    {
        if (_filed == 0) return long.MaxValue;
        for (int ahead = 1; ahead < SlotCount; ahead++)
        {
            if (_slots[(int)((_tick + ahead) & (SlotCount - 1))] is not null) return _tick + ahead;
        }

        return _tick + SlotCount;
    }

    private void File(LoopTimer timer, long deadline)
    {
        // Rounded up, so that it never fires early; at least one tick ahead, so that a sweep in progress does not meet it again.
        long tick = Math.Max(_tick + 1, (deadline + TickNanoseconds - 1) / TickNanoseconds);
        tick = Math.Min(tick, _tick + SlotCount - 1);
        int slot = (int)(tick & (SlotCount - 1));
        timer.FiledFor = tick * TickNanoseconds;
        timer.Slot = slot;
        timer.PreviousInSlot = null;
        timer.NextInSlot = _slots[slot];
        if (_slots[slot] is { } first) first.PreviousInSlot = timer;
        _slots[slot] = timer;
        _nextTick = Math.Min(_nextTick, tick);
        _filed++;
    }

    private void Remove(LoopTimer timer)
    {
        if (timer.PreviousInSlot is { } previous) previous.NextInSlot = timer.NextInSlot;
        else _slots[timer.Slot] = timer.NextInSlot;
        if (timer.NextInSlot is { } next) next.PreviousInSlot = timer.PreviousInSlot;
        timer.PreviousInSlot = timer.NextInSlot = null;
        timer.Slot = -1;
        timer.FiledFor = LoopTimer.NotSet;
        _filed--;
    }

    private void Sweep(int slot, long now)
    {
        while (_slots[slot] is { } timer)
        {
            Remove(timer);
            long deadline = timer.Deadline;
            if (deadline == LoopTimer.NotSet) continue;
            if (deadline > now)
            {
                File(timer, deadline);
                continue;
            }

            timer.Deadline = LoopTimer.NotSet;
            timer.Fire(now);
        }
    }
}

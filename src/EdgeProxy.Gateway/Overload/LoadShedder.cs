using EdgeProxy.Transport.Loops;

namespace EdgeProxy.Gateway.Overload;

/// <summary>Decides whether one loop takes a request or sheds it. That loop's thread only.</summary>
/// <remarks>
/// <para>
/// A loop hears of all that has come since its last turn and works it off in one turn. What comes meanwhile waits in the kernel for as long as that turn and the calls around it take, and then for those before
/// it: with more work than a processor can do, turns grow without end. So the wait of a request is at most the time since the last turn began, and it is shed when that is more than it may wait; to answer so
/// costs a small part of what serving it would. A quarter of the time is left to every turn, or a long one would have all of the next one shed.
/// </para>
/// <para>
/// Only a saturated loop sheds, for a burst that is worked off and followed by a pause does no harm. A loop with time to spare goes to sleep in nearly every turn, one without never does, whatever else runs on the
/// machine; so it is saturated when over an interval it slept in less than a tenth of its turns. (That holds while it sheds: what is shed was there to be done.)
/// </para>
/// </remarks>
internal sealed class LoadShedder(ILoopLoad load)
{
    private const int TurnsPerSleep = 10;

    private long _since;
    private long _turns;
    private long _sleeps = -1;

    /// <summary>Whether the loop has had no time to spare for an interval.</summary>
    public bool IsSaturated { get; private set; }

    /// <summary>Whether a request that has just come is to be shed.</summary>
    public bool MustShed(OverloadOptions options)
    {
        long turn = load.Now;
        if (turn - _since >= options.IntervalNanoseconds) Judge(turn, options.IntervalNanoseconds);
        if (!IsSaturated) return false;
        long before = Math.Min(turn - load.LastTurn, options.DelayNanoseconds / 4 * 3);
        return before + (load.Clock - turn) > options.DelayNanoseconds;
    }

    private void Judge(long turn, long interval)
    {
        long turns = load.Turns;
        long sleeps = load.Sleeps;

        // An interval in which nobody asked for long says nothing of now.
        IsSaturated = _sleeps >= 0 && sleeps >= 0 && turn - _since < 2 * interval && (sleeps - _sleeps) * TurnsPerSleep < turns - _turns;
        _since = turn;
        _turns = turns;
        _sleeps = sleeps;
    }
}

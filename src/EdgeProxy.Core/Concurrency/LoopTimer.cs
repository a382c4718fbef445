namespace EdgeProxy.Core.Concurrency;

/// <summary>Something with a deadline on one loop; most are connections.</summary>
/// <remarks>
/// Moving a deadline later costs one store: the timer stays where it is filed and, when that moment comes, is filed again. So the
/// dozen deadlines a request sets are nearly free, and only the last one counts. Loop thread only.
/// </remarks>
public abstract class LoopTimer
{
    internal const long NotSet = long.MaxValue;

    internal LoopTimer? PreviousInSlot;
    internal LoopTimer? NextInSlot;
    internal int Slot = -1;
    internal long FiledFor = NotSet;

    /// <summary>When <see cref="OnDeadline"/> is due, in monotonic nanoseconds; <see cref="long.MaxValue"/> when it is not.</summary>
    public long Deadline { get; internal set; } = NotSet;

    /// <summary>Called once when the deadline has passed, up to one wheel tick late. The deadline is unset before the call.</summary>
    protected abstract void OnDeadline(long now);

    internal void Fire(long now) => OnDeadline(now);
}

namespace EdgeProxy.Transport.Connections;

/// <summary>How slow the other side may be while a message moves (specification security.md 17.2, slow body and slow read).</summary>
/// <param name="BytesPerSecond">Least average rate once the grace is over; 0 for none.</param>
/// <param name="Grace">Nanoseconds before the rate counts.</param>
/// <param name="Stall">Longest wait for any single byte, in nanoseconds.</param>
public readonly record struct MinimumRate(long BytesPerSecond, long Grace, long Stall)
{
    /// <summary>No rule at all.</summary>
    public static MinimumRate None => new(0, 0, long.MaxValue / 4);

    /// <summary>When a wait that begins now is over: the moment the average would fall below the rate, or the stall is too long.</summary>
    public long Deadline(long now, long started, long moved) => Math.Min(now + Stall, RateDeadline(started, moved));

    /// <summary>Whether a wait that began at <paramref name="now"/> and timed out was ended by the rate rather than by the stall.</summary>
    public bool IsRateNearer(long now, long started, long moved) => RateDeadline(started, moved) < now + Stall;

    private long RateDeadline(long started, long moved)
    {
        if (BytesPerSecond == 0) return long.MaxValue;

        // Divided first where the product could overflow: exact enough for a time-out.
        long earned = moved < long.MaxValue / 1_000_000_000 ? moved * 1_000_000_000 / BytesPerSecond : moved / BytesPerSecond * 1_000_000_000;
        long rate = started + Grace + earned;
        return rate < started ? long.MaxValue : rate;
    }
}

namespace EdgeProxy.Gateway.Throttling;

/// <summary>A rate and the bucket that is held to it. Live: plans that ask for the same figures find the same one.</summary>
/// <param name="rate">The rate.</param>
internal sealed class RateLimit(Rate rate)
{
    // How many other figures are remembered: those of configurations that were refused are among them.
    private const int MostBefore = 8;

    private readonly TokenBucket _bucket = new();
    private readonly Rate _rate = rate;
    private RateLimit? _before;

    public Rate Rate => _rate;

    /// <summary>Takes a token; false when there is none. Any thread.</summary>
    /// <param name="now">Monotonic nanoseconds.</param>
    /// <param name="taken">For <see cref="GiveBack"/>, when true.</param>
    public bool TryTake(long now, out TakenToken taken) => _bucket.TryTake(_rate, now, out taken);

    /// <summary>Gives back a token that admitted nobody.</summary>
    public void GiveBack(in TakenToken taken) => _bucket.GiveBack(taken);

    /// <summary>The limit of a rate: the one that is known if the figures did not change, else a new one, whose bucket is full.</summary>
    /// <remarks>Control thread. Figures that go and come again find the bucket as they left it.</remarks>
    /// <param name="known">The last one made, kept by whoever outlasts plans.</param>
    /// <param name="rate">The rate; null for no limit.</param>
    public static RateLimit? Follow(ref RateLimit? known, Rate? rate)
    {
        if (rate is not { } wanted) return null;
        if (known is not null && known.Rate == wanted) return known;
        RateLimit found = TakeBeforeOrNull(known, wanted) ?? new RateLimit(wanted);
        found._before = known;
        return known = found;
    }

    private static RateLimit? TakeBeforeOrNull(RateLimit? known, Rate wanted)
    {
        RateLimit? last = known;
        for (int i = 1; last?._before is { } before; i++)
        {
            if (before.Rate == wanted)
            {
                last._before = before._before;
                return before;
            }

            // What is behind it is forgotten.
            if (i == MostBefore) last._before = null;
            last = before;
        }

        return null;
    }
}

using System.Runtime.InteropServices;

namespace EdgeProxy.Gateway.Throttling;

/// <summary>A token bucket in one word, so that taking a token is one compare-and-swap and no timer runs (rest-api.md 9.3).</summary>
/// <remarks>
/// <para>
/// Rather than count tokens, it keeps the instant at which it would be full again. A taken token pushes that instant one interval away and
/// the clock catches up with it; further than <see cref="Rate.Depth"/> ahead means empty. A new bucket was full at the beginning of time.
/// </para>
/// <para>
/// In any stretch of the instants it is given, it gives at most burst + rate x length, whoever asks: the first token of the stretch leaves the
/// word an interval past its start or more, each further one adds an interval, and no word is left beyond the end and the depth. That one loop's
/// clock lags behind another's therefore costs a refusal at most.
/// </para>
/// <para>
/// The word is in the ticks of its rate: a bucket serves one rate all its life (<see cref="RateLimit"/>). Any thread.
/// </para>
/// </remarks>
[StructLayout(LayoutKind.Explicit, Size = 64)] // a cache line, or the buckets of two routes would slow each other down
internal sealed class TokenBucket
{
    [FieldOffset(0)]
    private long _fullAt;

    /// <summary>Takes a token; false when there is none.</summary>
    /// <param name="rate">The bucket's rate.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    /// <param name="taken">For <see cref="GiveBack"/>, when true.</param>
    public bool TryTake(in Rate rate, long now, out TakenToken taken) => TryTake(ref _fullAt, rate, now, out taken);

    /// <summary>The same for a bucket that is a word somewhere else.</summary>
    public static bool TryTake(ref long word, in Rate rate, long now, out TakenToken taken)
    {
        long at = now << rate.Shift;
        long before = Volatile.Read(ref word);
        while (true)
        {
            long after = Math.Max(before, at) + rate.TicksPerToken;
            if (after - at > rate.Depth)
            {
                taken = default;
                return false;
            }

            // Losing the race means another request took a token, or gave one back; look again.
            long seen = Interlocked.CompareExchange(ref word, after, before);
            if (seen == before)
            {
                taken = new TakenToken(before, after);
                return true;
            }

            before = seen;
        }
    }

    /// <summary>Gives a token back that admitted nobody, unless another request took one since: then this one is lost.</summary>
    /// <remarks>
    /// Taking an interval off whatever the word is by now would be wrong: a bucket that was full again in the meantime would end up fuller than
    /// full. A request refused too much is accepted, one admitted too much never.
    /// </remarks>
    public void GiveBack(in TakenToken taken) => GiveBack(ref _fullAt, taken);

    /// <summary>The same for a bucket that is a word somewhere else.</summary>
    public static void GiveBack(ref long word, in TakenToken taken)
    {
        if (taken != default) Interlocked.CompareExchange(ref word, taken.Before, taken.After);
    }
}

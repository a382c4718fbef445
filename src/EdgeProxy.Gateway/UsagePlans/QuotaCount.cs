using EdgeProxy.Gateway.Operations;

namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>What counts against a quota in the period that runs, in a word: the period in the upper 20 bits, the count, with its sign, in the lower 44.</summary>
/// <remarks>
/// <para>Of a period the upper 2 bits are its kind, so that no period of another kind is taken for it when a plan's quota changes. 0 is a key that never used its plan.</para>
/// <para>A count is below zero when the remaining quota was set above the limit.</para>
/// </remarks>
internal static class QuotaCount
{
    private const int CountBits = 44;
    private const int NumberBits = 18;
    private const long CountMask = (1L << CountBits) - 1;

    /// <summary>A period out of its kind and number.</summary>
    public static int Numbered(QuotaPeriod kind, int number) => ((int)kind << NumberBits) | number;

    public static QuotaPeriod KindOf(long word) => (QuotaPeriod)(PeriodOf(word) >> NumberBits);

    public static int PeriodOf(long word) => (int)(word >>> CountBits);

    public static long CountedOf(long word) => word << (64 - CountBits) >> (64 - CountBits);

    public static long Pack(int period, long counted) =>
        ((long)period << CountBits) | (Math.Clamp(counted, -(CountMask >> 1), CountMask >> 1) & CountMask);

    /// <summary>Whether nothing is left. Changes nothing: a request that is refused for another reason uses nothing.</summary>
    public static bool IsSpent(long word, Quota quota, int period)
    {
        long counted = Follows(word, period) ? word == 0 ? quota.Offset : 0 : CountedOf(word);
        return counted >= quota.Limit;
    }

    /// <summary>Counts a request, unless nothing is left: then false. Of any number of threads that ask at once no more get true than are left.</summary>
    /// <param name="word">The count.</param>
    /// <param name="closed">Gets the count of a period that ended, when this request is the first of the next.</param>
    /// <param name="quota">The quota.</param>
    /// <param name="period">The period that runs.</param>
    public static bool TryCount(ref long word, ref long closed, Quota quota, int period)
    {
        long before = Volatile.Read(ref word);
        while (true)
        {
            if (Follows(before, period))
            {
                before = Open(ref word, ref closed, before, quota, period);
                continue;
            }

            if (CountedOf(before) >= quota.Limit) return false;
            long seen = Interlocked.CompareExchange(ref word, Pack(PeriodOf(before), CountedOf(before) + 1), before);
            if (seen == before) return true;
            before = seen;
        }
    }

    /// <summary>Sets how many requests are left in the period that runs.</summary>
    public static void SetRemaining(ref long word, ref long closed, Quota quota, int period, long remaining)
    {
        long before = Volatile.Read(ref word);
        while (true)
        {
            if (Follows(before, period))
            {
                before = Open(ref word, ref closed, before, quota, period);
                continue;
            }

            long seen = Interlocked.CompareExchange(ref word, Pack(PeriodOf(before), quota.Limit - remaining), before);
            if (seen == before) return;
            before = seen;
        }
    }

    // A clock that is set back a little at midnight stays in the period it had reached, or the quota would be there twice. One that had been far ahead was
    // wrong, and must not hold up a key until it is right.
    private static bool Follows(long word, int period) => PeriodOf(word) != period && PeriodOf(word) != period + 1;

    private static long Open(ref long word, ref long closed, long before, Quota quota, int period)
    {
        if (before != 0) Close(ref closed, before);

        // Only the first period that a key uses its plan in is short of the offset (rest-api.md 9.2).
        long after = Pack(period, before == 0 ? quota.Offset : 0);
        long seen = Interlocked.CompareExchange(ref word, after, before);
        return seen == before ? after : seen;
    }

    // Whoever saw less than was counted by the end of the period, and then lost the race, must not have the last word.
    private static void Close(ref long closed, long last)
    {
        long before = Volatile.Read(ref closed);
        while (PeriodOf(before) != PeriodOf(last) || CountedOf(before) < CountedOf(last))
        {
            if (KindOf(before) == KindOf(last) && PeriodOf(before) > PeriodOf(last)) return;
            long seen = Interlocked.CompareExchange(ref closed, last, before);
            if (seen == before) return;
            before = seen;
        }
    }
}

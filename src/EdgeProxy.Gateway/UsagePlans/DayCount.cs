namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>What was used on one day, in a word: the day in the upper 18 bits (and the sign, which is never set), the count in the lower 45.</summary>
internal static class DayCount
{
    public const int MostDay = (1 << 18) - 1;

    private const int DayShift = 45;
    private const long CountMask = (1L << DayShift) - 1;

    public static int DayOf(long word) => (int)(word >> DayShift);

    public static long UsedOf(long word) => word & CountMask;

    public static long Pack(int day, long used) => ((long)day << DayShift) | Math.Clamp(used, 0, CountMask);

    /// <summary>Counts requests on a day.</summary>
    /// <param name="word">The count, of this day or another one, which is forgotten.</param>
    /// <param name="day">The day.</param>
    /// <param name="used">Requests; 0 only opens the day.</param>
    public static void Add(ref long word, int day, long used)
    {
        long before = Volatile.Read(ref word);
        while (true)
        {
            long seen = Interlocked.CompareExchange(ref word, DayOf(before) == day ? before + used : Pack(day, used), before);
            if (seen == before) return;
            before = seen;
        }
    }
}

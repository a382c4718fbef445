using EdgeProxy.Gateway.Operations;

namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>How many requests each key of a usage plan has in a period (rest-api.md 9.2).</summary>
internal sealed class Quota
{
    /// <summary>The largest limit: counts have 44 bits, sign included.</summary>
    public const long MostLimit = 1_000_000_000_000;

    /// <summary>The largest offset that the service takes: that of a month.</summary>
    public const int MostOffset = 27;

    // Finding the month of a day takes divisions, and the day is mostly the same: (day, period) in one word.
    private long _lastPeriod = -1;

    /// <param name="limit">Requests in a period; 0 admits nothing.</param>
    /// <param name="period">The period: any but None.</param>
    /// <param name="offset">Requests that are taken away from the first period in which a key uses the plan.</param>
    public Quota(long limit, QuotaPeriod period, int offset = 0)
    {
        Limit = limit;
        Period = period;
        Offset = offset;
    }

    public long Limit { get; }

    public QuotaPeriod Period { get; }

    public int Offset { get; }

    /// <summary>The period of a day: numbers that go up with time, of each kind of period their own.</summary>
    /// <param name="day">Days since 1970-01-01.</param>
    public int PeriodOf(int day)
    {
        long last = Volatile.Read(ref _lastPeriod);
        if ((int)(last >> 32) == day) return (int)last;
        int period = PeriodOf(Period, day);
        Volatile.Write(ref _lastPeriod, ((long)day << 32) | (uint)period);
        return period;
    }

    /// <summary>The same for any kind; 0 for none.</summary>
    public static int PeriodOf(QuotaPeriod kind, int day) => kind == QuotaPeriod.None ? 0 : QuotaCount.Numbered(kind, kind switch
    {
        QuotaPeriod.Week => (day + 4) / 7, // 1970-01-04 was a Sunday; when the service's week begins is (unconfirmed)
        QuotaPeriod.Month => MonthOf(day),
        _ => day,
    });

    private static int MonthOf(int day)
    {
        DateOnly date = UsageDay.ToDate(day);
        return ((date.Year - 1970) * 12) + date.Month - 1;
    }
}

namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>Days since 1970-01-01, in UTC.</summary>
internal static class UsageDay
{
    private const long Milliseconds = 86_400_000;

    // The last that has room beside a count: in the year 2687.
    private const int Last = DayCount.MostDay;

    private static readonly int s_epoch = new DateOnly(1970, 1, 1).DayNumber;

    /// <summary>The day of an instant; the first or last one for clocks that are far off.</summary>
    public static int Of(long unixMilliseconds) => (int)Math.Clamp(unixMilliseconds / Milliseconds, 1, Last);

    public static int Of(DateOnly date) => Math.Clamp(date.DayNumber - s_epoch, 1, Last);

    public static DateOnly ToDate(int day) => DateOnly.FromDayNumber(s_epoch + day);
}

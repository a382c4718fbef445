using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Tests.Gateway.UsagePlans;

public sealed class QuotaTests
{
    [Theory]
    [InlineData(QuotaPeriod.Day, "2026-11-22", "2026-11-22", "2026-11-23")]
    [InlineData(QuotaPeriod.Week, "2026-11-22", "2026-11-28", "2026-11-29")] // from Sunday to Saturday
    [InlineData(QuotaPeriod.Month, "2026-11-01", "2026-11-30", "2026-12-01")]
    [InlineData(QuotaPeriod.Month, "2028-02-01", "2028-02-29", "2028-03-01")]
    [InlineData(QuotaPeriod.Month, "2026-12-01", "2026-12-31", "2027-01-01")]
    public void Has_periods_of_the_calendar(QuotaPeriod kind, string first, string last, string next)
    {
        var quota = new Quota(10, kind);
        int period = quota.PeriodOf(Day(first));
        Assert.Equal(period, quota.PeriodOf(Day(last)));
        Assert.Equal(period + 1, quota.PeriodOf(Day(next)));
        Assert.Equal(period - 1, quota.PeriodOf(Day(first) - 1));
    }

    [Fact]
    public void Never_takes_a_period_of_one_kind_for_one_of_another()
    {
        HashSet<int> seen = [];
        for (int day = 1; day < 60_000; day += 31) Assert.True(seen.Add(Quota.PeriodOf(QuotaPeriod.Day, day)));
        for (int day = 1; day < 60_000; day += 7) Assert.True(seen.Add(Quota.PeriodOf(QuotaPeriod.Week, day)));
        for (int day = 1; day < 60_000; day += 31) Assert.True(seen.Add(Quota.PeriodOf(QuotaPeriod.Month, day)));
    }

    private static int Day(string date) => UsageDay.Of(DateOnly.Parse(date, System.Globalization.CultureInfo.InvariantCulture));
}

using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.UsagePlans;

namespace EdgeProxy.Tests.Gateway.UsagePlans;

public sealed class QuotaCountTests
{
    private const int Today = 20_779;

    private long _word;
    private long _closed;

    [Fact]
    public void Admits_as_many_as_the_limit_says_and_begins_anew_in_the_next_period()
    {
        var quota = new Quota(3, QuotaPeriod.Day);
        Assert.Equal(3, CountAll(quota, Today));
        Assert.True(QuotaCount.IsSpent(_word, quota, quota.PeriodOf(Today)));
        Assert.False(QuotaCount.IsSpent(_word, quota, quota.PeriodOf(Today + 1)));
        Assert.Equal(3, CountAll(quota, Today + 1));
        Assert.Equal(3, QuotaCount.CountedOf(_closed));
        Assert.Equal(quota.PeriodOf(Today), QuotaCount.PeriodOf(_closed));
    }

    [Fact]
    public void Takes_the_offset_off_the_first_period_only()
    {
        var quota = new Quota(10, QuotaPeriod.Week, offset: 4);
        Assert.False(QuotaCount.IsSpent(_word, quota, quota.PeriodOf(Today)));
        Assert.Equal(6, CountAll(quota, Today));
        Assert.Equal(10, CountAll(quota, Today + 7));
    }

    [Fact]
    public void Has_a_second_period_even_when_the_offset_left_nothing_of_the_first()
    {
        var quota = new Quota(4, QuotaPeriod.Week, offset: 4);
        Assert.True(QuotaCount.IsSpent(_word, quota, quota.PeriodOf(Today)));
        Assert.Equal(0, CountAll(quota, Today));
        Assert.Equal(4, CountAll(quota, Today + 7));
    }

    [Fact]
    public void Gives_no_second_quota_when_the_clock_is_set_back_over_midnight()
    {
        var quota = new Quota(3, QuotaPeriod.Day);
        Assert.Equal(3, CountAll(quota, Today));
        Assert.Equal(0, CountAll(quota, Today - 1));
        Assert.Equal(0, CountAll(quota, Today));
    }

    [Fact]
    public void Is_not_held_up_by_a_clock_that_was_years_ahead()
    {
        var quota = new Quota(3, QuotaPeriod.Day);
        Assert.Equal(3, CountAll(quota, Today + 2000));
        Assert.Equal(3, CountAll(quota, Today));
    }

    [Fact]
    public void Begins_anew_when_the_quota_is_for_another_kind_of_period()
    {
        Assert.Equal(3, CountAll(new Quota(3, QuotaPeriod.Month), Today));
        Assert.Equal(2, CountAll(new Quota(2, QuotaPeriod.Day, offset: 0), Today));
    }

    [Fact]
    public void Goes_on_from_what_is_set_as_remaining_above_the_limit_and_below()
    {
        var quota = new Quota(3, QuotaPeriod.Day);
        Assert.Equal(3, CountAll(quota, Today));
        QuotaCount.SetRemaining(ref _word, ref _closed, quota, quota.PeriodOf(Today), 1000);
        Assert.Equal(-997, QuotaCount.CountedOf(_word));
        Assert.Equal(1000, CountAll(quota, Today));
        QuotaCount.SetRemaining(ref _word, ref _closed, quota, quota.PeriodOf(Today + 1), 1);
        Assert.Equal(1, CountAll(quota, Today + 1));
        Assert.Equal(3, CountAll(quota, Today + 2));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(7, 2)]
    [InlineData(1000, 3)]
    [InlineData(25_000, 4)]
    public void Admits_exactly_the_limit_in_each_period_whatever_many_threads_do(int limit, int seed)
    {
        const int Threads = 8;
        const int Days = 6;
        var quota = new Quota(limit, QuotaPeriod.Day, offset: 1);
        int[][] admitted = new int[Threads][];
        int day = Today;
        int ready = 0;
        using var together = new Barrier(Threads);
        Thread[] threads = new Thread[Threads];
        for (int t = 0; t < Threads; t++)
        {
            int own = t;
            admitted[own] = new int[Days];
            threads[own] = new Thread(() =>
            {
                var random = new Random((seed * 100) + own);
                for (int d = 0; d < Days; d++)
                {
                    // All begin each day at once, some of them while others still believe it to be the day before.
                    together.SignalAndWait();
                    for (int i = 0; i < (limit / 4) + 100; i++)
                    {
                        int lagging = d > 0 && i < 50 && random.Next(3) == 0 ? 1 : 0;
                        if (QuotaCount.TryCount(ref _word, ref _closed, quota, quota.PeriodOf(day + d - lagging))) admitted[own][d]++;
                    }

                    Interlocked.Increment(ref ready);
                }
            });
            threads[own].Start();
        }

        foreach (Thread thread in threads) thread.Join();
        Assert.Equal(Threads * Days, ready);
        for (int d = 0; d < Days; d++)
        {
            int sum = 0;
            foreach (int[] counts in admitted) sum += counts[d];
            Assert.Equal(d == 0 ? limit - 1 : limit, sum);
        }
    }

    private int CountAll(Quota quota, int day)
    {
        int admitted = 0;
        while (admitted < 100_000 && QuotaCount.TryCount(ref _word, ref _closed, quota, quota.PeriodOf(day))) admitted++;
        return admitted;
    }
}

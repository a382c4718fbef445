using EdgeProxy.Gateway.Throttling;

namespace EdgeProxy.Tests.Gateway.Throttling;

public sealed class TokenBucketTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Refuses_once_the_burst_is_spent_and_admits_again_one_interval_later()
    {
        var bucket = new TokenBucket();
        var rate = new Rate(perSecond: 100_000_000, burst: 2);
        Assert.True(bucket.TryTake(rate, 100, out _));
        Assert.True(bucket.TryTake(rate, 100, out _));
        Assert.False(bucket.TryTake(rate, 109, out _));
        Assert.True(bucket.TryTake(rate, 110, out _));
        Assert.False(bucket.TryTake(rate, 110, out _));
    }

    [Fact]
    public void Holds_no_more_than_its_burst_however_long_nobody_asks()
    {
        var bucket = new TokenBucket();
        var rate = new Rate(10, 3);
        Assert.Equal(3, TakeAll(bucket, rate, 5 * Second));
        Assert.Equal(3, TakeAll(bucket, rate, 1_000_000 * Second));
    }

    [Theory]
    [InlineData(2.5, 10, 1000)]
    [InlineData(0.1, 1, 86_400)]
    [InlineData(1.0 / 3, 2, 30_000)]
    [InlineData(3, 1, 100_000)]
    [InlineData(0.7, 4, 10_000)]
    [InlineData(10_000.0 / 3, 5000, 60)]
    [InlineData(9999.9, 1, 20)]
    public void Gives_what_a_fractional_rate_promises_to_whoever_always_asks(double perSecond, int burst, int seconds)
    {
        var bucket = new TokenBucket();
        var rate = new Rate(perSecond, burst);
        long from = 17 * Second;
        long given = TakeAll(bucket, rate, from);
        Assert.Equal(burst, given);

        // Asking at the very nanosecond at which the next token is due, as an adversary would.
        long until = from + (seconds * Second);
        long interval = (long)(Second / (decimal)perSecond);
        for (long at = from + interval; at <= until; at += interval)
        {
            while (!bucket.TryTake(rate, at, out _)) at++;
            if (at <= until) given++;
        }

        decimal promised = burst + ((decimal)perSecond * seconds);
        Assert.InRange(given, (promised * 0.99998m) - 1, promised + 0.000001m); // a decimal has fewer digits than some doubles
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0, 5)]
    [InlineData(5, 0)]
    [InlineData(double.NaN, 5)]
    [InlineData(-2, 5)]
    public void Gives_nothing_without_a_rate_or_a_burst(double perSecond, int burst)
    {
        var bucket = new TokenBucket();
        var rate = new Rate(perSecond, burst);
        Assert.False(bucket.TryTake(rate, 0, out _));
        Assert.False(bucket.TryTake(rate, long.MaxValue >> 6, out _));
    }

    [Fact]
    public void Gives_a_rate_and_burst_of_any_size_without_overflow()
    {
        long years = 5L * 365 * 86_400 * Second;
        foreach (double perSecond in (double[])[1e-300, 1e-12, 1e-6, 1, 1e6, 1e12, 1e300])
        {
            foreach (int burst in (int[])[1, 5000, int.MaxValue])
            {
                var bucket = new TokenBucket();
                var rate = new Rate(perSecond, burst);
                Assert.True(bucket.TryTake(rate, years, out _), $"{perSecond} {burst}");
                if (burst == 1 && perSecond < 1e9) Assert.False(bucket.TryTake(rate, years, out _), $"{perSecond} {burst}");
            }
        }
    }

    [Fact]
    public void Takes_back_a_token_as_though_it_had_never_been_taken()
    {
        var bucket = new TokenBucket();
        var rate = new Rate(10, 2);
        Assert.True(bucket.TryTake(rate, Second, out TakenToken taken));
        bucket.GiveBack(taken);
        Assert.Equal(2, TakeAll(bucket, rate, Second));
    }

    // Taken at a full bucket, filled up again meanwhile: giving it back by subtraction would make three of two.
    [Fact]
    public void Loses_a_token_that_is_given_back_after_another_was_taken()
    {
        var bucket = new TokenBucket();
        var rate = new Rate(10, 2);
        Assert.True(bucket.TryTake(rate, Second, out TakenToken taken));
        Assert.True(bucket.TryTake(rate, 10 * Second, out _));
        bucket.GiveBack(taken);
        Assert.Equal(1, TakeAll(bucket, rate, 10 * Second));
    }

    [Theory]
    [InlineData(2_000_000, 50, 1)]
    [InlineData(333_333.3, 1, 2)]
    [InlineData(70_000.7, 5000, 3)]
    [InlineData(999.5, 7, 4)]
    [InlineData(12_345.678, 20, 5)]
    public void Never_admits_more_than_burst_and_rate_allow_in_any_window_whatever_many_threads_do(double perSecond, int burst, int seed)
    {
        const int Threads = 8;
        const int Asks = 20_000;
        var bucket = new TokenBucket();
        var rate = new Rate(perSecond, burst);
        long clock = Second;
        long mostStep = (long)(Second / perSecond / Threads) + 2;
        var admitted = new List<long>[Threads];
        using var together = new Barrier(Threads);
        var threads = new Thread[Threads];
        for (int t = 0; t < Threads; t++)
        {
            int own = t;
            admitted[own] = [];
            threads[own] = new Thread(() =>
            {
                var random = new Random((seed * 1000) + own);
                together.SignalAndWait();
                for (int i = 0; i < Asks; i++)
                {
                    // Each thread's clock lags behind the others' by up to a few intervals; now and then nobody asks for long.
                    long step = random.Next(500) == 0 ? mostStep * 400 : random.NextInt64(mostStep);
                    long now = Interlocked.Add(ref clock, step) - random.NextInt64(mostStep * 4);
                    if (!bucket.TryTake(rate, now, out TakenToken taken)) continue;
                    if (random.Next(10) == 0) bucket.GiveBack(taken); // admitted nobody
                    else admitted[own].Add(now);
                }
            });
            threads[own].Start();
        }

        foreach (Thread thread in threads) thread.Join();
        long[] stamps = [.. admitted.SelectMany(list => list).Order()];
        Assert.True(stamps.Length > Threads, "Next to nothing was admitted.");

        // The count of i..j is j - i + 1 and may not be above burst + rate x (t[j] - t[i]), for every i and j at once.
        decimal perNanosecond = (decimal)perSecond / Second;
        decimal lowest = decimal.MaxValue;
        for (int j = 0; j < stamps.Length; j++)
        {
            decimal level = j - (perNanosecond * (stamps[j] - Second));
            lowest = Math.Min(lowest, level);
            Assert.True(level - lowest + 1 <= burst, $"{level - lowest + 1} were admitted up to the {j}th, {stamps[j]} ns, beyond the rate.");
        }
    }

    private static int TakeAll(TokenBucket bucket, in Rate rate, long now)
    {
        int given = 0;
        while (given < 1_000_000 && bucket.TryTake(rate, now, out _)) given++;
        return given;
    }
}

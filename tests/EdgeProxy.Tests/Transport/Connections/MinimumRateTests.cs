using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Tests.Transport.Connections;

public sealed class MinimumRateTests
{
    private const long Second = 1_000_000_000;

    // A kilobyte a second after ten seconds of grace, and no byte later than a minute after the last.
    private static readonly MinimumRate s_rate = new(BytesPerSecond: 1000, Grace: 10 * Second, Stall: 60 * Second);

    [Theory]
    [InlineData(0, 0, 10)] // nothing came: the grace
    [InlineData(0, 5000, 15)] // every kilobyte earns a second
    [InlineData(12, 5000, 15)] // whenever the wait begins
    [InlineData(20, 1_000_000, 80)] // much was earned: the stall is shorter
    [InlineData(20, 5000, 15)] // already too slow: in the past
    public void A_wait_is_over_when_the_average_falls_below_the_rate_or_the_stall_is_too_long(long now, long moved, long expected)
    {
        const long started = 1000 * Second;
        Assert.Equal(started + (expected * Second), s_rate.Deadline(started + (now * Second), started, moved));
    }

    [Fact]
    public void Without_a_rate_only_the_stall_counts()
    {
        var rate = new MinimumRate(0, 10 * Second, 60 * Second);
        Assert.Equal(100 * Second, rate.Deadline(now: 40 * Second, started: 0, moved: 0));
    }

    [Fact]
    public void No_rule_never_ends_a_wait()
    {
        long year = 365L * 24 * 3600 * Second;
        Assert.True(MinimumRate.None.Deadline(year, 0, 0) > 50 * year);
    }

    [Theory]
    [InlineData(long.MaxValue / 1_000_000_000)]
    [InlineData((long.MaxValue / 1_000_000_000) + 1)]
    [InlineData(long.MaxValue / 2)]
    [InlineData(long.MaxValue)]
    public void However_much_has_moved_the_deadline_lies_in_the_future(long moved)
    {
        foreach (long bytesPerSecond in new[] { 1L, 1000L, long.MaxValue })
        {
            var rate = new MinimumRate(bytesPerSecond, 10 * Second, 60 * Second);
            Assert.InRange(rate.Deadline(now: Second, started: 0, moved), Second, 61 * Second);
        }
    }

    [Fact]
    public void The_deadline_never_comes_earlier_for_more_bytes()
    {
        long last = 0;
        for (long moved = 0; moved < 200_000; moved += 777)
        {
            long deadline = s_rate.Deadline(now: 5 * Second, started: 0, moved);
            Assert.True(deadline >= last);
            last = deadline;
        }

        Assert.Equal(65 * Second, last);
    }

    [Theory]
    [InlineData(0, 0, true)] // the grace of 10 s ends before a stall of 60 s
    [InlineData(0, 100_000, false)] // 110 s have been earned
    [InlineData(60, 100_000, true)] // 50 s of them are left
    public void Tells_whether_the_rate_or_the_stall_ends_a_wait(long seconds, long moved, bool rate) =>
        Assert.Equal(rate, s_rate.IsRateNearer(seconds * Second, 0, moved));

    [Fact]
    public void Without_a_rate_only_a_stall_ends_a_wait() => Assert.False(MinimumRate.None.IsRateNearer(0, 0, 0));
}

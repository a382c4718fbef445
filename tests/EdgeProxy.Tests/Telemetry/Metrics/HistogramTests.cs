using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Tests.Telemetry.Metrics;

public sealed class HistogramTests
{
    [Fact]
    public void Counts_a_value_in_the_first_bucket_whose_bound_it_does_not_exceed()
    {
        Histogram histogram = Make(BucketBounds.FromSeconds(0.001, 0.01, 1));
        histogram.Observe(0, 0);
        histogram.Observe(0, 1_000_000);
        histogram.Observe(0, 1_000_001);
        histogram.Observe(0, 1_000_000_000);
        histogram.Observe(0, 1_000_000_001);
        histogram.Observe(0, long.MaxValue / 4);
        Assert.Equal([2, 1, 1, 2], [histogram.InBucket(0), histogram.InBucket(1), histogram.InBucket(2), histogram.InBucket(3)]);
        Assert.Equal(6, histogram.Count);
    }

    [Fact]
    public void Takes_a_negative_time_as_none()
    {
        Histogram histogram = Make(BucketBounds.Latency);
        histogram.Observe(0, -5);
        histogram.Observe(MetricRegistry.SharedStripe, long.MinValue);
        Assert.Equal(2, histogram.InBucket(0));
        Assert.Equal(0, histogram.SumSeconds);
    }

    [Fact]
    public void Sums_over_stripes()
    {
        Histogram histogram = Make(BucketBounds.Latency);
        histogram.Observe(0, 1_500_000_000);
        histogram.Observe(1, 500_000_000);
        histogram.Observe(MetricRegistry.SharedStripe, 1_000_000_000);
        Assert.Equal(3, histogram.Count);
        Assert.Equal(3.0, histogram.SumSeconds);
    }

    [Fact]
    public void Has_the_bounds_of_the_latency_table()
    {
        Assert.Equal(
            [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
            BucketBounds.Latency.Seconds.ToArray());
    }

    [Fact]
    public void Finds_the_bucket_that_a_plain_search_finds_for_any_number_of_bounds()
    {
        for (int count = 1; count <= 64; count++)
        {
            var seconds = new double[count];
            for (int i = 0; i < count; i++) seconds[i] = (i + 1) / 1000.0;
            BucketBounds bounds = BucketBounds.FromSeconds(seconds);
            for (int i = 0; i < count; i++)
            {
                long bound = (i + 1) * 1_000_000L;
                Assert.Equal(i, bounds.Find(bound));
                Assert.Equal(i, bounds.Find(bound - 1));
                Assert.Equal(i + 1, bounds.Find(bound + 1));
            }

            Assert.Equal(0, bounds.Find(0));
            Assert.Equal(count, bounds.Find(long.MaxValue));
        }
    }

    [Theory]
    [InlineData(new double[0])]
    [InlineData(new[] { 0.0, 1 })]
    [InlineData(new[] { 1.0, 1 })]
    [InlineData(new[] { double.NaN })]
    [InlineData(new[] { double.PositiveInfinity })]
    public void Refuses_bounds_that_do_not_rise_from_above_zero(double[] seconds)
    {
        Assert.Throws<ArgumentException>(() => BucketBounds.FromSeconds(seconds));
    }

    private static Histogram Make(BucketBounds bounds) => new MetricRegistry(stripes: 2).Histogram("x_seconds", "X.", bounds).With();
}

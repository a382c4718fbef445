using EdgeProxy.Load.Measuring;

namespace EdgeProxy.Tests.Load.Measuring;

public sealed class LatenciesTests
{
    [Fact]
    public void Keeps_every_value_within_a_thousandth()
    {
        Random random = new(7);
        for (int round = 0; round < 2000; round++)
        {
            long value = 1L << random.Next(0, 41);
            value += random.NextInt64(value);
            Latencies latencies = new();
            latencies.Record(value);
            latencies.Record(Latencies.Highest); // else the longest would hide the width of the cell

            Assert.InRange(latencies.Percentile(50), value, value + (value / 1000));
        }
    }

    [Fact]
    public void Gives_the_percentiles_of_a_known_row()
    {
        Latencies latencies = new();
        for (int value = 1; value <= 1000; value++) latencies.Record(value);

        Assert.Equal(500, latencies.Percentile(50));
        Assert.Equal(990, latencies.Percentile(99));
        Assert.Equal(1000, latencies.Percentile(99.99));
        Assert.Equal(1000, latencies.Percentile(100));
        Assert.Equal(1, latencies.Percentile(0));
        Assert.Equal(500.5, latencies.Mean);
        Assert.Equal(1000, latencies.Longest);
        Assert.Equal(1000, latencies.Count);
    }

    [Fact]
    public void Counts_what_is_out_of_range_as_the_nearest_in_range()
    {
        Latencies latencies = new();
        latencies.Record(-5);
        latencies.Record(long.MaxValue);

        Assert.Equal(0, latencies.Percentile(50));
        Assert.Equal(Latencies.Highest, latencies.Longest);
    }

    [Fact]
    public void Adding_gives_what_recording_in_one_would_have_given()
    {
        Latencies left = new();
        Latencies right = new();
        Latencies both = new();
        for (int value = 1; value < 100_000; value += 37)
        {
            (value % 2 == 0 ? left : right).Record(value);
            both.Record(value);
        }

        left.Add(right);

        Assert.Equal(both.Count, left.Count);
        Assert.Equal(both.Longest, left.Longest);
        Assert.Equal(both.Mean, left.Mean);
        foreach (double percent in new[] { 1, 25, 50, 99, 99.9 }) Assert.Equal(both.Percentile(percent), left.Percentile(percent));
    }

    [Fact]
    public void Is_all_zero_when_nothing_was_recorded()
    {
        Latencies latencies = new();

        Assert.Equal(0, latencies.Percentile(99));
        Assert.Equal(0, latencies.Mean);
        Assert.Equal(0, latencies.Longest);
    }
}

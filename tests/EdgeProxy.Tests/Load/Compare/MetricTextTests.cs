using EdgeProxy.Load.Compare;

namespace EdgeProxy.Tests.Load.Compare;

public sealed class MetricTextTests
{
    [Fact]
    public void Sums_the_samples_of_a_metric_and_of_no_other()
    {
        const string Exposition = """
            # HELP bytes_total Bytes.
            # TYPE bytes_total counter
            bytes_total{loop="0"} 1e3
            bytes_total{loop="}"} 5 1700000000
            bytes_total_created 77
            bytes_total 0.5
            """;

        Assert.Equal(1005.5, MetricText.SumOrNull(Exposition, "bytes_total"));
    }

    [Fact]
    public void Has_no_sum_without_samples()
    {
        Assert.Null(MetricText.SumOrNull("# HELP bytes_total Bytes.\nother 1\n", "bytes_total"));
    }
}

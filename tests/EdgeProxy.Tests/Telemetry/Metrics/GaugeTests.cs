using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Tests.Telemetry.Metrics;

public sealed class GaugeTests
{
    [Fact]
    public void Falls_when_another_loop_takes_away_what_one_added()
    {
        Gauge gauge = new MetricRegistry(2).Gauge("x", "X.").With();
        gauge.Add(0, 3);
        gauge.Add(1, -1);
        gauge.Add(MetricRegistry.SharedStripe, -1);
        Assert.Equal(1, gauge.Value);
    }

    [Fact]
    public void Has_the_value_last_set()
    {
        Gauge gauge = new MetricRegistry(2).Gauge("x", "X.").With();
        gauge.Set(2.5);
        gauge.Set(-1.25);
        Assert.Equal(-1.25, gauge.Value);
    }
}

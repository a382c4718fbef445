using System.Globalization;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Tests.Telemetry.Metrics;

public sealed class RuntimeMetricsTests
{
    [Fact]
    public void Sees_allocations_of_another_thread()
    {
        var registry = new MetricRegistry(1);
        RuntimeMetrics.Register(registry, "1.2.3", "abc", ".NET 9");
        double before = Value(registry, "edgeproxy_gc_allocated_bytes_total ");
        var thread = new Thread(() =>
        {
            for (int i = 0; i < 1000; i++) GC.KeepAlive(new byte[1000]);
        });
        thread.Start();
        thread.Join();
        Assert.True(Value(registry, "edgeproxy_gc_allocated_bytes_total ") >= before + 1_000_000);
    }

    [Fact]
    public void Says_which_build_runs()
    {
        var registry = new MetricRegistry(1);
        RuntimeMetrics.Register(registry, "1.2.3", "abc", ".NET 9");
        Assert.Equal(1, Value(registry, "edgeproxy_build_info{version=\"1.2.3\",commit=\"abc\",runtime=\".NET 9\"} "));
    }

    private static double Value(MetricRegistry registry, string start)
    {
        string line = Assert.Single(registry.ToText().Split('\n'), l => l.StartsWith(start, StringComparison.Ordinal));
        return double.Parse(line[start.Length..], CultureInfo.InvariantCulture);
    }
}

using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Tests.Telemetry.Metrics;

public sealed class ProcessMetricsTests
{
    [Fact]
    public void Reads_the_fields_behind_a_name_with_blanks_and_parentheses()
    {
        ProcessMetrics.Reading reading = ProcessMetrics.ParseStat(
            "42 (a) b (c)) S 1 42 42 0 -1 4194560 100 0 0 0 250 75 0 0 20 0 9 0 123456 1048576 300 18446744073709551615 1"u8,
            ProcessMetrics.Reading.Nothing);
        Assert.Equal(3.25, reading.CpuSeconds);
        Assert.Equal(9, reading.Threads);
        Assert.Equal(1234.56, reading.StartAfterBoot);
        Assert.Equal(1048576, reading.VirtualBytes);
        Assert.Equal(300.0 * Environment.SystemPageSize, reading.ResidentBytes);
    }

    [Fact]
    public void Says_not_a_number_for_what_it_cannot_read()
    {
        Assert.True(double.IsNaN(ProcessMetrics.ParseStat("nonsense"u8, ProcessMetrics.Reading.Nothing).CpuSeconds));
        ProcessMetrics.Reading reading = ProcessMetrics.Read("/nonexistent");
        Assert.True(double.IsNaN(reading.ResidentBytes));
        Assert.True(double.IsNaN(reading.OpenDescriptors));
        Assert.True(double.IsNaN(reading.MaxDescriptors));
    }

    [Fact]
    public void Finds_the_soft_limit_of_open_files()
    {
        Assert.Equal(1024, ProcessMetrics.ParseLimit("Limit  Soft\nMax open files            1024                 20000                files\n"u8));
        Assert.Equal(double.PositiveInfinity, ProcessMetrics.ParseLimit("Max open files            unlimited            unlimited            files\n"u8));
        Assert.True(double.IsNaN(ProcessMetrics.ParseLimit("Max stack size 1"u8)));
    }

    [Fact]
    public void Tells_the_truth_about_this_process()
    {
        ProcessMetrics.Reading reading = ProcessMetrics.Read("/proc/self");
        Assert.InRange(reading.ResidentBytes, 1 << 20, 1L << 40);
        Assert.InRange(reading.OpenDescriptors, 3, reading.MaxDescriptors);
        Assert.True(reading.CpuSeconds >= 0);

        var registry = new MetricRegistry(1);
        ProcessMetrics.Register(registry);
        string line = Assert.Single(registry.ToText().Split('\n'), l => l.StartsWith("process_start_time_seconds ", StringComparison.Ordinal));
        double start = double.Parse(line.Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(start, 1e9, DateTimeOffset.UtcNow.ToUnixTimeSeconds() + 2);
    }
}

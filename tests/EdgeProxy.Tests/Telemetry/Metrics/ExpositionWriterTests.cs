using System.Diagnostics;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Telemetry.Metrics;

public sealed class ExpositionWriterTests
{
    [Theory]
    [InlineData(ExpositionFormat.Text, "exposition.txt")]
    [InlineData(ExpositionFormat.OpenMetrics, "exposition.openmetrics.txt")]
    public void Writes_what_the_golden_file_says(ExpositionFormat format, string file)
    {
        Assert.Equal(File.ReadAllText(Repository.PathOf("tests/EdgeProxy.Tests/Telemetry/Metrics/Golden/" + file)), Sample().ToText(format));
    }

    [Fact]
    public void Writes_the_same_again_in_whatever_order_series_were_made()
    {
        var one = new MetricRegistry(1);
        CounterFamily a = one.Counter("a_total", "A.", "x", "y");
        a.With("2", "1");
        a.With("1", "2");
        one.Gauge("b", "B.").With();
        var other = new MetricRegistry(1);
        other.Gauge("b", "B.").With();
        a = other.Counter("a_total", "A.", "x", "y");
        a.With("1", "2");
        a.With("2", "1");
        Assert.Equal(one.ToText(), other.ToText());
        Assert.Equal(one.ToText(), one.ToText());
    }

    [Fact]
    public void Leaves_out_a_family_without_series()
    {
        var registry = new MetricRegistry(1);
        registry.Counter("a_total", "A.", "x");
        Assert.Equal("", registry.ToText());
        Assert.Equal("# EOF\n", registry.ToText(ExpositionFormat.OpenMetrics));
    }

    [Theory]
    [InlineData(0.0001, "0.0001")]
    [InlineData(0.00001, "0.00001")]
    [InlineData(0.000025, "0.000025")]
    [InlineData(0.25, "0.25")]
    [InlineData(1, "1.0")]
    [InlineData(10, "10.0")]
    [InlineData(7.5, "7.5")]
    public void Writes_bounds_as_canonical_numbers(double seconds, string text)
    {
        Assert.Equal(text, ExpositionWriter.CanonicalBound(seconds));
    }

    [Fact]
    public void Counts_as_many_in_the_last_bucket_as_in_all_while_loops_observe()
    {
        var registry = new MetricRegistry(1);
        Histogram histogram = registry.Histogram("x_seconds", "X.", BucketBounds.Latency).With();
        bool stop = false;
        var loop = new Thread(() =>
        {
            for (long i = 0; !Volatile.Read(ref stop); i++) histogram.Observe(0, i * 1_000 % 12_000_000_000);
        });
        loop.Start();
        try
        {
            for (int scrape = 0; scrape < 200; scrape++)
            {
                string[] lines = registry.ToText().Split('\n');
                Assert.Equal(ValueOf(lines, "x_seconds_bucket{le=\"+Inf\"} "), ValueOf(lines, "x_seconds_count "));
                long last = 0;
                foreach (string line in lines.Where(l => l.StartsWith("x_seconds_bucket", StringComparison.Ordinal)))
                {
                    long value = long.Parse(line[(line.LastIndexOf(' ') + 1)..]);
                    Assert.True(value >= last, "buckets are cumulative");
                    last = value;
                }
            }
        }
        finally
        {
            Volatile.Write(ref stop, true);
            loop.Join();
        }
    }

    [PromtoolFact]
    public void Passes_promtools_check_and_lint()
    {
        var registry = new MetricRegistry(2);
        ProcessMetrics.Register(registry);
        RuntimeMetrics.Register(registry, "0.1.0", "abc", ".NET");
        var logs = new LogMetrics(registry);
        logs.Dropped.With("file", "access").Add(0, 1);
        logs.WriteErrors.With("file", "access").Add(0, 1);
        registry.Counter("edgeproxy_requests_total", "Requests.", "api_id", "resource").With("a\"b\\c\nd", "/ünïcode/{id}").Add(0, 1);
        registry.Histogram("edgeproxy_request_duration_seconds", "Time from \"head\" to end.", BucketBounds.Latency, "stage").With("prod").Observe(0, 5);

        var start = new ProcessStartInfo(PromtoolFactAttribute.Program!, ["check", "metrics"])
        {
            RedirectStandardInput = true,
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        using System.Diagnostics.Process promtool = System.Diagnostics.Process.Start(start)!;
        promtool.StandardInput.Write(registry.ToText());
        promtool.StandardInput.Close();
        string said = promtool.StandardOutput.ReadToEnd() + promtool.StandardError.ReadToEnd();
        promtool.WaitForExit();
        Assert.Equal("", said);
        Assert.Equal(0, promtool.ExitCode);
    }

    private static string ValueOf(string[] lines, string start)
    {
        return Assert.Single(lines, l => l.StartsWith(start, StringComparison.Ordinal))[start.Length..];
    }

    private static MetricRegistry Sample()
    {
        var registry = new MetricRegistry(2);
        CounterFamily requests = registry.Counter("edgeproxy_requests_total", "Requests answered, by \"api\".\nSecond line \\ backslash.", "api_id", "resource");
        requests.With("b", "/pets/{id}").Add(0, 12);
        requests.With("a", "/q\"uote\\back\nline/ü").Add(1, long.MaxValue);
        HistogramFamily duration = registry.Histogram("edgeproxy_request_duration_seconds", "Time to answer.", BucketBounds.FromSeconds(0.0005, 0.25, 1), "stage");
        duration.With("prod").Observe(0, 400_000);
        duration.With("prod").Observe(1, 1_000_000_000);
        duration.With("prod").Observe(0, 3_500_000_000);
        duration.With("dev");
        registry.Histogram("edgeproxy_reload_seconds", "Time to reload.", BucketBounds.FromSeconds(2)).With().Observe(0, 1);
        registry.Gauge("edgeproxy_connections", "Open connections.", "listener").With("data").Add(0, 7);
        FunctionFamily odd = registry.GaugeFunction("edgeproxy_odd", "Odd numbers.", "n");
        odd.Add(() => double.NaN, "nan");
        odd.Add(() => double.PositiveInfinity, "plus");
        odd.Add(() => double.NegativeInfinity, "minus");
        odd.Add(() => 0.1 + 0.2, "third");
        odd.Add(() => 1.5e300, "big");
        registry.CounterFunction("edgeproxy_gc_allocated_bytes_total", "Bytes allocated.").Add(() => 123456789012);
        return registry;
    }
}

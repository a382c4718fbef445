using BenchmarkDotNet.Attributes;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Benchmarks.Telemetry.Metrics;

/// <summary>What it costs a loop to count a latency, with values that no branch predictor can follow.</summary>
[MemoryDiagnoser]
public class HistogramBenchmarks
{
    private readonly Histogram _histogram =
        new MetricRegistry(stripes: 2).Histogram("x_seconds", "X.", BucketBounds.Latency).With();

    private readonly long[] _values = new long[1024];
    private int _next;

    [GlobalSetup]
    public void DrawValues()
    {
        // Evenly over the logarithm, 10 microseconds to 20 seconds: every bucket is met.
        var random = new Random(1);
        for (int i = 0; i < _values.Length; i++) _values[i] = (long)(1e4 * Math.Pow(2e6, random.NextDouble()));
    }

    [Benchmark]
    public void Observe() => _histogram.Observe(1, _values[_next++ & 1023]);
}

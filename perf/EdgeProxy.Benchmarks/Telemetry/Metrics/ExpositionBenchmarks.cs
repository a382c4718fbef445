using System.Buffers;
using System.Globalization;
using BenchmarkDotNet.Attributes;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Benchmarks.Telemetry.Metrics;

/// <summary>A scrape of 1,000 routes, which runs on the admin side: a figure to know, without a budget.</summary>
[MemoryDiagnoser]
public class ExpositionBenchmarks
{
    private readonly MetricRegistry _registry = new(stripes: 2);
    private readonly ArrayBufferWriter<byte> _destination = new(1 << 20);

    [GlobalSetup]
    public void MakeSeries()
    {
        HistogramFamily family = _registry.Histogram("x_seconds", "X.", BucketBounds.Latency, "api_id", "resource");
        for (int i = 0; i < 1000; i++) family.With("api", "/r" + i.ToString(CultureInfo.InvariantCulture)).Observe(0, i * 1000);
    }

    [Benchmark]
    public int Write()
    {
        _destination.ResetWrittenCount();
        _registry.Write(_destination, ExpositionFormat.Text);
        return _destination.WrittenCount;
    }
}

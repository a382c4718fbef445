using BenchmarkDotNet.Attributes;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Benchmarks.Telemetry.Metrics;

/// <summary>What it costs a loop to count one.</summary>
[MemoryDiagnoser]
public class CounterBenchmarks
{
    private readonly Counter _counter = new MetricRegistry(stripes: 2).Counter("x_total", "X.").With();

    [Benchmark]
    public void Add() => _counter.Add(1, 1);

    [Benchmark]
    public void Add_from_a_thread_without_a_stripe() => _counter.Add(MetricRegistry.SharedStripe, 1);
}

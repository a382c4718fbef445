using BenchmarkDotNet.Attributes;
using EdgeProxy.Telemetry.Tracing;

namespace EdgeProxy.Benchmarks.Telemetry.Tracing;

/// <summary>The ids every request gets.</summary>
[MemoryDiagnoser]
public class RequestIdBenchmarks
{
    private readonly FastRandom _random = new();
    private readonly byte[] _room = new byte[TraceId.MaxLength];

    [Benchmark]
    public void Uuid() => RequestIds.WriteUuid(_random, _room);

    [Benchmark]
    public void Extended() => RequestIds.WriteExtended(_random, _room);

    [Benchmark]
    public int New_trace_id() => TraceId.Complete(default, TraceTrust.Trusted, 1_790_000_000, _random, _room).Length;

    [Benchmark]
    public int Full_trace_id()
    {
        ReadOnlySpan<byte> full = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"u8;
        return TraceId.Complete(full, TraceTrust.Trusted, 1_790_000_000, _random, _room).Length;
    }
}

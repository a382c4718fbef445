using System.Runtime.CompilerServices;
using BenchmarkDotNet.Attributes;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.Telemetry.Metrics;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeProxy.Benchmarks.Telemetry.Logging;

/// <summary>What a line of the access log costs its loop: rendering a typical record and handing chunks to the writer of /dev/null.</summary>
[MemoryDiagnoser]
public class AccessLogBenchmarks
{
    private readonly LogTimestamps _timestamps = new();
    private AccessLog _log = null!;
    private AccessLogProducer _producer = null!;
    private long _now;

    [GlobalSetup]
    public void Open()
    {
        _log = new AccessLog(1, new AccessLogOptions { Path = "/dev/null", MaxBytes = 1 << 20 }, new LogMetrics(new MetricRegistry(1)), NullLogger.Instance);
        _producer = _log.Producer(0);
        FillPool();
    }

    [GlobalCleanup]
    public void Close() => _log.Dispose();

    [Benchmark]
    public int Line()
    {
        _now += 100_000;
        var line = new JsonLineWriter(_producer.Reserve(1024));
        line.Text("ts"u8, _timestamps.Rfc3339(1_790_000_000_000 + (_now / 1_000_000)));
        line.Text("requestId"u8, "3f2504e0-4f89-41d3-9a0c-0305e82c3301"u8);
        line.Text("ip"u8, "203.0.113.7"u8);
        line.Text("method"u8, "GET"u8);
        line.Text("path"u8, "/prod/pets/12345"u8);
        line.Text("route"u8, "/pets/{id}"u8);
        line.Number("status"u8, 200);
        line.Number("responseLength"u8, 1024);
        line.Number("responseLatency"u8, 12);
        line.Number("integrationLatency"u8, 11);
        line.Text("userAgent"u8, "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"u8);
        int length = line.End();
        _producer.Commit(length, _now);
        _producer.Tick(_now);
        return length;
    }

    // The bound's worth of chunks is all there will ever be. Not in Open: the JIT of .NET 10.0.12 crashes when it replaces, on the
    // stack, a method that holds both a hot loop and the inlined constructor of AccessLog.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private void FillPool()
    {
        for (int i = 0; i < 100_000; i++) Line();
    }
}

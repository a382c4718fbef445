using BenchmarkDotNet.Attributes;
using EdgeProxy.Gateway.Throttling;

namespace EdgeProxy.Benchmarks.Gateway.Throttling;

/// <summary>Taking a token: alone, with every other processor asking the same bucket, and of an empty bucket.</summary>
[MemoryDiagnoser]
public class TokenBucketBenchmarks
{
    private readonly Rate _plenty = new(1e9, int.MaxValue);
    private readonly Rate _none = new(0, 0);
    private readonly TokenBucket _bucket = new();
    private readonly TokenBucket _contended = new();
    private Thread[] _others = [];
    private volatile bool _stop;
    private long _now;

    [GlobalSetup(Target = nameof(Take_contended))]
    public void StartOthers()
    {
        _stop = false;
        _others = new Thread[Math.Max(1, Environment.ProcessorCount - 1)];
        for (int i = 0; i < _others.Length; i++)
        {
            _others[i] = new Thread(() =>
            {
                for (long now = 1; !_stop; now += 20) _contended.TryTake(_plenty, now, out _);
            })
            { IsBackground = true };
            _others[i].Start();
        }
    }

    [GlobalCleanup(Target = nameof(Take_contended))]
    public void StopOthers()
    {
        _stop = true;
        foreach (Thread other in _others) other.Join();
    }

    [Benchmark]
    public bool Take() => _bucket.TryTake(_plenty, _now += 20, out _);

    [Benchmark]
    public bool Take_contended() => _contended.TryTake(_plenty, _now += 20, out _);

    [Benchmark]
    public bool Refuse() => _bucket.TryTake(_none, _now += 20, out _);
}

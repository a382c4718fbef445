using EdgeProxy.Lambda.Runtime;
using EdgeProxy.Lambda.Workers;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Lambda;

/// <summary>The series of one local function.</summary>
internal sealed class FunctionMetrics
{
    public required Counter[] Invocations { private get; init; }

    public required Gauge?[] Workers { private get; init; }

    public required Counter[] Exits { private get; init; }

    public required Histogram Durations { get; init; }

    public required Counter ColdStarts { get; init; }

    public required Counter Ahead { get; init; }

    public required Gauge Queue { get; init; }

    public required Counter ThrottledByLength { get; init; }

    public required Counter ThrottledByWait { get; init; }

    public required Counter Lines { get; init; }

    public void Count(int stripe, InvocationEnd end) => Invocations[(int)end].Increment(stripe);

    public void Count(int stripe, WorkerEnd end) => Exits[(int)end].Increment(stripe);

    /// <summary>Counts a worker from one phase to another; null before its first.</summary>
    public void Move(int stripe, WorkerPhase? from, WorkerPhase to)
    {
        if (from is { } last) Workers[(int)last]?.Add(stripe, -1);
        Workers[(int)to]?.Add(stripe, 1);
    }
}

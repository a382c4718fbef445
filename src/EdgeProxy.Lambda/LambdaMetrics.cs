using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Lambda.Runtime;
using EdgeProxy.Lambda.Workers;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Lambda;

/// <summary>What local functions count.</summary>
public sealed class LambdaMetrics
{
    private readonly CounterFamily _invocations;
    private readonly HistogramFamily _durations;
    private readonly GaugeFamily _workers;
    private readonly CounterFamily _coldStarts;
    private readonly CounterFamily _ahead;
    private readonly GaugeFamily _queue;
    private readonly CounterFamily _throttles;
    private readonly CounterFamily _exits;
    private readonly CounterFamily _lines;

    public LambdaMetrics(MetricRegistry registry)
    {
        _invocations = registry.Counter("edgeproxy_function_invocations_total", "Invocations of local functions, by how they ended.", "function", "outcome");
        _durations = registry.Histogram("edgeproxy_function_duration_seconds", "From the event to the result of local functions.", BucketBounds.Latency, "function");
        _workers = registry.Gauge("edgeproxy_function_workers", "Worker processes of local functions, by what they are at.", "function", "state");
        _coldStarts = registry.Counter("edgeproxy_function_cold_starts_total", "Worker processes of local functions that became ready.", "function");
        _ahead = registry.Counter("edgeproxy_function_events_ahead_total", "Events that a worker was given with another, to be served after it.", "function");
        _queue = registry.Gauge("edgeproxy_function_queue_length", "Invocations of local functions that wait for a worker.", "function");
        _throttles = registry.Counter("edgeproxy_function_throttles_total", "Invocations of local functions refused because of a limit.", "function", "limit");
        _exits = registry.Counter("edgeproxy_function_worker_exits_total", "Worker processes of local functions that ended, by why.", "function", "reason");
        _lines = registry.Counter("edgeproxy_function_output_lines_total", "Lines that local functions wrote to stdout and stderr.", "function");
    }

    /// <summary>The series of one function.</summary>
    internal FunctionMetrics Of(string function) => new()
    {
        Invocations = Array.ConvertAll(Enum.GetValues<InvocationEnd>(), end => _invocations.With(function, LabelOf(end))),
        Durations = _durations.With(function),
        Workers = Array.ConvertAll(Enum.GetValues<WorkerPhase>(), phase => phase == WorkerPhase.Gone ? null : _workers.With(function, LabelOf(phase))),
        ColdStarts = _coldStarts.With(function),
        Ahead = _ahead.With(function),
        Queue = _queue.With(function),
        ThrottledByLength = _throttles.With(function, WorkerPool.ThrottledByLength),
        ThrottledByWait = _throttles.With(function, WorkerPool.ThrottledByWait),
        Exits = Array.ConvertAll(Enum.GetValues<WorkerEnd>(), end => _exits.With(function, LabelOf(end))),
        Lines = _lines.With(function),
    };

    private static string LabelOf(InvocationEnd end) => end switch
    {
        InvocationEnd.Succeeded => "ok",
        InvocationEnd.Failed => "function_error",
        InvocationEnd.TooLarge => "too_large",
        InvocationEnd.Truncated => "truncated",
        InvocationEnd.TimedOut => "timed_out",
        InvocationEnd.Exited => "exited",
        InvocationEnd.InitFailed => "init_failed",
        _ => "throttled",
    };

    private static string LabelOf(WorkerPhase phase) => phase switch
    {
        WorkerPhase.Starting => "starting",
        WorkerPhase.Idle => "idle",
        WorkerPhase.Busy => "busy",
        _ => "stopping",
    };

    private static string LabelOf(WorkerEnd end) => end switch
    {
        WorkerEnd.Idle => "idle",
        WorkerEnd.InitFailed => "init_failed",
        WorkerEnd.InitTimedOut => "init_timed_out",
        WorkerEnd.TimedOut => "timed_out",
        WorkerEnd.Exited => "exited",
        WorkerEnd.Replaced => "replaced",
        _ => "node_stopped",
    };
}

using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>What calls of functions that run elsewhere count; those that run here have <see cref="LambdaMetrics"/>.</summary>
public sealed class CallMetrics
{
    private readonly CounterFamily _calls;
    private readonly HistogramFamily _durations;

    /// <param name="registry">The node's metrics.</param>
    public CallMetrics(MetricRegistry registry)
    {
        _calls = registry.Counter("edgeproxy_function_calls_total", "Calls of Lambda functions that run elsewhere, by the setting that took them, how they are reached, and how they came out.", "function", "target", "outcome");
        _durations = registry.Histogram("edgeproxy_function_call_duration_seconds", "From the call of a Lambda function that runs elsewhere to its whole result, or to the beginning of one that streams.", BucketBounds.Latency, "function", "target");
        CounterFamily limits = registry.Counter("edgeproxy_function_limit_hits_total", "Calls of Lambda functions that met a limit.", "limit");
        PayloadTooLarge = limits.With("limits.functionPayload");
        StreamTooLarge = limits.With("lambda.maxStream");
        QueueFull = limits.With("lambda.eventQueue");
    }

    /// <summary>Events beyond <see cref="FunctionLimits.MaxEvent"/> and results beyond <see cref="FunctionLimits.MaxResult"/>.</summary>
    public Counter PayloadTooLarge { get; }

    /// <summary>Streams beyond <see cref="FunctionLimits.MaxStream"/>.</summary>
    public Counter StreamTooLarge { get; }

    /// <summary>Events refused because <see cref="FunctionLimits.EventQueue"/> bytes of them were waiting.</summary>
    public Counter QueueFull { get; }

    /// <summary>The series of one target.</summary>
    /// <param name="function">The name it is configured with.</param>
    /// <param name="kind">How it is reached.</param>
    public FunctionSeries For(string function, FunctionTargetKind kind)
    {
        string target = NameOf(kind);
        return new FunctionSeries(Array.ConvertAll(Enum.GetValues<FunctionOutcome>(), outcome => new Lazy<Counter>(() => _calls.With(function, target, NameOf(outcome)))), _durations.With(function, target));
    }

    private static string NameOf(FunctionTargetKind kind) => kind switch
    {
        FunctionTargetKind.Url => "url",
        _ => "endpoint",
    };

    private static string NameOf(FunctionOutcome outcome) => outcome switch
    {
        FunctionOutcome.Ok => "ok",
        FunctionOutcome.FunctionError => "function_error",
        FunctionOutcome.NotFound => "not_found",
        FunctionOutcome.AccessDenied => "access_denied",
        FunctionOutcome.Throttled => "throttled",
        FunctionOutcome.BadEvent => "bad_event",
        FunctionOutcome.EventTooLarge => "event_too_large",
        FunctionOutcome.ConnectFailed => "connect_failed",
        FunctionOutcome.TlsFailed => "tls_failed",
        FunctionOutcome.Malformed => "malformed",
        FunctionOutcome.TimedOut => "timed_out",
        FunctionOutcome.ServiceFailed => "service_failed",
        _ => "aborted",
    };
}

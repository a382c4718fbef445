using EdgeProxy.Core.Concurrency;
using EdgeProxy.Definitions;
using EdgeProxy.Gateway.Snapshots;
using TargetBalance = EdgeProxy.Gateway.Snapshots.TargetBalance;

namespace EdgeProxy.Compiler.Passes;

/// <summary>Makes of what a document says of an upstream a change to the node's policy, which is known only when a stage is bound.</summary>
internal static class BuildPolicy
{
    private const long Millisecond = 1_000_000;

    public static Func<UpstreamPolicy, UpstreamPolicy>? AdjustmentOrNull(UpstreamDefinition upstream)
    {
        if (upstream is { Balance: null, FailureStatuses: null, PanicPercent: null, Retries: null, Ejection: null, Circuit: null, Health: null, Concurrency: null }) return null;
        return node => node with
        {
            Balance = upstream.Balance switch
            {
                Definitions.TargetBalance.Weighted => TargetBalance.Weighted,
                Definitions.TargetBalance.LeastLoaded => TargetBalance.LeastLoaded,
                _ => node.Balance,
            },
            Failures = upstream.FailureStatuses is { } texts && StatusSet.TryParse(texts, out StatusSet failures) ? failures : node.Failures,
            PanicPercent = upstream.PanicPercent ?? node.PanicPercent,
            Retries = upstream.Retries is { } retries ? Over(retries, node.Retries) : node.Retries,
            Ejection = upstream.Ejection is { } ejection ? Over(ejection, node.Ejection) : node.Ejection,
            Circuit = upstream.Circuit is { } circuit ? Over(circuit, node.Circuit) : node.Circuit,
            Health = upstream.Health is { } health ? Over(health, node.Health) : node.Health,
            Cap = upstream.Concurrency is { } cap ? new ConcurrencyCap(cap.Max, cap.Queue, cap.WaitInMillis * Millisecond) : node.Cap,
        };
    }

    private static RetryPlan Over(RetryDefinition own, RetryPlan node)
    {
        RetryPlan plan = node with
        {
            Attempts = own.Attempts ?? node.Attempts,
            AttemptsAlone = own.Attempts ?? node.AttemptsAlone,
            TryTimeout = own.TryTimeoutInMillis * Millisecond ?? node.TryTimeout,
            NonIdempotent = own.NonIdempotent ?? node.NonIdempotent,
            BudgetPercent = own.BudgetPercent ?? node.BudgetPercent,
            BudgetPerSecond = own.BudgetPerSecond ?? node.BudgetPerSecond,
            Backoff = own.BackoffInMillis * Millisecond ?? node.Backoff,
        };
        return own.On is { } on && RetryPlan.TryParseCauses(on, out RetryCauses causes, out StatusSet statuses) ? plan with { Causes = causes, Statuses = statuses } : plan;
    }

    private static EjectionPlan Over(EjectionDefinition own, EjectionPlan node) => node with
    {
        ConsecutiveFailures = own.ConsecutiveFailures ?? node.ConsecutiveFailures,
        FailurePercent = own.FailurePercent ?? node.FailurePercent,
        LeastRequests = own.LeastRequests ?? node.LeastRequests,
        Time = own.TimeInMillis * Millisecond ?? node.Time,
        MostTime = own.MostTimeInMillis * Millisecond ?? node.MostTime,
        MostPercent = own.MostPercent ?? node.MostPercent,
    };

    private static HealthCheckPlan Over(HealthCheckDefinition own, HealthCheckPlan node) => node with
    {
        Path = own.Path,
        Interval = own.IntervalInMillis * Millisecond ?? node.Interval,
        Timeout = own.TimeoutInMillis * Millisecond ?? node.Timeout,
        Statuses = own.Statuses is { } texts && StatusSet.TryParse(texts, out StatusSet statuses) ? statuses : node.Statuses,
        Healthy = own.Healthy ?? node.Healthy,
        Unhealthy = own.Unhealthy ?? node.Unhealthy,
    };

    private static CircuitPlan Over(CircuitDefinition own, CircuitPlan node) => node with
    {
        FailurePercent = own.FailurePercent ?? node.FailurePercent,
        LeastRequests = own.LeastRequests ?? node.LeastRequests,
        OpenTime = own.OpenTimeInMillis * Millisecond ?? node.OpenTime,
        MostOpenTime = own.MostOpenTimeInMillis * Millisecond ?? node.MostOpenTime,
        Probes = own.Probes ?? node.Probes,
    };
}

using EdgeProxy.Compiler.Problems;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Settings;

/// <summary>Makes the part of <c>upstream.*</c> that is about targets and failures.</summary>
internal static class UpstreamPolicyBuilder
{
    public static UpstreamPolicy Build(SettingValues values, ProblemList problems) => new()
    {
        Balance = values.Text("upstream.balance") == "least-loaded" ? TargetBalance.LeastLoaded : TargetBalance.Weighted,
        Failures = Statuses(values, problems, "upstream.failureStatuses", StatusSet.Gateway),
        PanicPercent = values.PercentOrNull("upstream.panicPercent") ?? 0,
        Retries = Retries(values, problems),
        Ejection = new EjectionPlan
        {
            ConsecutiveFailures = values.Count("upstream.ejection.consecutiveFailures"),
            FailurePercent = values.PercentOrNull("upstream.ejection.failurePercent") ?? 0,
            LeastRequests = values.Count("upstream.ejection.leastRequests"),
            Time = values.Number("upstream.ejection.time"),
            MostTime = values.Number("upstream.ejection.mostTime"),
            MostPercent = values.PercentOrNull("upstream.ejection.mostPercent") ?? 0,
        },
        Circuit = new CircuitPlan
        {
            FailurePercent = values.PercentOrNull("upstream.circuit.failurePercent") ?? 0,
            LeastRequests = values.Count("upstream.circuit.leastRequests"),
            OpenTime = values.Number("upstream.circuit.openTime"),
            MostOpenTime = values.Number("upstream.circuit.mostOpenTime"),
            Probes = values.Count("upstream.circuit.probes"),
        },
        Health = new HealthCheckPlan
        {
            Interval = values.Number("upstream.health.interval"),
            Timeout = values.Number("upstream.health.timeout"),
            Statuses = Statuses(values, problems, "upstream.health.statuses", StatusSet.Successful),
            Healthy = values.Count("upstream.health.healthy"),
            Unhealthy = values.Count("upstream.health.unhealthy"),
        },
        Cap = values.ConcurrencyOrNull("upstream.concurrency") is { Max: { } max } cap ? new ConcurrencyCap(max, cap.Queue, cap.Wait) : default,
    };

    private static StatusSet Statuses(SettingValues values, ProblemList problems, string at, StatusSet otherwise)
    {
        if (StatusSet.TryParse(values.Texts(at), out StatusSet statuses)) return statuses;
        problems.Error(ProblemCode.BadFormat, values.OriginOf(at), $"\"{at}\" holds something that is no status. Write numbers from 100 to 599, or ranges such as 500-599.");
        return otherwise;
    }

    private static RetryPlan Retries(SettingValues values, ProblemList problems)
    {
        const string At = "upstream.retries.on";
        if (!RetryPlan.TryParseCauses(values.Texts(At), out RetryCauses causes, out StatusSet statuses))
        {
            problems.Error(ProblemCode.BadFormat, values.OriginOf(At), $"\"{At}\" holds something that no attempt fails with. Write connect, reset, timeout, statuses from 100 to 599, or ranges such as 502-504.");
        }

        return new RetryPlan
        {
            Attempts = values.Count("upstream.retries.attempts"),
            TryTimeout = Math.Max(0, values.Number("upstream.retries.tryTimeout")), // -1 is off
            Causes = causes,
            Statuses = statuses,
            NonIdempotent = values.Boolean("upstream.retries.nonIdempotent"),
            BudgetPercent = values.PercentOrNull("upstream.retries.budgetPercent") ?? 0,
            BudgetPerSecond = values.Count("upstream.retries.budgetPerSecond"),
            Backoff = values.Number("upstream.retries.backoff"),
        };
    }
}

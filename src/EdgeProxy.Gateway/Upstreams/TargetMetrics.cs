using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>The families in which upstreams with targets, retries or health are counted.</summary>
internal sealed class TargetMetrics(MetricRegistry registry)
{
    public CounterFamily Picks { get; } = registry.Counter(
        "edgeproxy_upstream_picks_total", "Requests sent to a target of an upstream, further attempts included.", "api_id", "stage", "upstream", "target");

    public GaugeFamily Healthy { get; } = registry.Gauge(
        "edgeproxy_upstream_target_healthy", "Whether a target may be chosen (1), or is left out because it failed (0).", "api_id", "stage", "upstream", "target");

    public CounterFamily Ejections { get; } = registry.Counter(
        "edgeproxy_upstream_ejections_total", "Times a target was left out for failing, by what was met: failures in a row, or a share of requests.", "api_id", "stage", "upstream", "target", "reason");

    public CounterFamily Retries { get; } = registry.Counter(
        "edgeproxy_upstream_attempts_total", "Further attempts at requests, by why the one before had failed.", "api_id", "stage", "upstream", "cause");

    public CounterFamily BudgetRefusals { get; } = registry.Counter(
        "edgeproxy_upstream_retry_budget_exhausted_total", "Further attempts that were not made because there had been too many.", "api_id", "stage", "upstream");

    public CounterFamily Checks { get; } = registry.Counter(
        "edgeproxy_upstream_health_checks_total", "Times a target was asked whether it works, by what came of it.", "api_id", "stage", "upstream", "target", "result");

    public CounterFamily Waits { get; } = registry.Counter(
        "edgeproxy_upstream_slot_waits_total", "Requests that found as many under way to their upstream as may be, by what became of them.", "api_id", "stage", "upstream", "outcome");

    public GaugeFamily CircuitState { get; } = registry.Gauge(
        "edgeproxy_upstream_circuit_state", "The circuit of an upstream: 0 closed, 1 open (its requests are refused at once), 2 half open (a few pass).", "api_id", "stage", "upstream");

    public CounterFamily CircuitRefusals { get; } = registry.Counter(
        "edgeproxy_upstream_circuit_refusals_total", "Requests that were refused because the circuit of their upstream was open.", "api_id", "stage", "upstream");
}

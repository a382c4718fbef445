using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>The families in which upstreams with targets, retries or health are counted.</summary>
internal sealed class TargetMetrics(MetricRegistry registry)
{
    public CounterFamily Picks { get; } = registry.Counter(
        "edgeproxy_upstream_picks_total", "Requests sent to a target of an upstream, further attempts included.", "api_id", "stage", "upstream", "target");
}

using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Telemetry.Logging;

/// <summary>What the logs count about themselves.</summary>
public sealed class LogMetrics(MetricRegistry registry)
{
    /// <summary>Records that were not written. Labels: sink (file, stdout, stderr), kind (access, audit, node).</summary>
    public CounterFamily Dropped { get; } = registry.Counter(
        "edgeproxy_log_dropped_total", "Log records dropped because their sink was slow, full or failing.", "sink", "kind");

    /// <summary>Writes to a sink that failed. Labels: sink, kind.</summary>
    public CounterFamily WriteErrors { get; } = registry.Counter(
        "edgeproxy_log_write_errors_total", "Failed writes to a log sink.", "sink", "kind");
}

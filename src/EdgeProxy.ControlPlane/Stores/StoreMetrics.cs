using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.ControlPlane.Stores;

/// <summary>What keeping costs, and whether it works.</summary>
public sealed class StoreMetrics
{
    public StoreMetrics(MetricRegistry metrics)
    {
        Saves = metrics.Counter("edgeproxy_store_saves_total", "Times that something was kept.").With();
        Failures = metrics.Counter("edgeproxy_store_failures_total", "Times that keeping failed: usage is tried again each second, a management call is refused.").With();
        Records = metrics.Counter("edgeproxy_store_records_total", "Records that were kept.").With();
        Unsaved = metrics.Gauge("edgeproxy_store_unsaved_records", "Records that wait to be kept because keeping fails.").With();
        Duration = metrics.Histogram("edgeproxy_store_save_duration_seconds", "How long keeping took, until the disk had it.", BucketBounds.Latency).With();
        Commits = metrics.Histogram("edgeproxy_store_commit_duration_seconds", "How long it took to keep what a management call changed, until the disk had it.", BucketBounds.Latency).With();
    }

    public Counter Saves { get; }

    public Counter Failures { get; }

    public Counter Records { get; }

    public Gauge Unsaved { get; }

    public Histogram Duration { get; }

    public Histogram Commits { get; }
}

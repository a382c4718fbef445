using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.ControlPlane.Audit;

/// <summary>What the audit counts about itself.</summary>
public sealed class AuditMetrics
{
    public AuditMetrics(MetricRegistry metrics)
    {
        Records = metrics.Counter("edgeproxy_audit_records_total", "Management calls that were noted down.").With();
        Dropped = metrics.Counter("edgeproxy_audit_dropped_total", "Reads and refused calls that were not noted down, because too many waited (audit.buffer).").With();
        Failures = metrics.Counter("edgeproxy_audit_failures_total", "Times that noting down failed; it is tried again each second.").With();
    }

    public Counter Records { get; }

    public Counter Dropped { get; }

    public Counter Failures { get; }
}

namespace EdgeProxy.Telemetry.Metrics;

/// <summary>The two forms in which <c>/metrics</c> answers.</summary>
public enum ExpositionFormat : byte
{
    /// <summary>Prometheus text 0.0.4.</summary>
    Text,

    /// <summary>OpenMetrics 1.0.</summary>
    OpenMetrics,
}

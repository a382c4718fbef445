namespace EdgeProxy.Telemetry.Metrics;

/// <summary>A family of <see cref="Gauge"/>.</summary>
public sealed class GaugeFamily : MetricFamily<Gauge>
{
    internal GaugeFamily(MetricRegistry registry, string name, string help, string[] labelNames)
        : base(registry, name, help, labelNames)
    {
    }

    private protected override string TypeName => "gauge";

    /// <summary>The series with these label values, made when it is new; as <see cref="CounterFamily.With"/>.</summary>
    public Gauge With(params ReadOnlySpan<string> labelValues) => Find(labelValues, null);

    private protected override Gauge Make()
    {
        (CellPage page, int index) = Registry.Cells.Take(1);
        return new Gauge(page, index);
    }

    private protected override void WriteSeries(ExpositionWriter writer, ReadOnlySpan<string> labelValues, Gauge series)
    {
        writer.Labels(LabelNames, labelValues);
        writer.Sample(Name, default, series.Value);
    }
}

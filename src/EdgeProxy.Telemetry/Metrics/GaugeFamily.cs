namespace EdgeProxy.Telemetry.Metrics;

/// <summary>A family of <see cref="Gauge"/>.</summary>
public sealed class GaugeFamily : MetricFamily<Gauge>
{
    internal GaugeFamily(MetricRegistry registry, string name, string help, string[] labelNames)
        : base(registry, name, help, labelNames)
    {
    }

    private protected override string TypeName => "gauge";

    /// <summary>The series with these label values, made when it is new; as <see cref="CounterFamily.With(ReadOnlySpan{string})"/>.</summary>
    public Gauge With(params ReadOnlySpan<string> labelValues) => Find(labelValues, null);

    /// <summary>The same on behalf of something that may be gone by now; null for nothing that ever goes.</summary>
    public Gauge With(ISeriesOwner? owner, params ReadOnlySpan<string> labelValues) => Find(labelValues, null, owner);

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

namespace EdgeProxy.Telemetry.Metrics;

/// <summary>A family of <see cref="Counter"/>.</summary>
public sealed class CounterFamily : MetricFamily<Counter>
{
    internal CounterFamily(MetricRegistry registry, string name, string help, string[] labelNames)
        : base(registry, name, help, labelNames)
    {
    }

    private protected override string TypeName => "counter";

    /// <summary>
    /// The series with these label values, made when it is new. Takes a lock: ask once when a plan is built and keep the handle,
    /// never per request.
    /// </summary>
    /// <remarks>
    /// Beyond the registry's cap a new set is folded: its <c>resource</c> label becomes <see cref="MetricFamily.Other"/>; without such
    /// a label, or when even the folded sets exceed a tenth of the cap, all its labels do. Each such call raises
    /// <c>edgeproxy_metrics_dropped_total</c>.
    /// </remarks>
    /// <exception cref="ArgumentException">The number of values is not the number of label names.</exception>
    public Counter With(params ReadOnlySpan<string> labelValues) => Find(labelValues, null);

    /// <summary>The same on behalf of something that may be gone by now; null for nothing that ever goes.</summary>
    public Counter With(ISeriesOwner? owner, params ReadOnlySpan<string> labelValues) => Find(labelValues, null, owner);

    /// <summary>Takes the series with these label values out; nothing when there is none.</summary>
    public void Remove(params ReadOnlySpan<string> labelValues) => Forget(labelValues);

    private protected override Counter Make()
    {
        (CellPage page, int index) = Registry.Cells.Take(1);
        return new Counter(page, index);
    }

    private protected override void WriteSeries(ExpositionWriter writer, ReadOnlySpan<string> labelValues, Counter series)
    {
        writer.Labels(LabelNames, labelValues);
        writer.Sample(Name, default, series.Value);
    }
}

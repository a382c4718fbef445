namespace EdgeProxy.Telemetry.Metrics;

/// <summary>A family whose values are asked for when scraped: what something else counts already.</summary>
/// <remarks>Functions run on the scraping thread and read only what may be read from there.</remarks>
public sealed class FunctionFamily : MetricFamily<Func<double>>
{
    private readonly string _type;

    internal FunctionFamily(MetricRegistry registry, string type, string name, string help, string[] labelNames)
        : base(registry, name, help, labelNames) => _type = type;

    private protected override string TypeName => _type;

    /// <summary>Adds the series with these label values. A set that is there already keeps its function.</summary>
    public void Add(Func<double> value, params ReadOnlySpan<string> labelValues) => Find(labelValues, value);

    /// <summary>Takes the series with these label values out; nothing when there is none.</summary>
    public void Remove(params ReadOnlySpan<string> labelValues) => Forget(labelValues);

    private protected override Func<double> Make() => throw new InvalidOperationException($"{Name} has no series with these labels; add it with its function.");

    private protected override void WriteSeries(ExpositionWriter writer, ReadOnlySpan<string> labelValues, Func<double> series)
    {
        writer.Labels(LabelNames, labelValues);
        writer.Sample(Name, default, series());
    }
}

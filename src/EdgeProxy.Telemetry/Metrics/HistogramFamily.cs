namespace EdgeProxy.Telemetry.Metrics;

/// <summary>A family of <see cref="Histogram"/>, all with the same bounds.</summary>
public sealed class HistogramFamily : MetricFamily<Histogram>
{
    private readonly string[] _bucketLabels;

    internal HistogramFamily(MetricRegistry registry, string name, string help, BucketBounds bounds, string[] labelNames)
        : base(registry, name, help, labelNames)
    {
        Bounds = bounds;
        _bucketLabels = new string[bounds.Count];
        for (int i = 0; i < bounds.Count; i++) _bucketLabels[i] = ExpositionWriter.CanonicalBound(bounds.Seconds[i]);
    }

    /// <summary>The bounds of the buckets.</summary>
    public BucketBounds Bounds { get; }

    private protected override string TypeName => "histogram";

    /// <summary>The series with these label values, made when it is new; as <see cref="CounterFamily.With(ReadOnlySpan{string})"/>.</summary>
    public Histogram With(params ReadOnlySpan<string> labelValues) => Find(labelValues, null);

    /// <summary>The same on behalf of something that may be gone by now; null for nothing that ever goes.</summary>
    public Histogram With(ISeriesOwner? owner, params ReadOnlySpan<string> labelValues) => Find(labelValues, null, owner);

    private protected override Histogram Make()
    {
        (CellPage page, int index) = Registry.Cells.Take(Histogram.CellsOf(Bounds));
        return new Histogram(page, index, Bounds);
    }

    private protected override void WriteSeries(ExpositionWriter writer, ReadOnlySpan<string> labelValues, Histogram series)
    {
        writer.Labels(LabelNames, labelValues);

        // The count is the sum of the buckets as read here, so that both agree even while loops go on counting.
        long count = 0;
        for (int i = 0; i < _bucketLabels.Length; i++)
        {
            count += series.InBucket(i);
            writer.Bucket(Name, _bucketLabels[i], count);
        }

        count += series.InBucket(_bucketLabels.Length);
        writer.Bucket(Name, "+Inf", count);
        writer.Sample(Name, "_sum"u8, series.SumSeconds);
        writer.Sample(Name, "_count"u8, count);
    }
}

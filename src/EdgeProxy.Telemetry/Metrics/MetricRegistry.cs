using System.Buffers;

namespace EdgeProxy.Telemetry.Metrics;

/// <summary>All metrics of a node. Families are made at start, series when a plan is built, values on the loops.</summary>
/// <remarks>Making families and series, and writing them out, is for any thread and takes a lock; counting takes none.</remarks>
public sealed class MetricRegistry
{
    /// <summary>The stripe for threads that are no loop: slower by an interlocked add, safe from anywhere.</summary>
    public const int SharedStripe = -1;

    /// <summary>Series a family may have before new ones are folded (observability 3.5).</summary>
    public const int DefaultSeriesCap = 10_000;

    private readonly SortedDictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);
    private readonly List<Action> _beforeScrape = [];
    private readonly CounterFamily _dropped;

    /// <summary>Makes a registry.</summary>
    /// <param name="stripes">Threads with a stripe of their own: the data loops and the admin loop, numbered from 0.</param>
    /// <param name="seriesCap">Series per family before folding; at least 1.</param>
    public MetricRegistry(int stripes, int seriesCap = DefaultSeriesCap)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(stripes);
        ArgumentOutOfRangeException.ThrowIfLessThan(seriesCap, 1);
        SeriesCap = seriesCap;
        Cells = new CellAllocator(stripes);
        _dropped = Counter("edgeproxy_metrics_dropped_total", "Label sets folded into _other because their family was full.", "family");
    }

    /// <summary>Stripes with a single writer.</summary>
    public int Stripes => Cells.Stripes;

    /// <summary>Series a family may have before new ones are folded.</summary>
    public int SeriesCap { get; }

    internal Lock Gate { get; } = new();

    internal CellAllocator Cells { get; }

    /// <summary>Makes a family of counters. The name ends with <c>_total</c>.</summary>
    /// <exception cref="ArgumentException">A name is malformed, or taken.</exception>
    public CounterFamily Counter(string name, string help, params string[] labelNames)
    {
        CheckCounterName(name);
        return Add(new CounterFamily(this, name, help, labelNames));
    }

    /// <summary>Makes a family of counters whose totals are kept elsewhere and asked for at each scrape.</summary>
    /// <exception cref="ArgumentException">A name is malformed, or taken.</exception>
    public FunctionFamily CounterFunction(string name, string help, params string[] labelNames)
    {
        CheckCounterName(name);
        return Add(new FunctionFamily(this, "counter", name, help, labelNames));
    }

    /// <summary>Makes a family of gauges.</summary>
    /// <exception cref="ArgumentException">A name is malformed, or taken.</exception>
    public GaugeFamily Gauge(string name, string help, params string[] labelNames)
    {
        return Add(new GaugeFamily(this, name, help, labelNames));
    }

    /// <summary>Makes a family of gauges whose values are asked for at each scrape.</summary>
    /// <exception cref="ArgumentException">A name is malformed, or taken.</exception>
    public FunctionFamily GaugeFunction(string name, string help, params string[] labelNames)
    {
        return Add(new FunctionFamily(this, "gauge", name, help, labelNames));
    }

    /// <summary>Makes a family of histograms of times. The name ends with <c>_seconds</c>.</summary>
    /// <exception cref="ArgumentException">A name is malformed, or taken.</exception>
    public HistogramFamily Histogram(string name, string help, BucketBounds bounds, params string[] labelNames)
    {
        if (!name.EndsWith("_seconds", StringComparison.Ordinal)) throw new ArgumentException($"A histogram of times ends with _seconds: {name}.", nameof(name));
        return Add(new HistogramFamily(this, name, help, bounds, labelNames));
    }

    /// <summary>Adds something to run on the scraping thread before each exposition: a reading that several series share.</summary>
    public void BeforeScrape(Action read)
    {
        lock (Gate) _beforeScrape.Add(read);
    }

    /// <summary>Writes all metrics, families by name, series by label values. One scrape at a time.</summary>
    public void Write(IBufferWriter<byte> destination, ExpositionFormat format)
    {
        Action[] before;
        MetricFamily[] families;
        lock (Gate)
        {
            before = [.. _beforeScrape];
            families = [.. _families.Values];
        }

        foreach (Action read in before) read();
        var writer = new ExpositionWriter(destination, format);
        foreach (MetricFamily family in families) family.Write(writer);
        writer.End();
    }

    /// <summary>Takes out the series of what is gone, so that what comes and goes leaves nothing behind. Whoever holds one goes on with one that nobody scrapes.</summary>
    /// <remarks>Looks through all series of the families that have the labels; loops that make a series wait for one family at a time.</remarks>
    /// <param name="labelNames">The labels to tell it by; families that lack one of them are left alone.</param>
    /// <param name="isGone">Whether a series with these values, in that order, goes: all that goes at once, in one pass. Reads them within the call.</param>
    public void Forget(string[] labelNames, Predicate<string[]> isGone)
    {
        MetricFamily[] families;
        lock (Gate) families = [.. _families.Values];
        foreach (MetricFamily family in families) family.Forget(labelNames, isGone);
    }

    internal void CountFolded(string family)
    {
        // The counter's own family is small: one series per family that ever was full.
        if (family != _dropped.Name) _dropped.With(family).Increment(SharedStripe);
    }

    private static void CheckCounterName(string name)
    {
        if (!name.EndsWith("_total", StringComparison.Ordinal)) throw new ArgumentException($"A counter ends with _total: {name}.", nameof(name));
    }

    private TFamily Add<TFamily>(TFamily family)
        where TFamily : MetricFamily
    {
        MetricNames.Check(family.Name, family.Help, family.LabelNames);
        lock (Gate)
        {
            if (!_families.TryAdd(family.Name, family)) throw new ArgumentException($"There is a metric {family.Name} already.");
        }

        return family;
    }
}

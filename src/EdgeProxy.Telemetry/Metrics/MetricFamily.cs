namespace EdgeProxy.Telemetry.Metrics;

/// <summary>All series of one metric name: its help, its labels, and the cap on how many series there may be.</summary>
public abstract class MetricFamily
{
    /// <summary>What a folded label says.</summary>
    public const string Other = "_other";

    private protected MetricFamily(MetricRegistry registry, string name, string help, string[] labelNames)
    {
        Registry = registry;
        Name = name;
        Help = help;
        LabelNames = labelNames;
    }

    /// <summary>The name, as written in the text format (a counter's ends with <c>_total</c>).</summary>
    public string Name { get; }

    /// <summary>One sentence on what is counted.</summary>
    public string Help { get; }

    /// <summary>The names of the labels, in the order in which values are given.</summary>
    public IReadOnlyList<string> LabelNames { get; }

    private protected MetricRegistry Registry { get; }

    /// <summary>Writes the family, header and samples; nothing when it has no series.</summary>
    internal abstract void Write(ExpositionWriter writer);

    /// <summary>See <see cref="MetricRegistry.Forget"/>.</summary>
    internal abstract void Forget(string[] labelNames, Predicate<string[]> isGone);
}

/// <summary>A family whose series are of type <typeparamref name="TSeries"/>.</summary>
public abstract class MetricFamily<TSeries> : MetricFamily
    where TSeries : class
{
    private readonly Dictionary<LabelSet, TSeries> _series = [];
    private readonly int _cap;
    private readonly int _foldCap;
    private KeyValuePair<LabelSet, TSeries>[]? _sorted;
    private int _folded;

    private protected MetricFamily(MetricRegistry registry, string name, string help, string[] labelNames)
        : base(registry, name, help, labelNames)
    {
        _cap = registry.SeriesCap;
        _foldCap = Math.Max(1, _cap / 10);
    }

    /// <summary>Series so far, folded ones included.</summary>
    public int SeriesCount
    {
        get
        {
            lock (Registry.Gate) return _series.Count;
        }
    }

    /// <summary>Finds or makes a series; see <see cref="CounterFamily.With(ReadOnlySpan{string})"/>.</summary>
    private protected TSeries Find(ReadOnlySpan<string> labelValues, TSeries? made, ISeriesOwner? owner = null)
    {
        if (labelValues.Length != LabelNames.Count)
        {
            throw new ArgumentException($"{Name} has {LabelNames.Count} labels, {labelValues.Length} values were given.", nameof(labelValues));
        }

        TSeries? series;
        bool folded = false;
        lock (Registry.Gate)
        {
            if (owner is { IsGone: true }) return made ?? Make();
            var labels = new LabelSet(labelValues.ToArray());
            if (!_series.TryGetValue(labels, out series))
            {
                if (_series.Count - _folded >= _cap && labelValues.Length > 0)
                {
                    folded = true;
                    labels = Fold(labelValues);
                }

                if (!_series.TryGetValue(labels, out series))
                {
                    series = made ?? Make();
                    _series.Add(labels, series);
                    if (folded) _folded++;
                    _sorted = null;
                }
            }
        }

        if (folded) Registry.CountFolded(Name);
        return series;
    }

    /// <summary>Takes a series out. Whoever holds it goes on with one that nobody scrapes; folded series stay, they stand for many.</summary>
    private protected void Forget(ReadOnlySpan<string> labelValues)
    {
        lock (Registry.Gate)
        {
            if (_series.Remove(new LabelSet(labelValues.ToArray()))) _sorted = null;
        }
    }

    internal sealed override void Forget(string[] labelNames, Predicate<string[]> isGone)
    {
        int[] places = Array.ConvertAll(labelNames, name => IndexOf(name));
        if (Array.IndexOf(places, -1) >= 0) return;
        var values = new string[labelNames.Length];
        lock (Registry.Gate)
        {
            foreach (LabelSet labels in _series.Keys)
            {
                for (int i = 0; i < values.Length; i++) values[i] = labels.Values[places[i]];
                if (!isGone(values)) continue;
                _series.Remove(labels);
                if (labels.Values.Contains(Other)) _folded--;
                _sorted = null;
            }
        }
    }

    private LabelSet Fold(ReadOnlySpan<string> labelValues)
    {
        string[] values = labelValues.ToArray();
        int resource = IndexOf("resource");
        if (resource >= 0)
        {
            values[resource] = Other;
            var byResource = new LabelSet(values);
            if (_folded < _foldCap || _series.ContainsKey(byResource)) return byResource;
            values = [.. values];
        }

        Array.Fill(values, Other);
        return new LabelSet(values);
    }

    private int IndexOf(string label)
    {
        for (int i = 0; i < LabelNames.Count; i++)
        {
            if (LabelNames[i] == label) return i;
        }

        return -1;
    }

    private protected abstract TSeries Make();

    private protected abstract string TypeName { get; }

    private protected abstract void WriteSeries(ExpositionWriter writer, ReadOnlySpan<string> labelValues, TSeries series);

    internal sealed override void Write(ExpositionWriter writer)
    {
        KeyValuePair<LabelSet, TSeries>[] sorted;
        lock (Registry.Gate)
        {
            sorted = _sorted ??= Sort();
        }

        if (sorted.Length == 0) return;
        writer.BeginFamily(Name, TypeName, Help);
        foreach ((LabelSet labels, TSeries series) in sorted) WriteSeries(writer, labels.Values, series);
    }

    private KeyValuePair<LabelSet, TSeries>[] Sort()
    {
        var sorted = new KeyValuePair<LabelSet, TSeries>[_series.Count];
        int i = 0;
        foreach (KeyValuePair<LabelSet, TSeries> pair in _series) sorted[i++] = pair;
        Array.Sort(sorted, static (a, b) => a.Key.CompareTo(b.Key));
        return sorted;
    }
}

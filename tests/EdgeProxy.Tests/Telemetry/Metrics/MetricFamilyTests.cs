using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Tests.Telemetry.Metrics;

public sealed class MetricFamilyTests
{
    [Fact]
    public void Gives_the_same_series_for_the_same_labels()
    {
        CounterFamily family = new MetricRegistry(1).Counter("x_total", "X.", "a", "b");
        Assert.Same(family.With("1", "2"), family.With("1", "2"));
        Assert.NotSame(family.With("1", "2"), family.With("12", ""));
        Assert.NotSame(family.With("1", "2"), family.With("2", "1"));
        Assert.Equal(3, family.SeriesCount);
    }

    [Fact]
    public void Refuses_a_wrong_number_of_label_values()
    {
        CounterFamily family = new MetricRegistry(1).Counter("x_total", "X.", "a", "b");
        Assert.Throws<ArgumentException>(() => family.With("1"));
        Assert.Throws<ArgumentException>(() => family.With("1", "2", "3"));
    }

    [Fact]
    public void Folds_the_resource_of_new_label_sets_beyond_the_cap_and_counts_them()
    {
        var registry = new MetricRegistry(1, seriesCap: 20);
        CounterFamily family = registry.Counter("x_total", "X.", "api_id", "resource");
        for (int i = 0; i < 20; i++) family.With("api", "/" + i);
        Counter folded = family.With("api", "/20");
        Assert.Same(folded, family.With("api", "/21"));
        Assert.Same(folded, family.With("api", "_other"));
        Assert.NotSame(folded, family.With("api", "/19"));
        Assert.Equal(21, family.SeriesCount);
        Assert.Contains("edgeproxy_metrics_dropped_total{family=\"x_total\"} 2\n", registry.ToText(), StringComparison.Ordinal);
    }

    [Fact]
    public void Folds_all_labels_when_the_folded_sets_are_many_as_well()
    {
        var registry = new MetricRegistry(1, seriesCap: 20);
        CounterFamily family = registry.Counter("x_total", "X.", "api_id", "resource");
        for (int i = 0; i < 1000; i++) family.With("api" + i, "/" + i);
        Assert.Equal(20 + 2 + 1, family.SeriesCount);
        Assert.Same(family.With("_other", "_other"), family.With("api999", "/999"));
        Assert.Same(family.With("api20", "_other"), family.With("api20", "/20"));
    }

    [Fact]
    public void Folds_all_labels_of_a_family_without_a_resource()
    {
        CounterFamily family = new MetricRegistry(1, seriesCap: 2).Counter("x_total", "X.", "rule");
        family.With("a");
        family.With("b");
        Assert.Same(family.With("_other"), family.With("c"));
    }

    [Fact]
    public void Keeps_a_family_without_labels_at_a_cap_of_one()
    {
        CounterFamily family = new MetricRegistry(1, seriesCap: 1).Counter("x_total", "X.");
        Assert.Same(family.With(), family.With());
    }

    [Fact]
    public void Makes_one_series_when_many_threads_ask_for_it_at_once()
    {
        CounterFamily family = new MetricRegistry(4).Counter("x_total", "X.", "n");
        var found = new Counter[4][];
        var threads = new List<Thread>();
        for (int i = 0; i < found.Length; i++)
        {
            int stripe = i;
            found[i] = new Counter[500];
            threads.Add(new Thread(() =>
            {
                for (int n = 0; n < 500; n++)
                {
                    found[stripe][n] = family.With(n.ToString());
                    found[stripe][n].Increment(stripe);
                }
            }));
        }

        threads.ForEach(t => t.Start());
        threads.ForEach(t => t.Join());
        Assert.Equal(500, family.SeriesCount);
        for (int n = 0; n < 500; n++) Assert.Equal(4, found[0][n].Value);
    }

    [Fact]
    public void Needs_no_stripe_before_the_first_count()
    {
        // 10,000 routes of 4 code classes, none of which has served anything.
        var registry = new MetricRegistry(stripes: 8, seriesCap: 40_000);
        HistogramFamily family = registry.Histogram("x_seconds", "X.", BucketBounds.Latency, "n");
        string[] names = Enumerable.Range(0, 40_000).Select(n => n.ToString()).ToArray();
        long before = GC.GetAllocatedBytesForCurrentThread();
        foreach (string name in names) family.With(name);
        long bytes = GC.GetAllocatedBytesForCurrentThread() - before;

        // Eight stripes of 21 cells would be 53 MB; the table of series itself takes less than 10.
        Assert.InRange(bytes, 0, 15_000_000);
    }
}

using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Telemetry.Metrics;

public sealed class CounterTests
{
    [Fact]
    public void Sums_what_loops_and_other_threads_added()
    {
        Counter counter = new MetricRegistry(stripes: 2).Counter("x_total", "X.").With();
        counter.Add(0, 3);
        counter.Increment(1);
        counter.Add(MetricRegistry.SharedStripe, 10);
        counter.Add(2, 100); // no loop's index: the shared stripe
        Assert.Equal(114, counter.Value);
    }

    [Fact]
    public void Keeps_neighbours_of_a_page_apart()
    {
        CounterFamily family = new MetricRegistry(stripes: 1).Counter("x_total", "X.", "n");
        var counters = new Counter[CellPage.Capacity * 2 + 3];
        for (int i = 0; i < counters.Length; i++) counters[i] = family.With(i.ToString());
        for (int i = 0; i < counters.Length; i++) counters[i].Add(0, i);
        for (int i = 0; i < counters.Length; i++) Assert.Equal(i, counters[i].Value);
    }

    [Fact]
    public void Loses_nothing_and_never_falls_while_loops_count_and_a_scraper_reads()
    {
        const int Loops = 4;
        const int Adds = 200_000;
        Counter counter = new MetricRegistry(Loops).Counter("x_total", "X.").With();
        int running = Loops + 2;
        var threads = new List<Thread>();
        for (int i = 0; i < Loops + 2; i++)
        {
            int stripe = i < Loops ? i : MetricRegistry.SharedStripe; // two threads share the shared one
            var thread = new Thread(() =>
            {
                for (int n = 0; n < Adds; n++) counter.Increment(stripe);
                Interlocked.Decrement(ref running);
            });
            threads.Add(thread);
        }

        threads.ForEach(t => t.Start());
        long last = 0;
        while (Volatile.Read(ref running) > 0)
        {
            long value = counter.Value;
            Assert.InRange(value, last, (Loops + 2) * Adds);
            last = value;
        }

        threads.ForEach(t => t.Join());
        Assert.Equal((Loops + 2) * Adds, counter.Value);
    }

    [Fact]
    public void Allocates_nothing_after_the_first_add_of_a_stripe()
    {
        var registry = new MetricRegistry(stripes: 1);
        Counter counter = registry.Counter("x_total", "X.").With();
        Histogram histogram = registry.Histogram("x_seconds", "X.", BucketBounds.Latency).With();
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int i = 0; i < 1000; i++) Count(counter, histogram);
        }));
    }

    private static void Count(Counter counter, Histogram histogram)
    {
        counter.Increment(0);
        counter.Increment(MetricRegistry.SharedStripe);
        histogram.Observe(0, 1_234_567);
        histogram.Observe(MetricRegistry.SharedStripe, 1);
    }
}

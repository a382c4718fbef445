using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Tests.Telemetry.Metrics;

public sealed class MetricRegistryTests
{
    [Theory]
    [InlineData("")]
    [InlineData("1x")]
    [InlineData("x-y")]
    [InlineData("x:y")]
    [InlineData("é")]
    public void Refuses_a_name_that_a_scraper_would_misread(string name)
    {
        Assert.Throws<ArgumentException>(() => new MetricRegistry(1).Gauge(name, "X."));
    }

    [Theory]
    [InlineData("le")]
    [InlineData("quantile")]
    [InlineData("__x")]
    [InlineData("a-b")]
    public void Refuses_a_reserved_or_malformed_label(string label)
    {
        Assert.Throws<ArgumentException>(() => new MetricRegistry(1).Gauge("x", "X.", label));
    }

    [Fact]
    public void Refuses_names_against_the_conventions_and_names_that_are_taken()
    {
        var registry = new MetricRegistry(1);
        Assert.Throws<ArgumentException>(() => registry.Counter("x", "X."));
        Assert.Throws<ArgumentException>(() => registry.Histogram("x", "X.", BucketBounds.Latency));
        Assert.Throws<ArgumentException>(() => registry.Gauge("x", ""));
        Assert.Throws<ArgumentException>(() => registry.Gauge("x", "X.", "a", "a"));
        registry.Gauge("x", "X.");
        Assert.Throws<ArgumentException>(() => registry.Gauge("x", "X."));
    }

    [Fact]
    public void Reads_once_before_each_scrape_what_several_series_share()
    {
        var registry = new MetricRegistry(1);
        int reads = 0;
        registry.BeforeScrape(() => reads++);
        FunctionFamily family = registry.GaugeFunction("x", "X.", "n");
        family.Add(() => reads, "a");
        family.Add(() => reads, "b");
        registry.ToText();
        Assert.Equal("# HELP x X.\n# TYPE x gauge\nx{n=\"a\"} 2\nx{n=\"b\"} 2\n", registry.ToText());
    }
}

using EdgeProxy.Gateway.Throttling;

namespace EdgeProxy.Tests.Gateway.Throttling;

public sealed class RateTests
{
    [Theory]
    [InlineData(null, 5)]
    [InlineData(5.0, null)]
    [InlineData(-1.0, 5)]
    [InlineData(5.0, -1)]
    [InlineData(-1.0, -1)]
    public void Minus_one_or_no_figure_is_no_limit(double? perSecond, int? burst) => Assert.Null(Rate.From(perSecond, burst));

    [Fact]
    public void Zero_is_a_limit() => Assert.Equal(new Rate(0, 0), Rate.From(0, 0));

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(0.3)]
    [InlineData(1e-5)]
    [InlineData(1000)]
    [InlineData(1000.0001)]
    [InlineData(7777.7)]
    [InlineData(1e6)]
    public void An_interval_is_never_shorter_than_the_rate_says(double perSecond)
    {
        var rate = new Rate(perSecond, 1);
        decimal second = 1_000_000_000m * (1 << rate.Shift);
        Assert.True(rate.TicksPerToken * (decimal)perSecond >= second);
        Assert.True((rate.TicksPerToken - 1) * (decimal)perSecond < second);
    }

    [Fact]
    public void Rates_with_the_same_figures_are_the_same()
    {
        Assert.Equal(new Rate(2.5, 7), new Rate(2.5, 7));
        Assert.NotEqual(new Rate(2.5, 7), new Rate(2.5, 8));
        Assert.NotEqual(new Rate(2.5, 7), new Rate(2.25, 7));
    }
}

using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Tests.Gateway.Snapshots;

public sealed class StatusSetTests
{
    [Theory]
    [InlineData("502,503,504", "502-504")]
    [InlineData("500-599,404", "404, 500-599")]
    [InlineData("100,599", "100, 599")]
    [InlineData("", "")]
    public void Reads_statuses_and_ranges(string texts, string expected)
    {
        Assert.True(StatusSet.TryParse(texts.Split(',', StringSplitOptions.RemoveEmptyEntries), out StatusSet set));
        Assert.Equal(expected, set.ToString());
    }

    [Theory]
    [InlineData("99")]
    [InlineData("600")]
    [InlineData("503-502")]
    [InlineData("5xx")]
    [InlineData("-503")]
    [InlineData("503-")]
    [InlineData(" 503")]
    public void Refuses_what_is_no_status(string text) => Assert.False(StatusSet.TryParse([text], out _));

    [Theory]
    [InlineData(int.MinValue)]
    [InlineData(0)]
    [InlineData(600)]
    [InlineData(999)]
    [InlineData(int.MaxValue)]
    public void Holds_no_status_out_of_range(int status) => Assert.False(new StatusSet([.. Enumerable.Range(0, 1000)]).Contains(status));

    [Fact]
    public void Is_equal_to_another_with_the_same_statuses()
    {
        Assert.Equal(new StatusSet(502, 503), new StatusSet(503, 502));
        Assert.Equal(new StatusSet(502, 503).GetHashCode(), new StatusSet(503, 502).GetHashCode());
        Assert.NotEqual(new StatusSet(502), new StatusSet(503));
    }
}

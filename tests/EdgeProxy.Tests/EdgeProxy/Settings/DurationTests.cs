using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Settings;

public sealed class DurationTests
{
    [Theory]
    [InlineData("75s", 75_000_000_000L)]
    [InlineData("29000ms", 29_000_000_000L)]
    [InlineData("1m30s", 90_000_000_000L)]
    [InlineData("1m 30s", 90_000_000_000L)]
    [InlineData("0.5s", 500_000_000L)]
    [InlineData("250us", 250_000L)]
    [InlineData("2h", 7_200_000_000_000L)]
    [InlineData("0s", 0L)]
    public void Reads_a_number_with_a_unit(string text, long nanoseconds)
    {
        Assert.True(Duration.TryParse(text, out long read));
        Assert.Equal(nanoseconds, read);
        Assert.True(Duration.TryParse(Duration.Format(read), out long again));
        Assert.Equal(read, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData("75")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1..5s")]
    [InlineData("1 day")]
    [InlineData("99999999999999999h")]
    public void Refuses_everything_else(string text) => Assert.False(Duration.TryParse(text, out _));
}

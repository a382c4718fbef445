using EdgeProxy.ControlPlane.Imports.OpenApi;

namespace EdgeProxy.Tests.ControlPlane.Imports.OpenApi;

public sealed class StatusCodeTests
{
    [Theory]
    [InlineData("200", 200)]
    [InlineData("404", 404)]
    [InlineData("599", 599)]
    public void Reads_a_final_status(string text, int expected)
    {
        Assert.True(StatusCode.TryParse(text, out int status));
        Assert.Equal(expected, status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("100")]
    [InlineData("101")]
    [InlineData("199")]
    [InlineData("600")]
    [InlineData("20")]
    [InlineData("0200")]
    [InlineData("+20")]
    [InlineData("2x0")]
    [InlineData("2XX")]
    public void Refuses_what_ends_no_exchange_or_is_no_status(string text) => Assert.False(StatusCode.TryParse(text, out _));
}

using EdgeProxy.Load.Driving;

namespace EdgeProxy.Tests.Load.Driving;

public sealed class LoopbackTargetTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080/x")]
    [InlineData("http://127.8.9.10:8080")]
    [InlineData("http://[::1]:8080/")]
    [InlineData("http://localhost:8080/")]
    public void Takes_this_machine(string url) => Assert.True(LoopbackTarget.TryRead(url, out byte[] address) && address.Length > 0);

    [Theory]
    [InlineData("http://10.0.0.1/")]
    [InlineData("http://0.0.0.0/")]
    [InlineData("http://example.com/")]
    [InlineData("http://localhost.example.com/")]
    [InlineData("http://127.0.0.1.example.com/")]
    [InlineData("http://127.0.0.1@example.com/")]
    [InlineData("http://[::ffff:10.0.0.1]/")]
    [InlineData("http://[::ffff:127.0.0.1]/")]
    [InlineData("https://127.0.0.1/")]
    [InlineData("ftp://127.0.0.1/")]
    [InlineData("127.0.0.1:80")]
    [InlineData("")]
    public void Refuses_everything_else(string url) => Assert.False(LoopbackTarget.TryRead(url, out _));

    [Fact]
    public void A_client_of_another_machine_cannot_be_made() =>
        Assert.Throws<ArgumentException>(() => new LoadClient("http://192.0.2.1/", mostConnections: 1, TimeSpan.FromSeconds(1)));
}

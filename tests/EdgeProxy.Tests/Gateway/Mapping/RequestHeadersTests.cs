using EdgeProxy.Http.Messages;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Tests.Gateway.Mapping;

public sealed class RequestHeadersTests
{
    [Fact]
    public void Known_names_fit_into_the_bits_of_one_word()
    {
        Assert.All(Enum.GetValues<KnownHeader>(), known => Assert.InRange((int)known, 0, 63));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\nX-Forwarded-Port: 1234")] // nobody trusts this client
    public void The_forwarded_port_is_the_one_the_client_connected_to(string claimed)
    {
        using var gateway = new TestGateway();
        gateway.Route("GET /", Proxy("http://backend/")).Serve();
        gateway.Exchange.ConnectedTo(443);
        gateway.Send("GET / HTTP/1.1\nHost: node" + claimed);
        Assert.Equal("443", gateway.Upstream.Field("X-Forwarded-Port"));
    }
}

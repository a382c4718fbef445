using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.TestKit;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Tests.Gateway.Mapping;

public sealed class ReceiveBodyTests : IDisposable
{
    private const string Hits = "edgeproxy_limit_hits_total{limit=\"limits.heldBody\"}";

    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Theory]
    [InlineData("Content-Length: 8", "1234", "5678", 200)]
    [InlineData("Content-Length: 9", "1234", "56789", 413)]
    [InlineData("Transfer-Encoding: chunked", "1234", "5678", 200)]
    [InlineData("Transfer-Encoding: chunked", "1234", "56789", 413)]
    public void A_body_over_the_limit_of_those_that_are_held_is_413_before_anybody_is_called(string framing, string first, string second, int status)
    {
        _gateway.Route("POST /", HttpBackend("http://backend/", "POST"), BodyNeed.Whole).Serve(new GatewaySettings { HeldBodyLimit = 8 });
        _gateway.Exchange.BodyLimit = -1;
        FakeExchange answer = _gateway.Send($"POST / HTTP/1.1\nHost: node\n{framing}", first, second);
        Assert.Equal((status, status == 200 ? 1 : 0), (answer.Response.Status, _gateway.Upstream.Calls));
        Assert.Equal(status == 200 ? null : "1", _gateway.Metric(Hits));
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_body_that_streams_may_be_longer()
    {
        _gateway.Route("POST /", Proxy("http://backend/", "POST")).Serve(new GatewaySettings { HeldBodyLimit = 8 });
        _gateway.Exchange.BodyLimit = -1;
        Assert.Equal(200, _gateway.Send("POST / HTTP/1.1\nHost: node\nContent-Length: 12", "1234", "56789012").Response.Status);
        Assert.Equal("123456789012", _gateway.Upstream.Body);
        Assert.Null(_gateway.Metric(Hits));
    }
}

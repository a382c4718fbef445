using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.TestKit;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Tests.Gateway.Mapping;

public sealed class ReceiveAnswerTests : IDisposable
{
    private readonly TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Holds_a_body_that_a_later_phase_looks_into_and_sends_it_with_its_length()
    {
        _gateway.Route("GET /", HttpBackend("http://backend/"), answer: BodyNeed.Whole).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", "one ", "two ", "three");
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(("one two three", 1), (answer.SentText, answer.Sends));
        Assert.Equal(13, answer.Response.ContentLength);
        Assert.True(_gateway.Upstream.WasReadToItsEnd);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_backend_that_breaks_off_is_still_answered_for()
    {
        _gateway.Route("GET /", HttpBackend("http://backend/"), answer: BodyNeed.Whole).Serve();
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked").Add(BodyStatus.Data, "one ").Add(BodyStatus.Truncated);
        Assert.Equal(504, _gateway.Send("GET / HTTP/1.1").Response.Status);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Fact]
    public void A_body_over_the_limit_is_500()
    {
        _gateway.Route("GET /", HttpBackend("http://backend/"), answer: BodyNeed.Whole).Serve(new GatewaySettings { ResponseBodyLimit = 8 });
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", "12345", "6789");
        Assert.Equal(500, _gateway.Send("GET / HTTP/1.1").Response.Status);
    }

    [Theory]
    [InlineData("1234", 200, null)]
    [InlineData("12345", 500, "1")]
    public void A_body_over_the_limit_of_those_that_are_held_is_500_where_none_else_is_set(string more, int status, string? hits)
    {
        _gateway.Route("GET /", HttpBackend("http://backend/"), answer: BodyNeed.Whole).Serve(new GatewaySettings { ResponseBodyLimit = -1, HeldBodyLimit = 8 });
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", "1234", more);
        Assert.Equal(status, _gateway.Send("GET / HTTP/1.1").Response.Status);
        Assert.Equal(hits, _gateway.Metric("edgeproxy_limit_hits_total{limit=\"limits.heldBody\"}"));
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }
}

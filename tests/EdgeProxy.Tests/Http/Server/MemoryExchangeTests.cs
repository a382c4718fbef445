using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Http.Server;

public sealed class MemoryExchangeTests : IDisposable
{
    private readonly LoopHarness _loop = new();

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Gives_the_whole_body_at_the_first_read_and_counts_it()
    {
        MemoryExchange exchange = Received("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n", "abc");
        Assert.True(exchange.HasUnreadBody);
        BodyRead read = _loop.Await(exchange.ReadBodyAsync());
        Assert.Equal((BodyStatus.End, "abc", 3L), (read.Status, Encoding.ASCII.GetString(read.Chunk.Span), exchange.RequestBytes));
        Assert.False(exchange.HasUnreadBody);
        Assert.Equal(0, _loop.Await(exchange.ReadBodyAsync()).Chunk.Length);
    }

    [Fact]
    public void Refuses_a_body_over_its_limit()
    {
        MemoryExchange exchange = Received("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n", "abc");
        exchange.BodyLimit = 2;
        Assert.Equal(BodyStatus.TooLarge, _loop.Await(exchange.ReadBodyAsync()).Status);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n", ViolationCode.MissingHost)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", ViolationCode.MultipleHost)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n", ViolationCode.NonCrLfLineTermination)]
    [InlineData("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /", ViolationCode.NonCrLfLineTermination)]
    public void Refuses_heads_as_a_connection_does(string head, ViolationCode violation) =>
        Assert.Equal(violation, Exchange().Receive(Encoding.ASCII.GetBytes(head), [], new HeadLimits(), default));

    [Fact]
    public void Keeps_the_beginning_of_a_response_and_counts_all_of_it()
    {
        MemoryExchange exchange = Received("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "");
        exchange.StartResponse(BodyFraming.Chunked, -1);
        Assert.Equal(IoStatus.Ok, _loop.Await(exchange.WriteAsync(Chunk("12345"))));
        Assert.Equal(IoStatus.Ok, _loop.Await(exchange.EndAsync(Chunk("67890"))));
        Assert.Equal(("12345678", 10L, true), (Encoding.ASCII.GetString(exchange.Sent), exchange.ResponseBytes, exchange.ResponseEnded));
    }

    [Fact]
    public void Takes_nothing_more_once_it_is_aborted()
    {
        MemoryExchange exchange = Received("GET / HTTP/1.1\r\nHost: a\r\n\r\n", "");
        exchange.StartResponse(BodyFraming.Chunked, -1);
        exchange.Abort(AbortReason.UpstreamFailed);
        Assert.Equal(IoStatus.Aborted, _loop.Await(exchange.EndAsync(Chunk("1"))));
        Assert.Equal((AbortReason.UpstreamFailed, false, 0L), (exchange.Aborted, exchange.ResponseEnded, exchange.ResponseBytes));
        Assert.Equal(BodyStatus.Aborted, _loop.Await(exchange.ReadBodyAsync()).Status);
    }

    private MemoryExchange Exchange() => new(
        _loop, new ListenerFacts("data", IsAdmin: false, IsTls: false, IsLoopback: true, Port: 80), new IpEndpoint(IpAddress.Loopback, 1), new IpEndpoint(IpAddress.Loopback, 80), keeps: 8);

    private MemoryExchange Received(string head, string body)
    {
        MemoryExchange exchange = Exchange();
        Assert.Equal(ViolationCode.None, exchange.Receive(Encoding.ASCII.GetBytes(head), Encoding.ASCII.GetBytes(body), new HeadLimits(), default));
        return exchange;
    }

    private static BodyChunk Chunk(string text) => new(Encoding.ASCII.GetBytes(text), 0, text.Length);
}

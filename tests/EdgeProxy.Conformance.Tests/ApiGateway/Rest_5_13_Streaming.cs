using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 5.13 for HTTP_PROXY: the answer goes on as it comes.</summary>
public sealed class Rest_5_13_Streaming : IDisposable
{
    private readonly TestGateway _gateway = new();

    public Rest_5_13_Streaming()
    {
        _gateway.MinimumCompressionSize = 0;
        _gateway.Route("ANY /", Streamed(29)).Route("GET /long", Streamed(900)).Serve();
    }

    public void Dispose()
    {
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
        Assert.True(_gateway.Upstream.IsReturned);
        _gateway.Dispose();
    }

    [Theory]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Content-Length: 6")]
    public void The_head_is_sent_as_soon_as_it_is_here_and_each_run_as_it_comes(string framing)
    {
        _gateway.Upstream.Answer($"HTTP/1.1 201 Created\nX-A: b\n{framing}");
        _gateway.Start("GET / HTTP/1.1\nHost: node");
        Assert.True(_gateway.Exchange.ResponseStarted);
        Assert.Equal((201, BodyFraming.Chunked, 1), (_gateway.Exchange.Response.Status, _gateway.Exchange.Response.Framing, _gateway.Exchange.Sends));
        Assert.Equal("b", _gateway.Exchange.ResponseField("X-A"));

        _gateway.Upstream.Add(BodyStatus.Data, "abc");
        _gateway.Loop.Run();
        Assert.Equal("abc", _gateway.Exchange.SentText);
        Assert.False(_gateway.Exchange.ResponseEnded);

        _gateway.Upstream.Add(BodyStatus.End, "def");
        _gateway.Loop.Run();
        Assert.Equal("abcdef", _gateway.Exchange.SentText);
        Assert.True(_gateway.Exchange.ResponseEnded);
    }

    [Fact]
    public void There_is_no_limit_of_10_MB()
    {
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 20000000", new string('a', 10_000_000), new string('b', 10_000_000));
        Assert.Equal(20_000_000, _gateway.Send("GET / HTTP/1.1\nHost: node").Sent.Length);
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", new string('a', 10_000_000), new string('b', 10_000_000));
        Assert.Equal(20_000_000, _gateway.Send("GET / HTTP/1.1\nHost: node").Sent.Length);
    }

    [Fact]
    public void It_is_never_compressed()
    {
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 3", "abc");
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1\nHost: node\nAccept-Encoding: gzip");
        Assert.Null(answer.ResponseField("Content-Encoding"));
        Assert.Null(answer.ResponseField("Vary"));
        Assert.Equal("abc", answer.SentText);
    }

    [Theory]
    [InlineData("HEAD", "HTTP/1.1 200 OK\nContent-Length: 3", BodyFraming.Length)]
    [InlineData("GET", "HTTP/1.1 204 No Content", BodyFraming.None)]
    [InlineData("GET", "HTTP/1.1 304 Not Modified", BodyFraming.None)]
    public void An_answer_without_a_body_is_answered_as_ever(string method, string head, BodyFraming framing)
    {
        _gateway.Upstream.Answer(head, "");
        FakeExchange answer = _gateway.Send($"{method} / HTTP/1.1\nHost: node");
        Assert.Equal(framing, answer.Response.Framing);
        Assert.True(answer.ResponseEnded);
        Assert.Equal(0, answer.Sent.Length);
    }

    [Fact]
    public void Before_the_head_a_failure_has_its_status()
    {
        _gateway.Upstream.Outcome = UpstreamOutcome.ConnectFailed;
        Assert.Equal(504, _gateway.Send("GET / HTTP/1.1\nHost: node").Response.Status);
    }

    [Theory]
    [InlineData(BodyStatus.Truncated, AbortReason.UpstreamFailed)]
    [InlineData(BodyStatus.TimedOut, AbortReason.UpstreamFailed)]
    public void Behind_the_head_a_failure_can_only_cut_the_connection(BodyStatus failure, AbortReason reason)
    {
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked").Add(failure);
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1\nHost: node");
        Assert.Equal((200, reason, false), (answer.Response.Status, answer.Aborted, answer.ResponseEnded));
    }

    [Fact]
    public void A_client_that_leaves_ends_the_call()
    {
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked").Add(BodyStatus.Data, "abc");
        _gateway.Start("GET / HTTP/1.1\nHost: node");
        _gateway.Exchange.Abort(AbortReason.ClientGone);
        _gateway.Loop.Run();
        Assert.True(_gateway.Upstream.IsReturned);
        Assert.Equal(1, _gateway.Upstream.Aborts);
    }

    [Fact]
    public void It_may_take_15_minutes_and_5_without_a_byte()
    {
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 3", "abc");
        long now = _gateway.Loop.Now;
        _gateway.Send("GET /long HTTP/1.1\nHost: node");
        Assert.Equal(now + 900_000_000_000, _gateway.Upstream.Deadline);
        Assert.Equal(300_000_000_000, _gateway.Upstream.IdleTimeout);
        _gateway.Serve(new GatewaySettings { AnswerIdleTimeout = 7 });
        _gateway.Send("GET /long HTTP/1.1\nHost: node");
        Assert.Equal(7, _gateway.Upstream.IdleTimeout);
    }

    [Fact]
    public void The_context_says_so()
    {
        _gateway.Responses = new GatewayResponses([KeyValuePair.Create(GatewayResponseType.IntegrationTimeout, new GatewayResponsePlan { Parameters = [MapBack("X-Mode", "context.integration.responseTransferMode")] })]);
        _gateway.Serve();
        _gateway.Upstream.Outcome = UpstreamOutcome.TimedOut;
        Assert.Equal("STREAMED", _gateway.Send("GET / HTTP/1.1\nHost: node").ResponseField("X-Mode"));
    }

    [Fact]
    public void The_context_tells_how_long_the_head_took()
    {
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked");
        _gateway.Upstream.Waits = true;
        _gateway.Start("GET / HTTP/1.1\nHost: node");
        Assert.Equal("", TimeToAllHeaders());
        _gateway.Loop.Advance(TimeSpan.FromMilliseconds(250));
        _gateway.Upstream.Respond();
        _gateway.Loop.Run();
        _gateway.Loop.Advance(TimeSpan.FromSeconds(3));
        Assert.InRange(int.Parse(TimeToAllHeaders(), System.Globalization.CultureInfo.InvariantCulture), 250, 300);
        _gateway.Upstream.Add(BodyStatus.End, "abc");
        _gateway.Loop.Run();
    }

    private string TimeToAllHeaders()
    {
        Assert.True(ContextVariables.TryFind("integration.timeToAllHeaders"u8, out ContextVariable variable));
        var writer = new ByteWriter(new byte[32]);
        ContextVariables.Write(variable, _gateway.Context, ref writer);
        return System.Text.Encoding.ASCII.GetString(writer.Written);
    }

    private static HttpProxyPlan Streamed(int seconds) => new()
    {
        Uri = UriTemplate.Parse("http://backend/"),
        Method = "",
        KnownMethod = HttpMethod.Other,
        StreamsAnswer = true,
        TimeoutNanoseconds = seconds * 1_000_000_000L,
    };
}

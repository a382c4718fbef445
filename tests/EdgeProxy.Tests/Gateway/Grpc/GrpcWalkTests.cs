using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Grpc;

public sealed class GrpcWalkTests : IDisposable
{
    private const long Second = 1_000_000_000;

    private readonly TestGateway _gateway = new();

    public GrpcWalkTests()
    {
        _gateway.Route("POST /pets.Shop/Buy", new HttpProxyPlan
        {
            Uri = UriTemplate.Parse("http://backend/pets.Shop/Buy"),
            Method = "POST",
            KnownMethod = HttpMethod.Post,
            Upstream = new UpstreamPlan { Protocol = UpstreamProtocol.Http2 },
            TimeoutNanoseconds = 29 * Second,
        });
        _gateway.Upstream.SpeaksHttp2 = true;
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\ncontent-type: application/grpc\nTransfer-Encoding: chunked", Message("one"), Message("two"), "");
        _gateway.Upstream.Trailers.Add(("grpc-status", "0"));
        Serve();
    }

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Passes_messages_and_trailers_at_once_and_says_that_trailers_are_welcome()
    {
        Call(Message("hello"));
        Assert.Equal(200, _gateway.Exchange.Response.Status);
        Assert.Equal(BodyFraming.Chunked, _gateway.Exchange.Response.Framing);
        Assert.Equal(Message("one") + Message("two"), _gateway.Exchange.SentText);
        Assert.Equal("0", _gateway.Exchange.ResponseTrailer("grpc-status"));
        Assert.Equal(4, _gateway.Exchange.Sends); // the head, two messages, the end
        Assert.True(_gateway.Upstream.WantsTrailers);
        Assert.Equal(Message("hello"), _gateway.Upstream.Body);
        Assert.Equal(UpstreamProtocol.Http2, _gateway.Upstream.Called!.Protocol);
        Assert.True(_gateway.Exchange.BodyMayPause);
    }

    [Fact]
    public void An_answer_that_is_all_head_stays_so()
    {
        _gateway.Upstream.Answer("HTTP/1.1 204 x\ngrpc-status: 5\ncontent-type: application/grpc"); // 204 stands for a stream ended by its head
        _gateway.Upstream.Trailers.Clear();
        Call(Message("hello"));
        Assert.Equal("5", _gateway.Exchange.ResponseField("grpc-status"));
        Assert.Equal(1, _gateway.Exchange.Sends);
        Assert.True(_gateway.Exchange.ResponseEnded);
    }

    [Theory]
    [InlineData(null, 29)]
    [InlineData("5S", 5)]
    [InlineData("90S", 90)]
    [InlineData("nonsense", 29)]
    public void The_first_answer_may_take_what_the_client_says_else_the_integrations_time(string? timeout, int seconds)
    {
        _gateway.Upstream.Waits = true;
        long now = _gateway.Loop.Now;
        LoopTask walk = Call(Message("hello"), timeout is null ? "" : "\ngrpc-timeout: " + timeout);
        Assert.Equal(now + (seconds * Second), _gateway.Upstream.Deadline);
        _gateway.Upstream.Respond();
        _gateway.Loop.Run();
        Assert.True(walk.IsCompleted);
        bool isTimed = timeout is not (null or "nonsense");
        Assert.Equal(isTimed ? now + (seconds * Second) : long.MaxValue, _gateway.Upstream.Deadline);
        Assert.Equal(isTimed, _gateway.Upstream.IsDeadlineFixed);
        Assert.Equal(600 * Second, _gateway.Upstream.IdleTimeout);
    }

    [Theory]
    [InlineData(UpstreamOutcome.TimedOut, "4", "Endpoint request timed out")]
    [InlineData(UpstreamOutcome.ConnectFailed, "14", "Network error communicating with endpoint")]
    [InlineData(UpstreamOutcome.PoolExhausted, "14", "Service Unavailable")]
    [InlineData(UpstreamOutcome.Malformed, "13", "Internal server error")]
    [InlineData(UpstreamOutcome.Aborted, "14", "Service Unavailable")]
    public void Faults_are_told_in_the_head_alone(UpstreamOutcome outcome, string status, string message)
    {
        _gateway.Upstream.Outcome = outcome;
        Call(Message("hello"));
        FakeExchange answer = _gateway.Exchange;
        Assert.Equal((200, status, message), (answer.Response.Status, answer.ResponseField("grpc-status"), answer.ResponseField("grpc-message")));
        Assert.Equal("application/grpc", answer.ResponseField("Content-Type"));
        Assert.NotNull(answer.ResponseField("x-amzn-RequestId"));
        Assert.Equal(BodyFraming.Chunked, answer.Response.Framing); // no length is said of a body that is none
        Assert.Equal("", answer.SentText);
        Assert.True(answer.ResponseEnded);
    }

    [Fact]
    public void A_method_that_does_not_exist_is_unimplemented()
    {
        Receive("/pets.Shop/Sell", "");
        _gateway.Handle();
        Assert.Equal("12", _gateway.Exchange.ResponseField("grpc-status"));
    }

    [Theory]
    [InlineData(BodyStatus.Truncated, "14")]
    [InlineData(BodyStatus.TimedOut, "4")]
    [InlineData(BodyStatus.Violation, "13")]
    public void What_fails_behind_the_head_is_told_in_trailers(BodyStatus status, string code)
    {
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\ncontent-type: application/grpc\nTransfer-Encoding: chunked");
        _gateway.Upstream.Add(BodyStatus.Data, Message("one")).Add(status);
        Call(Message("hello"));
        Assert.Equal(Message("one"), _gateway.Exchange.SentText);
        Assert.Equal(code, _gateway.Exchange.ResponseTrailer("grpc-status"));
        Assert.True(_gateway.Exchange.ResponseEnded);
        Assert.Equal(AbortReason.None, _gateway.Exchange.Aborted);
    }

    [Fact]
    public void A_client_that_gives_up_ends_the_backends_call()
    {
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\ncontent-type: application/grpc\nTransfer-Encoding: chunked");
        LoopTask walk = Call(Message("hello"));
        Assert.Equal(1, _gateway.Exchange.Sends); // the head is there before any message
        _gateway.Exchange.Abort(AbortReason.ClientGone);
        _gateway.Loop.Run();
        Assert.True(walk.IsCompleted);
        Assert.True(_gateway.Upstream.Aborts >= 1);
        Assert.True(_gateway.Upstream.IsReturned);
    }

    [Fact]
    public void Limits_are_each_messages_and_not_the_streams()
    {
        Serve(new GatewaySettings { ResponseBodyLimit = 10 });
        _gateway.Upstream.Answer("HTTP/1.1 200 OK\ncontent-type: application/grpc\nTransfer-Encoding: chunked", Message("0123456789"), Message("0123456789"), "");
        Receive("/pets.Shop/Buy", "");
        _gateway.Exchange.BodyLimit = 10;
        _gateway.Exchange.Add(BodyStatus.Data, Message("0123456789"));
        _gateway.Exchange.Add(BodyStatus.End, Message("0123456789"));
        _gateway.Handle();
        Assert.Equal("0", _gateway.Exchange.ResponseTrailer("grpc-status"));
        Assert.Equal(30, _gateway.Upstream.Body.Length);
    }

    [Fact]
    public void A_message_over_the_limit_exhausts_a_resource()
    {
        Receive("/pets.Shop/Buy", "");
        _gateway.Exchange.BodyLimit = 10;
        _gateway.Exchange.Add(BodyStatus.End, Message("01234567890"));
        _gateway.Handle();
        Assert.Equal("8", _gateway.Exchange.ResponseField("grpc-status"));

        Serve(new GatewaySettings { ResponseBodyLimit = 2 });
        Call(Message("hello"));
        Assert.Equal("8", _gateway.Exchange.ResponseTrailer("grpc-status"));
        Assert.Equal("", _gateway.Exchange.SentText);
    }

    private static string Message(string text) => "\0\0\0\0" + (char)text.Length + text;

    private void Serve(GatewaySettings? settings = null) => _gateway.Serve(settings);

    private void Receive(string path, string fields)
    {
        _gateway.Exchange.Receive($"POST {path} HTTP/1.1\nHost: node\ncontent-type: application/grpc\nTransfer-Encoding: chunked{fields}");
        _gateway.Exchange.Request.Version = 20;
        _gateway.Exchange.BodyMayPause = false;
    }

    private LoopTask Call(string body, string fields = "")
    {
        Receive("/pets.Shop/Buy", fields);
        _gateway.Exchange.Add(BodyStatus.End, body);
        return _gateway.Handle();
    }
}

using EdgeProxy.Gateway.Integrations.Lambda;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Gateway;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Conformance.Tests.ApiGateway;

/// <summary>rest-api.md 5.13 for Lambda: metadata, eight NUL bytes, then the body as it comes.</summary>
public sealed class Rest_5_13_LambdaStreaming : IDisposable
{
    private const string Nuls = "\0\0\0\0\0\0\0\0";

    private readonly TestGateway _gateway = new();

    public Rest_5_13_LambdaStreaming() => _gateway.Route("GET /", LambdaProxy(streams: true), BodyNeed.Whole).Route("HEAD /", LambdaProxy(streams: true), BodyNeed.Whole).Serve();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void Metadata_make_the_head_and_the_rest_is_the_body_in_chunks()
    {
        _gateway.Functions.Answer(
            """{"statusCode":201,"headers":{"Content-Type":"text/plain","X-A":"1"},"multiValueHeaders":{"X-B":["2","3"]},"cookies":["a=1; Path=/","b=2"]}""" + Nuls + "hel", "lo ", "world");
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(201, answer.Response.Status);
        Assert.Equal(BodyFraming.Chunked, answer.Response.Framing);
        Assert.Equal("hello world", answer.SentText);
        Assert.Equal("text/plain", answer.ResponseField("Content-Type"));
        Assert.Equal("1", answer.ResponseField("X-A"));
        Assert.Equal("2|3", answer.ResponseField("X-B"));
        Assert.Equal("a=1; Path=/|b=2", answer.ResponseField("Set-Cookie"));
        Assert.NotNull(answer.ResponseField("X-Amzn-Trace-Id"));
        Assert.True(_gateway.Functions.Streams);
        Assert.True(_gateway.Functions.IsReturned);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Fact]
    public void The_split_of_a_result_does_not_matter()
    {
        string result = """{"statusCode":202}""" + Nuls + "ab\0\0\0\0\0\0\0\0c";
        for (int split = 0; split <= result.Length; split++)
        {
            _gateway.Functions.Answer(result[..split], result[split..]);
            FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
            Assert.Equal(202, answer.Response.Status);
            Assert.Equal("ab\0\0\0\0\0\0\0\0c", answer.SentText);
        }

        _gateway.Functions.Answer([.. result.Select(c => c.ToString())]);
        Assert.Equal("ab\0\0\0\0\0\0\0\0c", _gateway.Send("GET / HTTP/1.1").SentText);
    }

    [Fact]
    public void The_head_leaves_when_the_metadata_are_whole_and_each_run_when_it_comes()
    {
        _gateway.Functions.AnswerLater();
        _gateway.Start("GET / HTTP/1.1");
        _gateway.Functions.Add(BodyStatus.Data, "{\"statusCode\":200}" + Nuls[..4]);
        _gateway.Loop.Run();
        Assert.Equal(0, _gateway.Exchange.Sends);
        _gateway.Functions.Add(BodyStatus.Data, Nuls[..4]);
        _gateway.Loop.Run();
        Assert.Equal(1, _gateway.Exchange.Sends);
        Assert.Equal("", _gateway.Exchange.SentText);
        _gateway.Functions.Add(BodyStatus.Data, "one");
        _gateway.Loop.Run();
        Assert.Equal("one", _gateway.Exchange.SentText);
        Assert.False(_gateway.Exchange.ResponseEnded);
        _gateway.Functions.Add(BodyStatus.End, "two");
        _gateway.Loop.Run();
        Assert.Equal("onetwo", _gateway.Exchange.SentText);
        Assert.True(_gateway.Exchange.ResponseEnded);
    }

    [Theory]
    [InlineData("{\"statusCode\":200}")]
    [InlineData("plain text")]
    [InlineData("plain text" + Nuls + "body")]
    [InlineData("{\"statusCode\":200}\0\0\0\0\0\0\0body")]
    [InlineData("{\"statusCode\":\"x\"}" + Nuls)]
    [InlineData("{\"body\":\"x\"}" + Nuls)]
    [InlineData("{\"cookies\":\"a=b\"}" + Nuls)]
    [InlineData("{\"cookies\":[1]}" + Nuls)]
    [InlineData("{\"cookies\":[\"a=b\\r\\nX: y\"]}" + Nuls)]
    [InlineData("[]" + Nuls)]
    [InlineData(Nuls)]
    [InlineData("")]
    public void Metadata_that_are_invalid_or_never_end_are_502(string result)
    {
        _gateway.Functions.Answer(result);
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(502, answer.Response.Status);
        Assert.Equal("{\"message\": \"Internal server error\"}", answer.SentText);
        Assert.Equal(0, _gateway.Loop.Buffers.Leased);
    }

    [Theory]
    [InlineData(0, 200)]
    [InlineData(1, 502)]
    public void The_delimiter_has_to_come_within_16_KB(int more, int status)
    {
        string metadata = "{\"headers\":{\"X\":\"" + new string('x', CallLambda.LongestPrelude - Nuls.Length - "{\"headers\":{\"X\":\"\"}}".Length + more) + "\"}}";
        _gateway.Functions.Answer(metadata[..9000], metadata[9000..] + Nuls + "body");
        Assert.Equal(status, _gateway.Send("GET / HTTP/1.1").Response.Status);
    }

    [Theory]
    [InlineData(BodyStatus.Truncated, 502)]
    [InlineData(BodyStatus.TimedOut, 504)]
    public void A_failure_before_the_metadata_are_whole_has_a_status(BodyStatus end, int status)
    {
        _gateway.Functions.Answer().Add(BodyStatus.Data, "{\"statusCode\"").Add(end);
        Assert.Equal(status, _gateway.Send("GET / HTTP/1.1").Response.Status);
    }

    [Fact]
    public void A_function_error_before_the_first_byte_is_502()
    {
        _gateway.Functions.Outcome = FunctionOutcome.FunctionError;
        Assert.Equal(502, _gateway.Send("GET / HTTP/1.1").Response.Status);
    }

    [Fact]
    public void A_failure_after_the_first_byte_cuts_the_connection()
    {
        _gateway.Functions.Answer().Add(BodyStatus.Data, "{}" + Nuls + "first").Add(BodyStatus.Truncated);
        FakeExchange answer = _gateway.Send("GET / HTTP/1.1");
        Assert.Equal(200, answer.Response.Status);
        Assert.Equal("first", answer.SentText);
        Assert.Equal(AbortReason.UpstreamFailed, answer.Aborted);
        Assert.False(answer.ResponseEnded);
        Assert.True(_gateway.Functions.IsReturned);
    }

    [Fact]
    public void A_pause_of_five_minutes_ends_the_stream_and_shorter_ones_do_not()
    {
        _gateway.Functions.AnswerLater();
        _gateway.Start("GET / HTTP/1.1");
        _gateway.Functions.Add(BodyStatus.Data, "{}" + Nuls + "one");
        _gateway.Loop.Run();
        _gateway.Loop.Advance(TimeSpan.FromMinutes(4));
        _gateway.Functions.Add(BodyStatus.Data, "two");
        _gateway.Loop.Run();
        _gateway.Loop.Advance(TimeSpan.FromMinutes(4));
        Assert.Equal(AbortReason.None, _gateway.Exchange.Aborted);
        _gateway.Loop.Advance(TimeSpan.FromMinutes(1.1));
        Assert.Equal("onetwo", _gateway.Exchange.SentText);
        Assert.Equal(AbortReason.UpstreamFailed, _gateway.Exchange.Aborted);
        Assert.True(_gateway.Functions.IsReturned);
    }

    [Fact]
    public void A_slow_client_holds_the_function_up()
    {
        _gateway.Exchange.Room = 3;
        _gateway.Functions.Answer().Add(BodyStatus.Data, "{}" + Nuls + "first").Add(BodyStatus.End, "second");
        _gateway.Start("GET / HTTP/1.1");
        Assert.Equal("first", _gateway.Exchange.SentText);
        _gateway.Exchange.TakeSent();
        _gateway.Loop.Run();
        Assert.Equal("firstsecond", _gateway.Exchange.SentText);
    }

    [Theory]
    [InlineData("HEAD", 200)]
    [InlineData("GET", 204)]
    [InlineData("GET", 304)]
    public void Where_no_body_may_be_none_is_sent(string method, int status)
    {
        _gateway.Functions.Answer("{\"statusCode\":" + status + "}" + Nuls + "body");
        FakeExchange answer = _gateway.Send($"{method} / HTTP/1.1");
        Assert.Equal(status, answer.Response.Status);
        Assert.Equal("", answer.SentText);
        Assert.True(answer.ResponseEnded);
    }

    [Fact]
    public void A_result_of_more_than_6_MB_passes()
    {
        _gateway.Serve(new GatewaySettings { FunctionPayloadLimit = 3000, ResponseBodyLimit = 100 });
        _gateway.Functions.Answer("{}" + Nuls, new string('x', 9000));
        Assert.Equal(9000, _gateway.Send("GET / HTTP/1.1").SentText.Length);
    }
}

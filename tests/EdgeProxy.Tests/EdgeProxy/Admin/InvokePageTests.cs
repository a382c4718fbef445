using System.Text;
using EdgeProxy.Admin;
using EdgeProxy.Control;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Lambda.EventStream;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeProxy.Tests.Process.Admin;

/// <summary>The Invoke API of the node (specification lambda.md 11 to 14), over functions that a stand-in answers for.</summary>
public sealed class InvokePageTests
{
    private const string Invoke = "/2015-03-31/functions/hello/invocations";
    private const string Stream = "/2021-11-15/functions/hello/response-streaming-invocations";

    private readonly LoopHarness _loop = new();
    private readonly FakeInvokeEndpoint _endpoint;
    private readonly AdminHandler _handler;

    public InvokePageTests()
    {
        _endpoint = new FakeInvokeEndpoint(_loop, new FunctionLimits { MaxEvent = 2000 });
        Use("hello");
        var metrics = new MetricRegistry(1);
        var access = new AdminAccess(new AdminRules(CidrSet.Empty, [], [], TimeSpan.FromMinutes(15)), metrics, NullLogger.Instance, TimeProvider.System);
        _handler = new AdminHandler(metrics, new NodeState(), () => 1, access, invoke: new InvokePage(_endpoint.Clients));
    }

    [Theory]
    [InlineData("hello", null)]
    [InlineData("hello:live", "live")]
    [InlineData("arn%3Aaws%3Alambda%3Aeu-west-1%3A111122223333%3Afunction%3Ahello", null)]
    [InlineData("arn:aws:lambda:eu-west-1:111122223333:function:hello:7", "7")]
    [InlineData("111122223333:function:hello", null)]
    public void Gives_the_result_of_a_function_by_any_of_its_names(string name, string? version)
    {
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 11\nx-amzn-RequestId: r-1", "{\"ok\":true}");
        FakeExchange exchange = Ask($"/2015-03-31/functions/{name}/invocations", body: """{"a":1}""");
        Assert.Equal((200, "{\"ok\":true}", """{"a":1}"""), (exchange.Response.Status, exchange.SentText, _endpoint.Upstream.Body));
        Assert.Equal((version ?? "$LATEST", "r-1", null, "application/json"), (Field(exchange, "X-Amz-Executed-Version"), Field(exchange, "x-amzn-RequestId"), Field(exchange, "X-Amz-Function-Error"), Field(exchange, "Content-Type")));
    }

    [Fact]
    public void A_functions_failure_keeps_200()
    {
        _endpoint.Upstream.Answer("HTTP/1.1 500 Oops\nContent-Length: 21", "{\"errorMessage\":\"no\"}");
        FakeExchange exchange = Ask(Invoke);
        Assert.Equal((200, "{\"errorMessage\":\"no\"}", "Unhandled"), (exchange.Response.Status, exchange.SentText, Field(exchange, "X-Amz-Function-Error")));
    }

    [Fact]
    public void An_event_is_202_and_called_afterwards()
    {
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        FakeExchange exchange = Ask(Invoke, "X-Amz-Invocation-Type: Event", body: "[1]");
        Assert.Equal((202, ""), (exchange.Response.Status, exchange.SentText));
        Assert.Equal("[1]", _endpoint.Upstream.Body);
        Assert.Equal(202, Ask("/2014-11-13/functions/hello/invoke-async/", body: "[2]").Response.Status);
        Assert.Equal("[2]", _endpoint.Upstream.Body);
    }

    [Fact]
    public void A_dry_run_is_204_and_calls_nobody()
    {
        FakeExchange exchange = Ask(Invoke, "X-Amz-Invocation-Type: DryRun");
        Assert.Equal((204, "", 0), (exchange.Response.Status, exchange.SentText, _endpoint.Upstream.Calls));
    }

    [Fact]
    public void An_empty_body_is_an_empty_object()
    {
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        Ask(Invoke, body: "");
        Assert.Equal("{}", _endpoint.Upstream.Body);
    }

    [Fact]
    public void A_log_is_told_where_it_is_asked_for()
    {
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        Assert.Null(Field(Ask(Invoke), "X-Amz-Log-Result"));
        Assert.NotNull(Field(Ask(Invoke, "X-Amz-Log-Type: Tail"), "X-Amz-Log-Result"));
    }

    [Theory]
    [InlineData("/2015-03-31/functions/other/invocations", "", "{}", 404, "ResourceNotFoundException", "Function not found: arn:aws:lambda:us-east-1:000000000000:function:other")]
    [InlineData("/2015-03-31/functions/a%20b/invocations", "", "{}", 400, "InvalidParameterValueException", "is no function name")]
    [InlineData("/2015-03-31/functions/hello:1/invocations?Qualifier=2", "", "{}", 400, "InvalidParameterValueException", "does not match the specified qualifier")]
    [InlineData("/2015-03-31/functions/hello/invocations?Qualifier=a%20b", "", "{}", 400, "InvalidParameterValueException", "is no qualifier")]
    [InlineData(Invoke, "X-Amz-Invocation-Type: Sometimes", "{}", 400, "InvalidParameterValueException", "Unsupported invocation type 'Sometimes'")]
    [InlineData(Stream, "X-Amz-Invocation-Type: Event", "{}", 400, "InvalidParameterValueException", "Unsupported invocation type 'Event'")]
    [InlineData(Invoke, "X-Amz-Log-Type: All", "{}", 400, "InvalidParameterValueException", "Unsupported log type")]
    [InlineData(Invoke, "", "{'a':1}", 400, "InvalidRequestContentException", "Could not parse request body into json: line 1, byte 2")]
    [InlineData(Invoke, "X-Amz-Client-Context: !!", "{}", 400, "InvalidRequestContentException", "valid Base64-encoded JSON object")]
    [InlineData(Invoke, "X-Amz-Client-Context: W10=", "{}", 400, "InvalidRequestContentException", "valid Base64-encoded JSON object")]
    [InlineData(Invoke, "X-Amz-Client-Context: eyJhIjo=", "{}", 400, "InvalidRequestContentException", "valid Base64-encoded JSON object")]
    [InlineData(Invoke, "", "{} {}", 400, "InvalidRequestContentException", "Could not parse request body into json: ")]
    public void What_cannot_be_is_refused_by_name(string path, string field, string body, int status, string name, string message)
    {
        FakeExchange exchange = Ask(path, field, body);
        Assert.Equal((status, name, 0), (exchange.Response.Status, Field(exchange, "x-amzn-ErrorType"), _endpoint.Upstream.Calls));
        Assert.Contains(message, exchange.SentText, StringComparison.Ordinal);
        Assert.StartsWith("{\"Type\":\"User\",", exchange.SentText, StringComparison.Ordinal);
        Assert.True(Guid.TryParse(Field(exchange, "x-amzn-RequestId"), out _));
    }

    [Theory]
    [InlineData(3580, 200)]
    [InlineData(3584, 400)]
    public void A_client_context_has_3583_bytes_at_most(int length, int status)
    {
        // {"a":"…"} in base64: three bytes to four.
        string json = $$"""{"a":"{{new string('x', (length / 4 * 3) - 8)}}"}""";
        string context = Convert.ToBase64String(Encoding.UTF8.GetBytes(json));
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        Assert.Equal(status, Ask(Invoke, "X-Amz-Client-Context: " + context).Response.Status);
    }

    [Fact]
    public void A_result_without_an_id_of_its_own_gets_one()
    {
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        Assert.True(Guid.TryParse(Field(Ask(Invoke), "x-amzn-RequestId"), out _));
    }

    [Fact]
    public void An_event_beyond_the_limit_is_413()
    {
        FakeExchange exchange = Ask(Invoke, body: "\"" + new string('x', 2000) + "\"");
        Assert.Equal((413, "RequestTooLargeException"), (exchange.Response.Status, Field(exchange, "x-amzn-ErrorType")));
    }

    [Fact]
    public void Off_loopback_and_by_other_hosts_it_is_closed()
    {
        Assert.Equal(403, Ask(Invoke, listener: new ListenerFacts("admin", IsAdmin: true, IsTls: false, IsLoopback: false, Port: 9080)).Response.Status);
        Assert.Equal(403, Ask(Invoke, host: "rebound.test").Response.Status);
        Assert.Equal(0, _endpoint.Upstream.Calls);
    }

    [Fact]
    public void Another_method_is_405()
    {
        var exchange = new FakeExchange(_loop);
        exchange.Receive($"GET {Invoke} HTTP/1.1\nHost: localhost\n");
        _handler.HandleAsync(exchange).Forget();
        _loop.Run();
        Assert.Equal(405, exchange.Response.Status);
    }

    [Theory]
    [InlineData(UpstreamOutcome.PoolExhausted, 429, "TooManyRequestsException")]
    [InlineData(UpstreamOutcome.ConnectFailed, 502, "ServiceException")]
    [InlineData(UpstreamOutcome.TimedOut, 504, "ServiceException")]
    public void What_fails_on_the_way_is_an_error_of_the_service(UpstreamOutcome outcome, int status, string name)
    {
        _endpoint.Upstream.Outcome = outcome;
        FakeExchange exchange = Ask(Invoke);
        Assert.Equal((status, name), (exchange.Response.Status, Field(exchange, "x-amzn-ErrorType")));
        Assert.True(_endpoint.Upstream.IsReturned);
    }

    [Fact]
    public void A_stream_is_messages_with_the_end_as_the_last()
    {
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", "first ", new string('x', 40_000));
        Assert.Equal($"PayloadChunk 'first ' PayloadChunk '{new string('x', 32768)}' PayloadChunk '{new string('x', 40_000 - 32768)}' InvokeComplete '{{}}' ", Messages(Ask(Stream)));
    }

    [Fact]
    public void A_failure_of_a_streaming_function_stands_in_the_end()
    {
        _endpoint.Upstream.Answer("HTTP/1.1 500 Oops\nContent-Length: 41", "{\"errorType\":\"Odd\",\"errorMessage\":\"no\"}  ");
        Assert.Equal("""InvokeComplete '{"ErrorCode":"Odd","ErrorDetails":"{\"errorType\":\"Odd\",\"errorMessage\":\"no\"}  "}' """, Messages(Ask(Stream)));
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked").Add(BodyStatus.Data, "half").Add(BodyStatus.Truncated);
        Assert.Equal("""PayloadChunk 'half' InvokeComplete '{"ErrorCode":"Unhandled","ErrorDetails":""}' """, Messages(Ask(Stream)));
    }

    [Theory]
    [InlineData("/2015-03-31/functions/a/invocations", true)]
    [InlineData("/2015-03-31/functions/a/invocations/", true)]
    [InlineData("/2021-11-15/functions/a/response-streaming-invocations", true)]
    [InlineData("/2014-11-13/functions/a/invoke-async/", true)]
    [InlineData("/2015-03-31/functions//invocations", false)]
    [InlineData("/2015-03-31/functions/a/b/invocations", false)]
    [InlineData("/2015-03-31/functions/a", false)]
    [InlineData("/2015-03-31/functions/", false)]
    [InlineData("/metrics", false)]
    public void Knows_its_paths(string path, bool expected) => Assert.Equal(expected, InvokePage.Has(Encoding.ASCII.GetBytes(path)));

    private void Use(string name) => _endpoint.Clients.Table = new FunctionTable([_endpoint.UrlTarget(name, "http://functions.test")], _endpoint.Clients.Table.Limits);

    private FakeExchange Ask(string path, string field = "", string body = "{}", ListenerFacts? listener = null, string host = "127.0.0.1:9080")
    {
        var exchange = new FakeExchange(_loop, listener);
        string line = field.Length == 0 ? "" : field + "\n";
        exchange.Receive($"POST {path} HTTP/1.1\nHost: {host}\n{line}Content-Length: {body.Length}\n", body);
        _handler.HandleAsync(exchange).Forget();
        _loop.Run();
        if (!exchange.ResponseEnded) _loop.Advance(TimeSpan.FromMilliseconds(100));
        _loop.ThrowUnhandled();
        Assert.True(exchange.ResponseEnded);
        return exchange;
    }

    private static string? Field(FakeExchange exchange, string name) => InvokeRequest.ValueOf(exchange.Response.Headers, name);

    private string Messages(FakeExchange exchange)
    {
        Assert.Equal("application/vnd.amazon.eventstream", Field(exchange, "Content-Type"));
        var decoder = new EventStreamDecoder();
        decoder.Append(exchange.Sent, _loop.Buffers);
        var text = new StringBuilder();
        while (decoder.TryRead() == EventStreamStep.Message) text.Append($"{Encoding.ASCII.GetString(decoder.Type)} '{Encoding.Latin1.GetString(decoder.Payload.Span)}' ");
        Assert.False(decoder.HasRest);
        decoder.Release(_loop.Buffers);
        return text.ToString();
    }
}

using System.Text;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Lambda.Invocation;

public sealed class UrlCallTests
{
    private readonly LoopHarness _loop = new();
    private readonly FakeInvokeEndpoint _endpoint;

    public UrlCallTests() => _endpoint = new FakeInvokeEndpoint(_loop, new FunctionLimits { MaxEvent = 1000, MaxResult = 100, MaxStream = 20 });

    [Fact]
    public void Posts_the_event_and_gives_a_2xx_as_the_result()
    {
        Use("http://functions.test:9000/run/{name}?v=1");
        _endpoint.Upstream.Answer("HTTP/1.1 201 Created\nContent-Length: 12\nx-amzn-RequestId: r-1", "{\"a\"", ":\"b\"}   ");
        FunctionCall call = _endpoint.Rent("hello:live", """{"x":1}""");
        call.Trace = "Root=1-2-3;Sampled=1"u8.ToArray();
        call.Deadline = 77;
        Assert.Equal(FunctionOutcome.Ok, _loop.Await(call.InvokeAsync()));
        Assert.Equal(("POST", "/run/hello?v=1", """{"x":1}"""), (_endpoint.Upstream.Method, _endpoint.Upstream.Target, _endpoint.Upstream.Body));
        Assert.Equal("Host: functions.test:9000\nContent-Type: application/json\nUser-Agent: EdgeProxy\nX-Amzn-Trace-Id: Root=1-2-3;Sampled=1\n", _endpoint.Upstream.AllFields());
        Assert.Equal((BodyFraming.Length, 7L, 77L), (_endpoint.Upstream.Framing, _endpoint.Upstream.ContentLength, _endpoint.Upstream.Deadline));
        Assert.Equal((200, "r-1"), (call.Status, Encoding.ASCII.GetString(call.FunctionRequestId)));
        Assert.Equal("{\"a\":\"b\"}   ", ReadAll(call));
        call.Return();
        Assert.True(_endpoint.Upstream.IsReturned);
        Assert.Equal(0, _loop.Buffers.Leased);
        Assert.Equal(1, _endpoint.Counted("edgeproxy_function_calls_total{function=\"*\",target=\"url\",outcome=\"ok\"}"));
    }

    [Theory]
    [InlineData("301 Moved")]
    [InlineData("404 Not Found")]
    [InlineData("500 Internal Server Error")]
    public void Gives_any_other_status_as_the_functions_failure(string status)
    {
        Use("http://functions.test/");
        _endpoint.Upstream.Answer($"HTTP/1.1 {status}\nContent-Length: 4", "oops");
        FunctionCall call = _endpoint.Rent("hello");
        Assert.Equal(FunctionOutcome.FunctionError, _loop.Await(call.InvokeAsync()));
        Assert.Equal((200, "oops"), (call.Status, ReadAll(call)));
        call.Return();
    }

    [Theory]
    [InlineData(UpstreamOutcome.NameNotFound, FunctionOutcome.ConnectFailed)]
    [InlineData(UpstreamOutcome.ConnectFailed, FunctionOutcome.ConnectFailed)]
    [InlineData(UpstreamOutcome.ConnectTimedOut, FunctionOutcome.ConnectFailed)]
    [InlineData(UpstreamOutcome.Reset, FunctionOutcome.ConnectFailed)]
    [InlineData(UpstreamOutcome.TlsFailed, FunctionOutcome.TlsFailed)]
    [InlineData(UpstreamOutcome.CertificateUntrusted, FunctionOutcome.TlsFailed)]
    [InlineData(UpstreamOutcome.CertificateNameMismatch, FunctionOutcome.TlsFailed)]
    [InlineData(UpstreamOutcome.CertificateExpired, FunctionOutcome.TlsFailed)]
    [InlineData(UpstreamOutcome.PoolExhausted, FunctionOutcome.Throttled)]
    [InlineData(UpstreamOutcome.TimedOut, FunctionOutcome.TimedOut)]
    [InlineData(UpstreamOutcome.Malformed, FunctionOutcome.Malformed)]
    [InlineData(UpstreamOutcome.HeadTooLarge, FunctionOutcome.Malformed)]
    [InlineData(UpstreamOutcome.Unsendable, FunctionOutcome.BadEvent)]
    [InlineData(UpstreamOutcome.Aborted, FunctionOutcome.Aborted)]
    public void Tells_failures_of_the_way_there_apart(UpstreamOutcome outcome, FunctionOutcome expected)
    {
        Use("http://functions.test/");
        _endpoint.Upstream.Outcome = outcome;
        FunctionCall call = _endpoint.Rent("hello");
        Assert.Equal(expected, _loop.Await(call.InvokeAsync()));
        Assert.Equal("", ReadAll(call));
        call.Return();
        Assert.True(_endpoint.Upstream.IsReturned);
    }

    [Fact]
    public void Says_that_the_time_was_over_when_connecting_took_all_of_it()
    {
        Use("http://functions.test/");
        _endpoint.Upstream.Outcome = UpstreamOutcome.ConnectTimedOut;
        FunctionCall call = _endpoint.Rent("hello");
        call.Deadline = _loop.Now;
        Assert.Equal(FunctionOutcome.TimedOut, _loop.Await(call.InvokeAsync()));
        call.Return();
    }

    [Fact]
    public void Refuses_an_event_beyond_the_limit_without_a_call()
    {
        Use("http://functions.test/");
        FunctionCall call = _endpoint.Rent("hello", new string(' ', 1001));
        Assert.Equal((FunctionOutcome.EventTooLarge, 413), (_loop.Await(call.InvokeAsync()), call.Status));
        call.Return();
        Assert.Equal(0, _endpoint.Upstream.Calls);
        Assert.Equal(1, _endpoint.Counted("edgeproxy_function_limit_hits_total{limit=\"limits.functionPayload\"}"));
    }

    [Fact]
    public void Makes_a_result_beyond_the_limit_the_functions_failure()
    {
        Use("http://functions.test/");
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", new string('x', 60), new string('y', 41));
        FunctionCall call = _endpoint.Rent("hello");
        Assert.Equal((FunctionOutcome.FunctionError, 200), (_loop.Await(call.InvokeAsync()), call.Status));
        Assert.Contains("\"errorType\":\"Function.ResponseSizeTooLarge\"", ReadAll(call), StringComparison.Ordinal);
        call.Return();
        Assert.Equal(1, _endpoint.Counted("edgeproxy_function_limit_hits_total{limit=\"limits.functionPayload\"}"));
    }

    [Theory]
    [InlineData(BodyStatus.Truncated, FunctionOutcome.ConnectFailed)]
    [InlineData(BodyStatus.TimedOut, FunctionOutcome.TimedOut)]
    [InlineData(BodyStatus.Violation, FunctionOutcome.Malformed)]
    [InlineData(BodyStatus.Aborted, FunctionOutcome.Aborted)]
    public void Tells_how_a_result_broke_off(BodyStatus status, FunctionOutcome expected)
    {
        Use("http://functions.test/");
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked").Add(BodyStatus.Data, "abc").Add(status);
        FunctionCall call = _endpoint.Rent("hello");
        Assert.Equal(expected, _loop.Await(call.InvokeAsync()));
        call.Return();
        Assert.Equal(0, _loop.Buffers.Leased);
    }

    [Fact]
    public void Passes_a_result_on_as_it_comes_where_that_is_wanted()
    {
        Use("http://functions.test/");
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked").Add(BodyStatus.Data, "first ");
        FunctionCall call = _endpoint.Rent("hello");
        call.Streams = true;
        Assert.Equal(FunctionOutcome.Ok, _loop.Await(call.InvokeAsync()));
        Assert.Equal("first ", Encoding.ASCII.GetString(_loop.Await(call.ReadBodyAsync()).Chunk.Span));
        var next = call.ReadBodyAsync();
        _loop.Run();
        Assert.False(next.IsCompleted);
        _endpoint.Upstream.Add(BodyStatus.End, "last");
        BodyRead last = _loop.Await(next);
        Assert.Equal((BodyStatus.End, "last"), (last.Status, Encoding.ASCII.GetString(last.Chunk.Span)));
        call.Return();
    }

    [Fact]
    public void Ends_a_stream_beyond_the_limit()
    {
        Use("http://functions.test/");
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", new string('x', 15), new string('y', 6));
        FunctionCall call = _endpoint.Rent("hello");
        call.Streams = true;
        Assert.Equal(FunctionOutcome.Ok, _loop.Await(call.InvokeAsync()));
        Assert.Equal(BodyStatus.Data, _loop.Await(call.ReadBodyAsync()).Status);
        Assert.Equal(BodyStatus.TooLarge, _loop.Await(call.ReadBodyAsync()).Status);
        call.Return();
        Assert.Equal(1, _endpoint.Counted("edgeproxy_function_limit_hits_total{limit=\"lambda.maxStream\"}"));
    }

    [Fact]
    public void Gives_up_when_it_is_told_to()
    {
        Use("http://functions.test/");
        _endpoint.Upstream.Waits = true;
        FunctionCall call = _endpoint.Rent("hello");
        var task = call.InvokeAsync();
        _loop.Run();
        call.Abort();
        _endpoint.Upstream.Outcome = UpstreamOutcome.Aborted;
        Assert.Equal(FunctionOutcome.Aborted, _loop.Await(task));
        call.Return();
        Assert.True(_endpoint.Upstream.IsReturned);
    }

    [Fact]
    public void Calls_nobody_to_see_whether_the_function_is_there()
    {
        Use("http://functions.test/");
        FunctionCall call = _endpoint.Rent("hello");
        call.Type = InvocationType.DryRun;
        Assert.Equal((FunctionOutcome.Ok, 204), (_loop.Await(call.InvokeAsync()), call.Status));
        call.Return();
        Assert.Equal(0, _endpoint.Upstream.Calls);
    }

    [Fact]
    public void Forgets_the_call_before()
    {
        Use("http://functions.test/");
        FunctionName.TryParse("hello", out FunctionName? name);
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 5\nx-amzn-RequestId: r-1", "first");
        FunctionCall call = _endpoint.Clients.RentOrNull(name!)!;
        _loop.Await(call.InvokeAsync());
        call.Return();
        _endpoint.Upstream.Answer("HTTP/1.1 204 No Content");
        FunctionCall again = _endpoint.Clients.RentOrNull(name!)!;
        Assert.Same(call, again);
        Assert.Equal((0, long.MaxValue, 0), (again.Status, again.Deadline, again.Event.Length));
        Assert.Equal(FunctionOutcome.Ok, _loop.Await(again.InvokeAsync()));
        Assert.Equal(("", ""), (ReadAll(again), Encoding.ASCII.GetString(again.FunctionRequestId)));
        again.Return();
    }

    private void Use(string url) => _endpoint.Clients.Table = new FunctionTable([_endpoint.UrlTarget("*", url)], _endpoint.Clients.Table.Limits);

    private string ReadAll(FunctionCall call)
    {
        var text = new StringBuilder();
        while (true)
        {
            BodyRead read = _loop.Await(call.ReadBodyAsync());
            Assert.False(read.Failed);
            text.Append(Encoding.Latin1.GetString(read.Chunk.Span));
            if (read.Status == BodyStatus.End) return text.ToString();
        }
    }
}

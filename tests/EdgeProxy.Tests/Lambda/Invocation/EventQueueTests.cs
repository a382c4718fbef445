using EdgeProxy.Http.Client;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Lambda.Invocation;

public sealed class EventQueueTests
{
    private readonly LoopHarness _loop = new();
    private readonly FakeInvokeEndpoint _endpoint;

    public EventQueueTests()
    {
        _endpoint = new FakeInvokeEndpoint(_loop);
        Use(new FunctionLimits());
    }

    [Fact]
    public void Answers_202_at_once_and_calls_afterwards()
    {
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 2", "ok");
        Assert.Equal((FunctionOutcome.Ok, 202), Send("hello", """{"n":1}"""));
        _loop.Run();
        Assert.Equal((1, """{"n":1}""", 0L), (_endpoint.Upstream.Calls, _endpoint.Upstream.Body, _endpoint.Clients.Queue.Bytes));
        Assert.True(_endpoint.Upstream.IsReturned);
    }

    [Fact]
    public void Calls_again_after_one_minute_and_two_more_when_the_function_fails_and_then_no_more()
    {
        _endpoint.Upstream.Answer("HTTP/1.1 500 Oops\nContent-Length: 0", "");
        Send("hello", "{}");
        _loop.Run();
        Assert.Equal(1, _endpoint.Upstream.Calls);
        _loop.Advance(TimeSpan.FromSeconds(59));
        Assert.Equal(1, _endpoint.Upstream.Calls);
        _loop.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(2, _endpoint.Upstream.Calls);
        _loop.Advance(TimeSpan.FromSeconds(118));
        Assert.Equal(2, _endpoint.Upstream.Calls);
        _loop.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(3, _endpoint.Upstream.Calls);
        Assert.Equal(0, _endpoint.Clients.Queue.Bytes);
        _loop.Advance(TimeSpan.FromHours(1));
        Assert.Equal(3, _endpoint.Upstream.Calls);
    }

    [Fact]
    public void Goes_on_for_six_hours_when_the_way_there_fails()
    {
        _endpoint.Upstream.Outcome = UpstreamOutcome.ConnectFailed;
        Send("hello", "{}");
        _loop.Advance(TimeSpan.FromMinutes(5));
        Assert.InRange(_endpoint.Upstream.Calls, 7, 10);
        _loop.Advance(TimeSpan.FromHours(6.5));
        int calls = _endpoint.Upstream.Calls;
        Assert.InRange(calls, 60, 85);
        Assert.Equal(0, _endpoint.Clients.Queue.Bytes);
        _loop.Advance(TimeSpan.FromHours(1));
        Assert.Equal(calls, _endpoint.Upstream.Calls);
    }

    [Fact]
    public void Stops_at_success()
    {
        _endpoint.Upstream.Outcome = UpstreamOutcome.ConnectFailed;
        Send("hello", "{}");
        _loop.Run();
        _endpoint.Upstream.Outcome = UpstreamOutcome.Ok;
        _loop.Advance(TimeSpan.FromMinutes(10));
        Assert.Equal((2, 0L), (_endpoint.Upstream.Calls, _endpoint.Clients.Queue.Bytes));
    }

    [Fact]
    public void Drops_an_event_whose_function_is_gone()
    {
        Send("hello", "{}");
        _endpoint.Clients.Table = FunctionTable.Empty;
        _loop.Run();
        Assert.Equal((0, 0L), (_endpoint.Upstream.Calls, _endpoint.Clients.Queue.Bytes));
    }

    [Fact]
    public void Refuses_what_is_beyond_its_bytes_as_throttled()
    {
        Use(new FunctionLimits { EventQueue = 2500 });
        Assert.Equal((FunctionOutcome.Ok, 202), Send("hello", "{}"));
        Assert.Equal((FunctionOutcome.Ok, 202), Send("hello", "{}"));
        Assert.Equal((FunctionOutcome.Throttled, 429), Send("hello", "{}"));
        Assert.Equal(1, _endpoint.Counted("edgeproxy_function_limit_hits_total{limit=\"lambda.eventQueue\"}"));
    }

    private void Use(FunctionLimits limits) => _endpoint.Clients.Table = new FunctionTable([_endpoint.UrlTarget("*", "http://functions.test")], limits);

    private (FunctionOutcome, int) Send(string function, string body)
    {
        FunctionCall call = _endpoint.Rent(function, body);
        call.Type = InvocationType.Event;
        var task = call.InvokeAsync();
        Assert.True(task.IsCompleted);
        FunctionOutcome outcome = task.GetAwaiter().GetResult();
        int status = call.Status;
        call.Return();
        return (outcome, status);
    }
}

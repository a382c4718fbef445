using EdgeProxy.Http.Messages;
using EdgeProxy.Lambda.Invocation;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Lambda.Invocation;

public sealed class FunctionClientsTests
{
    private readonly LoopHarness _loop = new();
    private readonly FakeInvokeEndpoint _endpoint;

    public FunctionClientsTests() => _endpoint = new FakeInvokeEndpoint(_loop);

    [Fact]
    public void Takes_no_function_that_has_no_target()
    {
        _endpoint.Clients.Table = new FunctionTable([_endpoint.Target("other")]);
        FunctionName.TryParse("hello", out FunctionName? name);
        Assert.Null(_endpoint.Clients.RentOrNull(name!));
        Assert.Null(_endpoint.Clients.RentOrNull(name! with { }));
    }

    [Fact]
    public void Uses_a_new_table_from_the_next_call_on_and_lets_calls_under_way_be()
    {
        FunctionName.TryParse("hello", out FunctionName? name);
        _endpoint.Upstream.Waits = true;
        FunctionCall call = _endpoint.Clients.RentOrNull(name!)!;
        var task = call.InvokeAsync();
        _loop.Run();
        _endpoint.Clients.Table = FunctionTable.Empty;
        Assert.Null(_endpoint.Clients.RentOrNull(name!));
        _endpoint.Upstream.Respond();
        Assert.Equal(FunctionOutcome.Ok, _loop.Await(task));
        call.Return();
        _endpoint.Clients.Table = new FunctionTable([_endpoint.Target("*")]);
        Assert.NotNull(_endpoint.Clients.RentOrNull(name!));
    }

    [Fact]
    public void Bears_any_number_of_names()
    {
        for (int i = 0; i < 10_000; i++)
        {
            FunctionName.TryParse($"f{i}", out FunctionName? name);
            FunctionCall call = _endpoint.Clients.RentOrNull(name!)!;
            call.Return();
        }
    }

    [ReleaseFact]
    public void Calls_an_endpoint_without_allocating_once_it_is_warm()
    {
        FunctionName.TryParse("arn:aws:lambda:eu-west-1:111122223333:function:hello:live", out FunctionName? name);
        _endpoint.Upstream.Answer("HTTP/1.1 200 OK\nContent-Length: 11\nx-amzn-RequestId: r-1", "hello world");
        byte[] body = new byte[5000];
        long before = 0;
        for (int i = 0; i < 1000; i++)
        {
            if (i == 300) before = GC.GetAllocatedBytesForCurrentThread();
            FunctionCall call = _endpoint.Clients.RentOrNull(name!)!;
            call.Event = new BodyChunk(body, 0, 10);
            var task = call.InvokeAsync();
            _loop.Run();
            Assert.True(task.IsCompleted && task.GetAwaiter().GetResult() == FunctionOutcome.Ok);
            call.Return();
        }

        long perCall = (GC.GetAllocatedBytesForCurrentThread() - before) / 700;

        // The stand-in keeps what it was sent as text, which is a third of a kilobyte a call.
        Assert.InRange(perCall, 0, 200);
    }
}

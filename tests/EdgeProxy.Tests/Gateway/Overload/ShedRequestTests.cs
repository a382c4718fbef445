using EdgeProxy.Gateway.Overload;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.Overload;

public sealed class ShedRequestTests : IDisposable
{
    private static readonly OverloadOptions s_options = new(5_000_000, 100_000_000);

    private readonly TestGateway _gateway = new TestGateway().Route("GET /pets", TestGateway.Mock()).Route("POST /pets", TestGateway.Mock());

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public void What_is_shed_is_503_with_Retry_After_and_keeps_its_connection()
    {
        Overload(s_options);
        FakeExchange answer = _gateway.Send("GET /pets HTTP/1.1");
        Assert.Equal((503, """{"message":"Service Unavailable"}"""), (answer.Response.Status, answer.SentText));
        Assert.Equal("Content-Type: application/json\nRetry-After: 1\n", answer.ResponseFields());
        Assert.True(answer.ResponseEnded);
        Assert.Equal((false, AbortReason.None), (answer.CloseAfterwards, answer.Aborted));
        Assert.Equal("1", _gateway.Metric("edgeproxy_shed_total"));
    }

    [Fact]
    public void Nothing_is_shed_unless_it_is_set()
    {
        Overload(null);
        Assert.Equal(200, _gateway.Send("GET /pets HTTP/1.1").Response.Status);
        Assert.Equal("0", _gateway.Metric("edgeproxy_shed_total"));
    }

    [Fact]
    public void The_loop_serves_again_in_its_next_turn()
    {
        Overload(s_options);
        Assert.Equal(503, _gateway.Send("GET /pets HTTP/1.1").Response.Status);
        _gateway.Load.BeginTurn();
        Assert.Equal(200, _gateway.Send("GET /pets HTTP/1.1").Response.Status);
    }

    [Fact]
    public void HEAD_gets_no_body()
    {
        Overload(s_options);
        FakeExchange answer = _gateway.Send("HEAD /pets HTTP/1.1");
        Assert.Equal((503, ""), (answer.Response.Status, answer.SentText));
    }

    [Fact]
    public void A_gRPC_call_is_told_that_the_node_is_unavailable()
    {
        Overload(s_options);
        FakeExchange answer = _gateway.Exchange.Receive("POST /pets HTTP/1.1\nHost: node\nContent-Type: application/grpc");
        answer.Request.Version = 20;
        _gateway.Handle();
        Assert.Equal((200, "14"), (answer.Response.Status, answer.ResponseField("grpc-status")));
        Assert.Equal("application/grpc", answer.ResponseField("Content-Type"));
        Assert.Equal("", answer.SentText);
    }

    [ReleaseFact]
    public void What_is_shed_allocates_nothing()
    {
        Overload(s_options);
        _gateway.Send("GET /pets HTTP/1.1");
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int i = 0; i < 100; i++)
            {
                _gateway.Exchange.ReceiveAgain();
                _gateway.Handle();
            }
        }));
        Assert.Equal(503, _gateway.Exchange.Response.Status);
    }

    // A loop that has had no pause for two intervals, and is ten milliseconds into its turn.
    private void Overload(OverloadOptions? options)
    {
        _gateway.Serve(new GatewaySettings { Overload = options });
        for (int i = 0; i < 300; i++)
        {
            _gateway.Load.Clock += 1_000_000;
            _gateway.Load.BeginTurn();
            Assert.Equal(200, _gateway.Send("GET /pets HTTP/1.1").Response.Status);
        }

        _gateway.Load.Clock += 10_000_000;
    }
}

using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Http.Client;

public sealed class Http1ClientTests : IDisposable
{
    private readonly LoopHarness _loop = new();
    private readonly MemoryConnector _connector;
    private readonly Http1Client _client;

    public Http1ClientTests()
    {
        _connector = new MemoryConnector(_loop);
        _client = new Http1Client(_loop, _connector, new UpstreamOptions(), new UpstreamMetrics(new MetricRegistry(1)));
    }

    [Fact]
    public void A_pool_unused_for_ten_minutes_goes_when_another_upstream_comes()
    {
        Finish(Start(9001), 0);
        _loop.Advance(TimeSpan.FromSeconds(61)); // its idle connection closes: the pool is empty from here on
        Finish(Start(9002), 1);
        _loop.Advance(TimeSpan.FromMinutes(9));
        Finish(Start(9003), 2);
        Assert.Equal(3, _client.Pools);
        _loop.Advance(TimeSpan.FromMinutes(2)); // eleven minutes for the first; ten, less the idle time-out, for the second
        Finish(Start(9004), 3);
        Assert.Equal(3, _client.Pools);
        Finish(Start(9001), 4);
        Assert.Equal(4, _client.Pools);
    }

    [Fact]
    public void A_pool_with_a_call_under_way_stays()
    {
        UpstreamCall slow = Start(9001);
        _loop.Advance(TimeSpan.FromMinutes(30));
        Finish(Start(9002), 1);
        Assert.Equal(2, _client.Pools);
        Finish(slow, 0);
        Finish(Start(9001), 0); // on the same connection
    }

    [Fact]
    public void A_response_head_beyond_what_could_be_passed_on_is_too_large()
    {
        UpstreamCall fits = _client.Rent();
        LoopTask<UpstreamOutcome> sending = Send(fits, 9001);
        _connector.Opened[0].Deliver($"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Large: {new string('x', 31 * 1024)}\r\n\r\n");
        Assert.Equal(UpstreamOutcome.Ok, _loop.Await(sending));
        fits.Return();

        UpstreamCall call = _client.Rent();
        sending = Send(call, 9001);
        _connector.Opened[^1].Deliver($"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX-Large: {new string('x', 33 * 1024)}\r\n\r\n");
        Assert.Equal(UpstreamOutcome.HeadTooLarge, _loop.Await(sending));
        call.Return();
    }

    public void Dispose()
    {
        _loop.ThrowUnhandled();
        _loop.Dispose();
    }

    private UpstreamCall Start(int port)
    {
        UpstreamCall call = _client.Rent();
        Send(call, port).Forget();
        return call;
    }

    private LoopTask<UpstreamOutcome> Send(UpstreamCall call, int port)
    {
        call.Method = HttpMethod.Get;
        call.MethodStart = call.Headers.Append("GET"u8);
        call.MethodLength = 3;
        call.TargetStart = call.Headers.Append("/"u8);
        call.TargetLength = 1;
        call.Headers.Add(KnownHeader.Host, "Host"u8, "up"u8);
        LoopTask<UpstreamOutcome> sending = call.SendAsync(new UpstreamName("127.0.0.1", port));
        _loop.Run();
        return sending;
    }

    // By the order in which connections were opened.
    private void Finish(UpstreamCall call, int connection)
    {
        _connector.Opened[connection].Deliver(Encoding.ASCII.GetBytes("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"));
        _loop.Run();
        Assert.Equal(200, call.Response.Status);
        call.Return();
    }
}

using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Lifecycle;

/// <summary>Ending a node that is being used.</summary>
public sealed class DrainTests
{
    [Fact]
    public async Task SIGTERM_lets_requests_in_flight_end_and_exits_with_0()
    {
        var release = new TaskCompletionSource();
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            await release.Task;
            await wire.SendAsync(RawUpstream.Response(200, "hello"));
        });
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port), "drain:\n  grace: 10ms\n");
        using Wire client = await node.ConnectAsync();
        using Wire idle = await node.ConnectAsync();
        await idle.SendAsync("GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal(200, (await idle.ReadResponseAsync()).Status);
        await client.SendAsync("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await Wait.UntilAsync(() => upstream.Open == 1, "the request reaches the upstream");

        node.Signal(Native.SIGTERM);
        await idle.ExpectClosedAsync();
        await Wait.UntilAsync(() => RefusesAsync(node.DataPort), "the listener closes");
        Assert.False(node.HasExited);
        release.SetResult();
        Answer answer = await client.ReadResponseAsync();
        Assert.Equal("hello", answer.Text);
        Assert.Equal("close", answer["Connection"]);
        Assert.Equal(0, await node.UntilExitAsync());
    }

    [Fact]
    public async Task During_the_grace_new_connections_are_served_and_readiness_says_no()
    {
        await using Node node = await Node.StartAsync(Api.ProxyTo(1), "drain:\n  grace: 20s\n");
        Assert.Equal(200, (await node.AdminAsync("/readyz")).Status);
        node.Signal(Native.SIGTERM);
        await Wait.UntilAsync(async () => (await node.AdminAsync("/readyz")).Status == 503, "readiness says no");
        Assert.Equal(200, (await node.AdminAsync("/livez")).Status);
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Answer answer = await client.ReadResponseAsync();
        Assert.Equal(200, answer.Status);
        Assert.Equal("close", answer["Connection"]);
    }

    [Fact]
    public async Task A_request_that_outlasts_the_drain_is_cut_and_the_node_still_ends()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire => await wire.ReadToEndAsync());
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port), "drain:\n  grace: 10ms\n  timeout: 200ms\n");
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("GET /never HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await Wait.UntilAsync(() => upstream.Open == 1, "the request reaches the upstream");
        node.Signal(Native.SIGTERM);
        await node.UntilExitAsync();
        await client.ReadToEndAsync();
    }

    [Fact]
    public async Task A_second_SIGTERM_ends_it_at_once()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire => await wire.ReadToEndAsync());
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port), "drain:\n  grace: 1h\n  timeout: 1h\n");
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("GET /never HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await Wait.UntilAsync(() => upstream.Open == 1, "the request reaches the upstream");
        node.Signal(Native.SIGTERM);
        await node.UntilEventAsync("draining");
        node.Signal(Native.SIGTERM);
        await node.UntilExitAsync();
    }

    [Fact]
    public async Task An_idle_node_ends_when_its_grace_is_over()
    {
        await using Node node = await Node.StartAsync(Api.ProxyTo(1), "drain:\n  grace: 10ms\n");
        node.Signal(Native.SIGTERM);
        Assert.Equal(0, await node.UntilExitAsync());
    }

    private static async Task<bool> RefusesAsync(int port)
    {
        try
        {
            using Wire wire = await Wire.ConnectAsync(port);
            return false;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return true;
        }
    }
}

using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Traffic;

/// <summary>Caps on the requests of a route that are under way, with a backend that takes its time.</summary>
public sealed class ConcurrencyTests
{
    private const string Ask = "GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n";

    [Fact]
    public async Task Requests_beyond_the_cap_wait_those_beyond_the_queue_are_503_and_the_backend_never_sees_more()
    {
        var release = new SemaphoreSlim(0);
        int most = 0, inside = 0;
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            while (await wire.ReadRequestOrNullAsync() is not null)
            {
                int now = Interlocked.Increment(ref inside);
                lock (release) most = Math.Max(most, now);
                await release.WaitAsync();
                Interlocked.Decrement(ref inside);
                await wire.SendAsync(RawUpstream.Response(200, "done"));
            }
        });
        await using Node node = await StartAsync(upstream.Port, "concurrency: {max: 2, queue: 6, wait: 30s}");
        Wire[] clients = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => node.ConnectAsync()));
        foreach (Wire client in clients) await client.SendAsync(Ask);
        await Wait.UntilAsync(async () => await node.MetricAsync("edgeproxy_route_queue_length") == 6, "six wait");
        Assert.Equal(2, await node.MetricAsync("edgeproxy_route_concurrency"));

        Answer refused = await node.AskAsync(Ask);
        Assert.Equal((503, "1", "{\"message\":\"Service Unavailable\"}"), (refused.Status, refused["Retry-After"], refused.Text));

        // One that goes makes room for another, and a slot for nobody.
        clients[7].Reset();
        await Wait.UntilAsync(async () => await node.MetricAsync("edgeproxy_route_queue_length") == 5, "one has gone");

        release.Release(100);
        foreach (Wire client in clients[..7]) Assert.Equal("done", (await client.ReadResponseAsync()).Text);
        Assert.Equal(2, most);
        Assert.Equal(0, await node.MetricAsync("edgeproxy_route_concurrency"));
        Assert.Equal(0, await node.MetricAsync("edgeproxy_route_queue_length"));
        Assert.Equal(1, await node.MetricAsync("edgeproxy_limit_hits_total", "apis[].concurrency"));
        foreach (Wire client in clients) client.Dispose();
    }

    [Fact]
    public async Task A_wait_that_takes_too_long_ends_in_503_and_the_slot_goes_on_to_others()
    {
        var release = new TaskCompletionSource();
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            while (await wire.ReadRequestOrNullAsync() is not null)
            {
                await release.Task;
                await wire.SendAsync(RawUpstream.Response(200, "done"));
            }
        });
        await using Node node = await StartAsync(upstream.Port, "methods:\n  /slow/GET: {concurrency: {max: 1, queue: 1, wait: 50ms}}");
        using Wire first = await node.ConnectAsync();
        await first.SendAsync(Ask);
        await Wait.UntilAsync(async () => await node.MetricAsync("edgeproxy_route_concurrency") == 1, "the first is under way");
        Assert.Equal(503, (await node.AskAsync(Ask)).Status);
        Assert.Equal(1, await node.MetricAsync("edgeproxy_route_queued_total", "outcome=\"timed_out\""));
        release.SetResult();
        Assert.Equal(200, (await first.ReadResponseAsync()).Status);
        Assert.Equal(200, (await node.AskAsync(Ask)).Status);
    }

    private static Task<Node> StartAsync(int port, string apiSettings) =>
        Node.StartAsync(new NodeOptions { Api = new Api().Proxy("/slow", "GET", $"http://127.0.0.1:{port}/").ToString(), ApiSettings = apiSettings });
}

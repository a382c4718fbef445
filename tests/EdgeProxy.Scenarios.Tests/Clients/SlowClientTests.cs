using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Clients;

/// <summary>Clients that hold what they were given and never finish.</summary>
public sealed class SlowClientTests
{
    [Fact]
    public async Task A_head_that_does_not_end_in_time_is_408_although_bytes_keep_coming()
    {
        await using Node node = await Node.StartAsync(Api.ProxyTo(1), "timeouts:\n  headers: 400ms\n");
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("GET /mock HTTP/1.1\r\nHost: localhost\r\n");
        using var over = new CancellationTokenSource();
        Task dripping = DripAsync(client, "X-Slow: 1\r\n", over.Token);
        Answer answer = await client.ReadResponseAsync();
        await over.CancelAsync();
        await dripping;
        Assert.Equal(408, answer.Status);
        Assert.Equal("close", answer["Connection"]);
    }

    [Fact]
    public async Task A_body_below_the_minimum_rate_is_408_and_the_upstream_is_let_go()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire => await wire.ReadToEndAsync());
        await using Node node = await Node.StartAsync(
            Api.ProxyTo(upstream.Port), "timeouts:\n  bodyMinRate: 10000\n  bodyMinRateGrace: 300ms\n");
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("POST /slow HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000\r\n\r\n");
        using var over = new CancellationTokenSource();
        Task dripping = DripAsync(client, "x", over.Token);
        Answer answer = await client.ReadResponseAsync();
        await over.CancelAsync();
        await dripping;
        Assert.Equal(408, answer.Status);
        await Wait.UntilAsync(() => upstream.Open == 0, "the upstream connection closes");
    }

    [Fact]
    public async Task A_slow_reader_holds_back_the_upstream_and_not_the_memory()
    {
        const int Length = 200 << 20;
        long sent = 0;
        byte[] block = new byte[1 << 20];
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            await wire.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {Length}\r\n\r\n");
            for (int i = 0; i < Length / block.Length; i++)
            {
                await wire.SendAsync(block);
                Interlocked.Add(ref sent, block.Length);
            }
        });
        await using Node node = await Node.StartAsync(
            Api.ProxyTo(upstream.Port), "limits:\n  responseBody: unlimited\n");
        long before = node.ResidentBytes();
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Answer head = (await client.ReadHeadOrNullAsync())!;
        Assert.Equal(200, head.Status);

        // Nothing is read until the sockets are full; then the upstream cannot send.
        // Nothing tells that no more will come but that none comes, over several looks: one alone might be a busy machine's pause.
        long last = -1;
        int quiet = 0;
        await Wait.UntilAsync(
            () =>
            {
                long now = Interlocked.Read(ref sent);
                quiet = now == last && now > 0 ? quiet + 1 : 0;
                last = now;
                return quiet == 50;
            },
            "the upstream is held back");
        Assert.InRange(Interlocked.Read(ref sent), 1, Length / 2);
        Assert.InRange(node.ResidentBytes(), 0, before + (32L << 20));

        long received = 0;
        byte[] into = new byte[1 << 20];
        while (received < Length)
        {
            int read = await client.ReadSomeAsync(into);
            Assert.NotEqual(0, read);
            received += read;
        }
    }

    [Fact]
    public async Task Other_clients_are_served_while_many_are_slow()
    {
        await using Node node = await Node.StartAsync(Api.ProxyTo(1));
        var slow = new List<Wire>();
        try
        {
            for (int i = 0; i < 200; i++)
            {
                Wire client = await node.ConnectAsync();
                await client.SendAsync("GET /mock HT");
                slow.Add(client);
            }

            for (int i = 0; i < 20; i++) Assert.Equal(200, (await node.GetAsync("/mock")).Status);

            // And each of them is when it gets round to it.
            foreach (Wire client in slow)
            {
                await client.SendAsync("TP/1.1\r\nHost: localhost\r\n\r\n");
                Assert.Equal(200, (await client.ReadResponseAsync()).Status);
            }
        }
        finally
        {
            slow.ForEach(client => client.Dispose());
        }
    }

    /// <summary>Sends a few bytes again and again until told to stop or cut off.</summary>
    private static async Task DripAsync(Wire client, string drop, CancellationToken over)
    {
        try
        {
            while (!over.IsCancellationRequested)
            {
                await client.SendAsync(drop);
                await Task.Delay(20, over);
            }
        }
        catch (Exception error) when (error is OperationCanceledException or System.Net.Sockets.SocketException)
        {
            // Cut off: that is what is being asked for.
        }
    }
}

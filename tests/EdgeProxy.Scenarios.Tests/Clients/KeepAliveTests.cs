using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Clients;

/// <summary>Several requests on one connection, one after the other or all at once (RFC 9112, 9.3).</summary>
public sealed class KeepAliveTests
{
    [Fact]
    public async Task Requests_one_after_the_other_share_a_connection_here_and_to_the_upstream()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(new NodeOptions { Api = Api.ProxyTo(upstream.Port).ToString(), Loops = 1 });
        using Wire client = await node.ConnectAsync();
        for (int i = 0; i < 100; i++)
        {
            await client.SendAsync($"GET /n/{i} HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Answer answer = await client.ReadResponseAsync();
            Assert.Equal(200, answer.Status);
            Assert.StartsWith($"GET /n/{i} ", answer.Text, StringComparison.Ordinal);
        }

        Assert.Equal(1, upstream.Accepted);
    }

    [Fact]
    public async Task Pipelined_requests_are_answered_in_their_order()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        using Wire client = await node.ConnectAsync();
        const int Count = 200;
        await client.SendAsync(string.Concat(Enumerable.Range(0, Count).Select(i =>
            i % 3 == 0
                ? $"GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n"
                : $"POST /n/{i} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello")));
        for (int i = 0; i < Count; i++)
        {
            Answer answer = await client.ReadResponseAsync();
            Assert.Equal(200, answer.Status);
            if (i % 3 == 0) Assert.Equal("", answer.Text);
            else Assert.StartsWith($"POST /n/{i} ", answer.Text, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_client_that_pipelines_without_reading_is_not_read_without_end()
    {
        using RawUpstream upstream = RawUpstream.Answering(_ => RawUpstream.Response(200, new string('x', 100_000)));
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        using Wire client = await node.ConnectAsync();
        const int Count = 2_000;
        byte[] requests = System.Text.Encoding.ASCII.GetBytes(
            string.Concat(Enumerable.Repeat("GET /large HTTP/1.1\r\nHost: localhost\r\n\r\n", Count)));
        long before = node.ResidentBytes();

        Task sending = client.SendAsync(requests);
        await Wait.UntilAsync(() => upstream.Requests.Count >= 3, "the first requests reach the upstream");
        for (int i = 0; i < Count; i++) Assert.Equal(100_000, (await client.ReadResponseAsync()).Body.Length);
        await sending;

        Assert.InRange(node.ResidentBytes(), 0, before + (64L << 20));
    }

    [Fact]
    public async Task Connection_close_is_answered_and_obeyed()
    {
        await using Node node = await Node.StartAsync(Api.ProxyTo(1));
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("GET /mock HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\nGET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Answer answer = await client.ReadResponseAsync();
        Assert.Equal(200, answer.Status);
        Assert.Equal("close", answer["Connection"]);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_message_that_could_be_read_in_two_ways_is_refused_and_ends_the_connection()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        using Wire client = await node.ConnectAsync();
        await client.SendAsync(
            "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /smuggled HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal(400, (await client.ReadResponseAsync()).Status);
        await client.ExpectClosedAsync();
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task A_connection_ends_after_the_configured_number_of_requests()
    {
        await using Node node = await Node.StartAsync(Api.ProxyTo(1), "limits:\n  requestsPerConnection: 3\n");
        using Wire client = await node.ConnectAsync();
        for (int i = 1; i <= 3; i++)
        {
            await client.SendAsync("GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n");
            Assert.Equal(i == 3 ? "close" : "keep-alive", (await client.ReadResponseAsync())["Connection"]);
        }

        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task An_idle_connection_is_closed_without_a_word_after_the_idle_time()
    {
        await using Node node = await Node.StartAsync(Api.ProxyTo(1), "timeouts:\n  idle: 200ms\n");
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal(200, (await client.ReadResponseAsync()).Status);
        await client.ExpectClosedAsync();
    }
}

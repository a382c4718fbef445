using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Clients;

/// <summary>Clients that end their direction, or vanish, before they have their answer.</summary>
public sealed class HalfClosedTests
{
    [Fact]
    public async Task A_client_that_has_ended_its_direction_still_gets_its_answers()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("GET /one HTTP/1.1\r\nHost: localhost\r\n\r\nGET /two HTTP/1.1\r\nHost: localhost\r\n\r\n");
        client.EndSending();
        Assert.StartsWith("GET /one ", (await client.ReadResponseAsync()).Text, StringComparison.Ordinal);
        Assert.StartsWith("GET /two ", (await client.ReadResponseAsync()).Text, StringComparison.Ordinal);
        await client.ExpectClosedAsync();
    }

    [Fact]
    public async Task A_body_that_ends_too_early_never_reaches_the_upstream_as_a_whole_one()
    {
        bool whole = false;
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            whole = true;
        });
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("POST /cut HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhello");
        client.EndSending();
        byte[] rest = await client.ReadToEndAsync();
        string text = System.Text.Encoding.ASCII.GetString(rest);
        Assert.True(text.Length == 0 || text.StartsWith("HTTP/1.1 400 ", StringComparison.Ordinal), text);
        await Wait.UntilAsync(() => upstream.Open == 0, "the upstream connection closes");
        Assert.False(whole);
    }

    [Fact]
    public async Task A_client_that_vanishes_frees_the_upstream_at_once()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadHeadOrNullAsync();
            await wire.ReadToEndAsync();
        });
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await Wait.UntilAsync(() => upstream.Open == 1, "the request reaches the upstream");
        client.Reset();
        await Wait.UntilAsync(() => upstream.Open == 0, "the upstream connection closes");
        Assert.Equal(200, (await node.GetAsync("/mock")).Status);
    }

    [Fact]
    public async Task Thousands_of_connections_that_come_and_vanish_leave_nothing_behind()
    {
        await using Node node = await Node.StartAsync(Api.ProxyTo(1));
        for (int i = 0; i < 3_000; i++)
        {
            using Wire client = await node.ConnectAsync();
            if (i % 2 == 0) await client.SendAsync("GET /mock HTTP/1.1\r\nHost:");
            if (i % 3 == 0) client.Reset();
        }

        await Wait.UntilAsync(() => Directory.GetFiles($"/proc/{node.ProcessId}/fd").Length < 200, "the descriptors are given back");
        Assert.Equal(200, (await node.GetAsync("/mock")).Status);
    }
}

using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Clients;

/// <summary>Each limit of the settings: what goes through up to it, what is said beyond it, and that it is counted.</summary>
public sealed class LimitTests
{
    private const string Settings = """
        limits:
          requestLine: 200
          headerBytes: 500
          headerCount: 10
          body: 1KB
          responseBody: 2KB

        """;

    [Fact]
    public async Task A_request_within_every_limit_is_served()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port), Settings);
        string fields = string.Concat(Enumerable.Range(0, 7).Select(i => $"X-{i}: {new string('v', 40)}\r\n"));
        Answer answer = await node.AskAsync(
            $"POST /{new string('a', 150)} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1024\r\n{fields}Connection: close\r\n\r\n{new string('b', 1024)}");
        Assert.Equal(200, answer.Status);
        Assert.Equal(0, await node.MetricAsync("edgeproxy_limit_hits_total"));
    }

    [Theory]
    [InlineData("limits.requestLine", 414)]
    [InlineData("limits.headerBytes", 431)]
    [InlineData("limits.headerCount", 431)]
    [InlineData("limits.body", 413)]
    public async Task Beyond_a_limit_the_request_is_refused_the_connection_ends_and_it_is_counted(string limit, int status)
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port), Settings);
        using Wire client = await node.ConnectAsync();
        await client.SendAsync(limit switch
        {
            "limits.requestLine" => $"GET /{new string('a', 250)} HTTP/1.1\r\nHost: localhost\r\n\r\n",
            "limits.headerBytes" => $"GET /a HTTP/1.1\r\nHost: localhost\r\nX-Large: {new string('v', 600)}\r\n\r\n",
            "limits.headerCount" => $"GET /a HTTP/1.1\r\nHost: localhost\r\n{string.Concat(Enumerable.Range(0, 10).Select(i => $"X-{i}: v\r\n"))}\r\n",
            _ => "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1025\r\n\r\n",
        });
        Answer answer = await client.ReadResponseAsync();
        Assert.Equal(status, answer.Status);
        Assert.Equal("close", answer["Connection"]);
        await client.ExpectClosedAsync();
        Assert.Empty(upstream.Requests);
        Assert.Equal(1, await node.MetricAsync("edgeproxy_limit_hits_total", $"limit=\"{limit}\""));
    }

    [Theory]
    [InlineData(2048, 200)]
    [InlineData(2049, 500)]
    public async Task A_response_that_says_it_is_over_its_limit_is_500(int length, int status)
    {
        using RawUpstream upstream = RawUpstream.Answering(_ => RawUpstream.Response(200, new string('x', length)));
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port), Settings);
        Answer answer = await node.GetAsync("/a");
        Assert.Equal(status, answer.Status);
        if (status == 500) Assert.Equal("{\"message\": \"Internal server error\"}", answer.Text);
        else Assert.Equal(length, answer.Body.Length);
    }

    [Fact]
    public async Task A_head_that_stops_is_counted_as_a_time_out()
    {
        await using Node node = await Node.StartAsync(Api.ProxyTo(1), "timeouts:\n  headers: 100ms\n");
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("GET /mock HTTP/1.1\r\n");
        Assert.Equal(408, (await client.ReadResponseAsync()).Status);
        Assert.Equal(1, await node.MetricAsync("edgeproxy_limit_hits_total", "limit=\"timeouts.headers\""));
    }

    [Fact]
    public async Task A_body_that_stops_is_counted_as_a_time_out()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port), "timeouts:\n  body: 100ms\n");
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nhello");
        Assert.Equal(408, (await client.ReadResponseAsync()).Status);
        Assert.Equal(1, await node.MetricAsync("edgeproxy_limit_hits_total", "limit=\"timeouts.body\""));
        Assert.Empty(upstream.Requests);
    }

    [Fact]
    public async Task A_client_that_does_not_read_its_response_is_cut_off()
    {
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            await wire.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n");
            for (int i = 0; i < 100; i++) await wire.SendAsync(new byte[1_000_000]);
        });
        await using Node node = await Node.StartAsync(
            Api.ProxyTo(upstream.Port), "limits:\n  responseBody: unlimited\ntimeouts:\n  write: 300ms\n");
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await Wait.UntilAsync(
            async () => await node.MetricAsync("edgeproxy_limit_hits_total", "limit=\"timeouts.write\"") == 1, "the client is cut off");
        await Wait.UntilAsync(() => upstream.Open == 0, "the upstream connection closes");
        Assert.InRange((await client.ReadToEndAsync()).Length, 1, 99_999_999);
    }
}

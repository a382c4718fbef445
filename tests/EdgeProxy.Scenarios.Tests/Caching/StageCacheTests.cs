using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Caching;

/// <summary>The stage cache between clients and a backend over sockets, on several loops.</summary>
public sealed class StageCacheTests
{
    private const string Cached = "cache: {enabled: true, header: X-Cache}\n";

    [Fact]
    public async Task Answers_of_all_sizes_come_whole_out_of_the_cache_also_for_a_slow_client()
    {
        string body = new string('x', 700_000) + "end";
        using RawUpstream upstream = Counting(_ => body);
        await using Node node = await StartAsync(upstream);
        Assert.Equal("miss", (await node.GetAsync("/a"))["X-Cache"]);
        using Wire slow = await node.ConnectAsync();
        await slow.SendAsync("GET /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        for (int i = 0; i < 20; i++)
        {
            Answer answer = await node.GetAsync("/a");
            Assert.Equal(("hit", body), (answer["X-Cache"], answer.Text));
        }

        Assert.Equal(body, (await slow.ReadResponseAsync()).Text);
        Assert.Single(upstream.Requests);
        Assert.Equal(21, await node.MetricAsync("edgeproxy_cache_requests_total", "result=\"hit\""));
        Assert.Equal(1, await node.MetricAsync("edgeproxy_cache_entries"));
    }

    [Fact]
    public async Task Clients_that_go_in_the_middle_of_a_hit_leave_the_cache_as_it_is()
    {
        string body = new('x', 1_000_000);
        using RawUpstream upstream = Counting(_ => body);
        await using Node node = await StartAsync(upstream);
        await node.GetAsync("/a");
        for (int i = 0; i < 20; i++)
        {
            using Wire wire = await node.ConnectAsync();
            await wire.SendAsync("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
            await wire.ReadSomeAsync(new byte[1000]);
            wire.Reset();
        }

        Assert.Equal(body, (await node.GetAsync("/a")).Text);
        Assert.Single(upstream.Requests);
        Assert.Equal(0, await node.MetricAsync("edgeproxy_cache_failures_total"));
    }

    [Fact]
    public async Task A_flush_from_the_command_line_empties_it()
    {
        using RawUpstream upstream = Counting(number => $"answer {number}");
        await using Node node = await StartAsync(upstream);
        Assert.Equal("answer 1", (await node.GetAsync("/a")).Text);
        Assert.Equal("answer 1", (await node.GetAsync("/a")).Text);
        CommandResult wrong = await Command.EdgeProxyAsync("flush", "nobody", "--admin", $"http://127.0.0.1:{node.AdminPort}");
        Assert.Equal(1, wrong.Status);
        Assert.Contains("There is no such API.", wrong.Errors, StringComparison.Ordinal);
        Assert.Equal("answer 1", (await node.GetAsync("/a")).Text);
        CommandResult flushed = await Command.EdgeProxyAsync("flush", "api", "prod", "--admin", $"http://127.0.0.1:{node.AdminPort}", "--timeout", "30s");
        Assert.True(flushed.Status == 0, flushed.ToString());
        Assert.Equal("answer 2", (await node.GetAsync("/a")).Text);
    }

    [Fact]
    public async Task A_reload_keeps_what_is_cached_of_a_document_that_did_not_change()
    {
        using RawUpstream upstream = Counting(number => $"answer {number}");
        await using Node node = await StartAsync(upstream);
        Assert.Equal("answer 1", (await node.GetAsync("/a")).Text);
        await File.AppendAllTextAsync(node.ConfigurationPath, "\ncompression: {level: 5}\n");
        node.Signal(Native.SIGHUP);
        await node.UntilEventAsync("reload");
        Assert.Equal("answer 1", (await node.GetAsync("/a")).Text);
    }

    [Fact]
    public async Task A_full_cache_serves_everybody()
    {
        using RawUpstream upstream = Counting(_ => new string('x', 20_000));
        await using Node node = await StartAsync(upstream, "cache: {maxBytes: 1MB}", "cache: {enabled: true}\n");
        for (int i = 0; i < 200; i++)
        {
            Answer answer = await node.GetAsync($"/a{i}");
            Assert.Equal((200, 20_000), (answer.Status, answer.Body.Length));
        }

        Assert.InRange(await node.MetricAsync("edgeproxy_cache_bytes"), 100_000, 1 << 20);
        Assert.True(await node.MetricAsync("edgeproxy_cache_evictions_total") > 100);
    }

    private static Task<Node> StartAsync(RawUpstream upstream, string settings = "", string apiSettings = Cached) => Node.StartAsync(new NodeOptions
    {
        Api = Document(upstream.Port),
        Settings = settings,
        ApiSettings = apiSettings,
    });

    private static string Document(int port) => $$$"""
        {"openapi": "3.0.1", "info": {"title": "api", "version": "1"}, "paths": {"/{path}": {"get": {
          "parameters": [{"name": "path", "in": "path", "required": true, "schema": {"type": "string"}}],
          "responses": {"200": {"description": "ok"}},
          "x-amazon-apigateway-integration": {"type": "http_proxy", "httpMethod": "GET", "uri": "http://127.0.0.1:{{{port}}}/",
            "cacheKeyParameters": ["method.request.path.path"]} } } } }
        """;

    /// <summary>A backend that numbers its answers.</summary>
    private static RawUpstream Counting(Func<int, string> body)
    {
        RawUpstream? self = null;
        self = RawUpstream.Start(async wire =>
        {
            while (await wire.ReadRequestOrNullAsync() is { } request)
            {
                self!.Requests.Enqueue(request);
                string text = body(self.Requests.Count);
                await wire.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {text.Length}\r\n\r\n{text}");
            }
        });
        return self;
    }
}

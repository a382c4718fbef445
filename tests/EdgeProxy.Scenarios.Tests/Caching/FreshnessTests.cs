using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Caching;

/// <summary>What <c>x-edgeproxy-cache</c> does, between clients and a backend over sockets, on several loops.</summary>
public sealed class FreshnessTests
{
    private const int Crowd = 64;

    [Fact]
    public async Task A_storm_of_misses_makes_one_request()
    {
        var answer = new TaskCompletionSource();
        using RawUpstream upstream = Counting("Cache-Control: max-age=60\r\n", () => answer.Task);
        await using Node node = await StartAsync(upstream, new JsonObject { ["rfc9111"] = true, ["coalesce"] = true });
        Task<Answer>[] asked = [.. Enumerable.Range(0, Crowd).Select(_ => node.GetAsync("/a"))];
        await UntilWaitingAsync(node, Crowd - 1);
        answer.SetResult();
        foreach (Answer each in await Task.WhenAll(asked)) Assert.Equal((200, "answer 1"), (each.Status, each.Text));
        Assert.Single(upstream.Requests);
        Assert.Equal(Crowd - 1, await node.MetricAsync("edgeproxy_cache_requests_total", "result=\"coalesced\""));
        Assert.Equal("answer 1", (await node.GetAsync("/a")).Text);
        Assert.Single(upstream.Requests);
    }

    [Fact]
    public async Task A_client_that_fetches_for_others_and_goes_fails_none_of_them()
    {
        var answer = new TaskCompletionSource();
        using RawUpstream upstream = Counting("Cache-Control: max-age=60\r\n", () => answer.Task);
        await using Node node = await StartAsync(upstream, new JsonObject { ["rfc9111"] = true, ["coalesce"] = true });
        using Wire first = await node.ConnectAsync();
        await first.SendAsync("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await Wait.UntilAsync(() => upstream.Requests.Count == 1, "the first client's request is at the backend");
        Task<Answer>[] asked = [.. Enumerable.Range(0, Crowd).Select(_ => node.GetAsync("/a"))];
        await UntilWaitingAsync(node, Crowd);
        first.Reset();
        await Wait.UntilAsync(() => upstream.Requests.Count == 2, "another one's is");
        answer.SetResult();
        foreach (Answer each in await Task.WhenAll(asked)) Assert.Equal((200, "answer 2"), (each.Status, each.Text));
        Assert.Equal(2, upstream.Requests.Count);
    }

    [Fact]
    public async Task An_expired_answer_is_confirmed_by_the_backend_and_conditions_of_clients_are_answered()
    {
        using RawUpstream upstream = RawUpstream.Answering(request => request["If-None-Match"] == "\"1\""
            ? "HTTP/1.1 304 Not Modified\r\nCache-Control: no-cache\r\nETag: \"1\"\r\n\r\n"
            : Response("Cache-Control: no-cache\r\nETag: \"1\"\r\n", "body"));
        await using Node node = await StartAsync(upstream, new JsonObject { ["rfc9111"] = true }, loops: 1);
        Assert.Equal("body", (await node.GetAsync("/a")).Text);
        Answer confirmed = await node.GetAsync("/a");
        Assert.Equal((200, "body", "0"), (confirmed.Status, confirmed.Text, confirmed["Age"]));
        Answer known = await node.AskAsync("GET /a HTTP/1.1\r\nHost: localhost\r\nIf-None-Match: \"1\"\r\nConnection: close\r\n\r\n");
        Assert.Equal((304, "\"1\""), (known.Status, known["ETag"]));
        Assert.Equal(["", "\"1\"", "\"1\""], upstream.Requests.Select(static request => request["If-None-Match"] ?? ""));
        Assert.Equal(1, upstream.Accepted); // a 304 leaves the connection as it was
    }

    [Fact]
    public async Task An_expired_answer_is_served_while_a_new_one_is_fetched_and_when_the_backend_is_gone()
    {
        using RawUpstream upstream = Counting("Cache-Control: max-age=0, stale-while-revalidate=600, stale-if-error=600\r\n", () => Task.CompletedTask);
        await using Node node = await StartAsync(upstream, new JsonObject { ["rfc9111"] = true });
        Assert.Equal("answer 1", (await node.GetAsync("/a")).Text);
        Assert.Equal("answer 1", (await node.GetAsync("/a")).Text);
        await Wait.UntilAsync(async () => await node.MetricAsync("edgeproxy_cache_refreshes_total", "result=\"refreshed\"") == 1, "a new answer is there");
        Assert.Equal("answer 2", (await node.GetAsync("/a")).Text);
        await Wait.UntilAsync(async () => await node.MetricAsync("edgeproxy_cache_refreshes_total", "result=\"refreshed\"") == 2, "the next is there");
        upstream.Dispose();
        Answer last = await node.AskAsync("GET /a HTTP/1.1\r\nHost: localhost\r\nCache-Control: max-age=0, min-fresh=1\r\nConnection: close\r\n\r\n");
        Assert.Equal((200, "answer 3"), (last.Status, last.Text));
    }

    [Fact]
    public async Task A_stored_answer_is_compressed_once()
    {
        string body = string.Concat(Enumerable.Repeat("a body that is worth compressing, ", 100));
        using RawUpstream upstream = RawUpstream.Answering(_ => Response("Cache-Control: max-age=60\r\n", body));
        await using Node node = await StartAsync(upstream, new JsonObject { ["rfc9111"] = true, ["compressedVariants"] = true }, compressing: true);
        for (int i = 0; i < 10; i++)
        {
            Answer answer = await node.AskAsync("GET /a HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: gzip\r\nConnection: close\r\n\r\n");
            Assert.Equal("gzip", answer["Content-Encoding"]);
            using var plain = new StreamReader(new System.IO.Compression.GZipStream(new MemoryStream(answer.Body), System.IO.Compression.CompressionMode.Decompress));
            Assert.Equal(body, await plain.ReadToEndAsync());
        }

        Assert.Equal(8, await node.MetricAsync("edgeproxy_cache_variants_total", "result=\"served\""));
        Assert.Equal(2, await node.MetricAsync("edgeproxy_content_coding_bodies_total", "direction=\"response\",coding=\"gzip\""));
    }

    private static Task<Node> StartAsync(RawUpstream upstream, JsonObject policy, bool compressing = false, int loops = 2)
    {
        Api api = Api.ProxyTo(upstream.Port).Caching(policy);
        return Node.StartAsync(new NodeOptions { Api = (compressing ? api.Compressing(100) : api).ToString(), Settings = "cache: {coalesceWait: 1m}", Loops = loops });
    }

    private static Task UntilWaitingAsync(Node node, int count) =>
        Wait.UntilAsync(async () => await node.MetricAsync("edgeproxy_cache_fetches_waiting") == count, $"{count} clients wait for another's answer");

    /// <summary>A backend that numbers its answers, and gives each when it is let.</summary>
    private static RawUpstream Counting(string fields, Func<Task> letAsync)
    {
        RawUpstream? self = null;
        self = RawUpstream.Start(async wire =>
        {
            while (await wire.ReadRequestOrNullAsync() is { } request)
            {
                self!.Requests.Enqueue(request);
                int number = self.Requests.Count;
                await letAsync();
                await wire.SendAsync(Response(fields, $"answer {number}"));
            }
        });
        return self;
    }

    private static string Response(string fields, string body) => $"HTTP/1.1 200 OK\r\n{fields}Content-Type: text/plain\r\nContent-Length: {body.Length}\r\n\r\n{body}";
}

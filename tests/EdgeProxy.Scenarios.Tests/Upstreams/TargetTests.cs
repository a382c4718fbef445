using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Upstreams;

/// <summary>An upstream with several targets, some of which break in one way or another while clients go on asking.</summary>
public sealed class TargetTests
{
    [Fact]
    public async Task Requests_are_shared_out_by_weight_and_all_targets_are_told_the_host_of_the_uri()
    {
        using RawUpstream first = RawUpstream.Echo();
        using RawUpstream second = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(Document($$$"""{"targets": [{"address": "127.0.0.1:{{{first.Port}}}", "weight": 3}, "127.0.0.1:{{{second.Port}}}"]}"""));
        for (int i = 0; i < 40; i++) Assert.Equal(200, (await node.GetAsync("/a")).Status);
        Assert.Equal((30, 10), (first.Requests.Count, second.Requests.Count));
        Assert.All(first.Requests.Concat(second.Requests), static request => Assert.Equal("orders.internal", request["Host"]));
        JsonElement upstream = await UpstreamAsync(node);
        Assert.Equal([30, 10], upstream.GetProperty("targets").EnumerateArray().Select(static target => target.GetProperty("picks").GetInt32()));
    }

    [Fact]
    public async Task A_target_that_is_killed_costs_no_client_anything()
    {
        using RawUpstream healthy = RawUpstream.Echo();
        int port;
        Node node;
        using (RawUpstream killed = RawUpstream.Echo())
        {
            port = killed.Port;
            node = await Node.StartAsync(Document(
                $$$"""{"targets": ["127.0.0.1:{{{healthy.Port}}}", "127.0.0.1:{{{killed.Port}}}"], "ejection": {"timeInMillis": 400, "mostTimeInMillis": 400}}"""));
            Assert.Equal([], await FailuresAsync(node, "GET", requests: 40));
            Assert.Equal(20, killed.Requests.Count);
        }

        await using Node running = node;
        Assert.Equal([], await FailuresAsync(node, "GET", requests: 100));
        await node.UntilEventAsync("upstream_target_ejected");
        Assert.True(await node.MetricAsync("edgeproxy_upstream_attempts_total", """cause="connect""") >= 1);
    }

    [Fact]
    public async Task A_target_that_resets_connections_costs_no_GET_anything()
    {
        using RawUpstream healthy = RawUpstream.Echo();
        using RawUpstream broken = RawUpstream.Start(static async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            wire.Reset();
        });
        await using Node node = await Node.StartAsync(Document($$$"""{"targets": ["127.0.0.1:{{{healthy.Port}}}", "127.0.0.1:{{{broken.Port}}}"]}"""));
        Assert.Equal([], await FailuresAsync(node, "GET", requests: 60));
        await node.UntilEventAsync("upstream_target_ejected");
        Assert.Equal(5, broken.Accepted); // five failures in a row, and nothing since
    }

    [Fact]
    public async Task A_POST_is_not_sent_twice_once_it_was_sent()
    {
        using RawUpstream healthy = RawUpstream.Echo();
        using RawUpstream broken = RawUpstream.Start(static async wire =>
        {
            await wire.ReadRequestOrNullAsync();
            wire.Reset();
        });
        await using Node node = await Node.StartAsync(Document($$$"""{"targets": ["127.0.0.1:{{{healthy.Port}}}", "127.0.0.1:{{{broken.Port}}}"]}"""));
        Assert.All(await FailuresAsync(node, "POST", requests: 60), static status => Assert.Equal(504, status));
        Assert.Equal(60, healthy.Requests.Count + broken.Accepted); // each was sent once
        Assert.Equal(5, broken.Accepted);
    }

    [Fact]
    public async Task A_target_that_answers_503_is_left_out_and_where_it_is_asked_for_nobody_sees_it()
    {
        using RawUpstream healthy = RawUpstream.Echo();
        using RawUpstream busy = RawUpstream.Answering(static _ => RawUpstream.Response(503, "no"));
        await using Node node = await Node.StartAsync(Document(
            $$$"""{"targets": ["127.0.0.1:{{{healthy.Port}}}", "127.0.0.1:{{{busy.Port}}}"], "retries": {"attempts": 2, "on": ["connect", 503]}}"""));
        Assert.Equal([], await FailuresAsync(node, "GET", requests: 60));
        Assert.Equal(5, busy.Requests.Count);
    }

    [Fact]
    public async Task A_target_that_hangs_costs_no_more_than_the_time_of_an_attempt()
    {
        using RawUpstream healthy = RawUpstream.Echo();
        using RawUpstream hanging = RawUpstream.Start(static async wire => await wire.ReadToEndAsync());
        await using Node node = await Node.StartAsync(Document(
            $$$"""{"targets": ["127.0.0.1:{{{healthy.Port}}}", "127.0.0.1:{{{hanging.Port}}}"], "retries": {"attempts": 2, "tryTimeoutInMillis": 200}}"""));
        var clock = Stopwatch.StartNew();
        Assert.Equal([], await FailuresAsync(node, "GET", requests: 30));
        Assert.InRange(clock.Elapsed, TimeSpan.FromSeconds(0.9), TimeSpan.FromSeconds(10)); // five attempts that hung
    }

    [Fact]
    public async Task Checks_find_a_target_that_does_not_work_before_any_request_does()
    {
        using RawUpstream healthy = RawUpstream.Echo();
        bool works = false;
        using RawUpstream sick = RawUpstream.Answering(_ => Volatile.Read(ref works) ? RawUpstream.Response(200, "fine") : RawUpstream.Response(500, "sick"));
        await using Node node = await Node.StartAsync(Document(
            $$$"""{"targets": ["127.0.0.1:{{{healthy.Port}}}", "127.0.0.1:{{{sick.Port}}}"], "health": {"path": "/healthz?x=1", "intervalInMillis": 20, "unhealthy": 2}}"""));
        await node.UntilEventAsync("upstream_target_down");
        Assert.Equal([], await FailuresAsync(node, "GET", requests: 40));
        Assert.All(sick.Requests, static request => Assert.Equal(("GET /healthz?x=1 HTTP/1.1", "orders.internal"), (request.StartLine, request["Host"])));
        Assert.Equal("down", (await UpstreamAsync(node)).GetProperty("targets")[1].GetProperty("state").GetString());
        Volatile.Write(ref works, true);
        await node.UntilEventAsync("upstream_target_up");
        await FailuresAsync(node, "GET", requests: 4);
        Assert.Contains(sick.Requests, static request => request.StartLine.StartsWith("GET /a ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_circuit_spares_an_upstream_that_fails_and_closes_when_it_works_again()
    {
        bool works = false;
        using RawUpstream upstream = RawUpstream.Answering(_ => Volatile.Read(ref works) ? RawUpstream.Response(200, "fine") : RawUpstream.Response(503, "no"));
        await using Node node = await Node.StartAsync(Document(
            $$$"""{"targets": ["127.0.0.1:{{{upstream.Port}}}"], "circuit": {"failurePercent": 50, "leastRequests": 10, "openTimeInMillis": 1500, "mostOpenTimeInMillis": 1500, "probes": 2}}"""));
        await FailuresAsync(node, "GET", requests: 10);
        await node.UntilEventAsync("upstream_circuit_open");
        int before = upstream.Requests.Count;
        Answer refused = await node.GetAsync("/a");
        Assert.Equal((503, "1", before), (refused.Status, refused["Retry-After"], upstream.Requests.Count));
        Volatile.Write(ref works, true);
        await Wait.UntilAsync(async () => (await node.GetAsync("/a")).Status == 200, "a probe passes");
        await FailuresAsync(node, "GET", requests: 4);
        await node.UntilEventAsync("upstream_circuit_closed");
        Assert.Equal([], await FailuresAsync(node, "GET", requests: 10));
    }

    [Fact]
    public async Task No_more_requests_are_under_way_than_the_upstream_may_have()
    {
        int open = 0;
        int most = 0;
        int refused = 0;
        var answering = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using RawUpstream upstream = RawUpstream.Start(async wire =>
        {
            while (await wire.ReadRequestOrNullAsync() is not null)
            {
                int now = Interlocked.Increment(ref open);
                while (Volatile.Read(ref most) is int seen && now > seen) Interlocked.CompareExchange(ref most, now, seen);
                await answering.Task;
                Interlocked.Decrement(ref open);
                await wire.SendAsync(RawUpstream.Response(200, "fine"));
            }
        });
        await using Node node = await Node.StartAsync(Document(
            $$$"""{"targets": ["127.0.0.1:{{{upstream.Port}}}"], "concurrency": {"max": 2, "queue": 4, "waitInMillis": 20000}}"""));
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(async _ =>
        {
            Answer answer = await node.GetAsync("/a");

            // Two are under way and four wait for them: once the rest was refused, all have come.
            if (answer.Status == 503 && Interlocked.Increment(ref refused) == 6) answering.SetResult();
            return answer;
        }));
        Assert.Equal(2, most);
        Assert.Equal(6, answers.Count(static answer => answer.Status == 200));
        Assert.Equal(6, answers.Count(static answer => answer.Status == 503 && answer["Retry-After"] == "1"));
    }

    private static string Document(string upstream)
    {
        JsonObject document = JsonNode.Parse(new Api().Proxy("/a", "ANY", "http://orders.internal/a").ToString())!.AsObject();
        document["x-edgeproxy-upstream"] = JsonNode.Parse(upstream);
        return document.ToJsonString();
    }

    private static async Task<List<int>> FailuresAsync(Node node, string method, int requests)
    {
        var failures = new List<int>();
        for (int i = 0; i < requests; i++)
        {
            Answer answer = await node.AskAsync($"{method} /a HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
            if (answer.Status != 200) failures.Add(answer.Status);
        }

        return failures;
    }

    private static async Task<JsonElement> UpstreamAsync(Node node) =>
        Assert.Single(JsonDocument.Parse((await node.AdminAsync("/upstreams")).Text).RootElement.GetProperty("upstreams").EnumerateArray());
}

using System.Diagnostics;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Traffic;

/// <summary>Token buckets of a node with several loops, as clients meet them.</summary>
public sealed class ThrottleTests
{
    private const string Refused = "{\"message\":\"Too Many Requests\"}";

    [Fact]
    public async Task A_method_s_bucket_gives_its_burst_and_then_429_word_for_word()
    {
        await using Node node = await StartAsync("throttle: 0.01 burst 3\nmethods:\n  /b/GET: {throttle: {rate: 0.01, burst: 1}}\n  /c/GET: {throttle: none}");
        Assert.Equal("200 200 200 429 429", await StatusesAsync(node, "/a", 5));
        Assert.Equal("200 429", await StatusesAsync(node, "/b", 2));
        Assert.Equal("200 200 200 200 200 200", await StatusesAsync(node, "/c", 6));

        Answer answer = await node.GetAsync("/a");
        Assert.Equal((429, Refused), (answer.Status, answer.Text));
        Assert.Equal("TooManyRequestsException", answer["x-amzn-ErrorType"]);
        Assert.Equal("application/json", answer["Content-Type"]);
        Assert.NotNull(answer["x-amzn-RequestId"]);
        Assert.Equal(3, await node.MetricAsync("edgeproxy_throttled_total", "scope=\"stage\""));
        Assert.Equal(1, await node.MetricAsync("edgeproxy_throttled_total", "scope=\"method\""));
    }

    [Fact]
    public async Task The_account_s_bucket_is_one_for_all_methods()
    {
        await using Node node = await StartAsync("", "limits: {accountThrottle: 0.01 burst 4}\n");
        Assert.Equal("200 200", await StatusesAsync(node, "/a", 2));
        Assert.Equal("200 200 429", await StatusesAsync(node, "/b", 3));
        Assert.Equal(Refused, (await node.GetAsync("/c")).Text);
        Assert.Equal(2, await node.MetricAsync("edgeproxy_throttled_total", "scope=\"account\""));
    }

    [Fact]
    public async Task Buckets_live_through_a_reload()
    {
        await using Node node = await StartAsync("throttle: 0.01 burst 3");
        Assert.Equal("200 200", await StatusesAsync(node, "/a", 2));
        node.WriteApi(Routes().Mock("/new", "GET", 200).ToString());
        node.Signal(Native.SIGHUP);
        await Wait.UntilAsync(async () => (await node.GetAsync("/new")).Status == 200, "the new document is served");
        Assert.Equal("200 429", await StatusesAsync(node, "/a", 2));
    }

    [Fact]
    public async Task Many_clients_on_all_loops_never_get_one_more_than_burst_and_rate_allow()
    {
        const double Rate = 40;
        const int Burst = 25;
        await using Node node = await StartAsync("throttle: 40 burst 25", loops: 4);
        var clock = Stopwatch.StartNew();
        int[] admitted = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => Task.Run(async () =>
        {
            int count = 0;
            using Wire client = await node.ConnectAsync();
            while (clock.Elapsed < TimeSpan.FromSeconds(2))
            {
                await client.SendAsync("GET /a HTTP/1.1\r\nHost: localhost\r\n\r\n");
                Answer answer = await client.ReadResponseAsync();
                Assert.True(answer.Status is 200 or 429, $"{answer.Status}");
                if (answer.Status == 200) count++;
            }

            return count;
        })));

        // The clock ran for longer than the clients asked; a loop's clock may be a turn behind, which is far less than a token.
        double most = Burst + (Rate * clock.Elapsed.TotalSeconds) + 0.5;
        Assert.InRange(admitted.Sum(), Burst + 1, most);
    }

    private static Api Routes() => new Api().Mock("/a", "GET", 200).Mock("/b", "GET", 200).Mock("/c", "GET", 200);

    private static Task<Node> StartAsync(string apiSettings, string settings = "", int loops = 2) =>
        Node.StartAsync(new NodeOptions { Api = Routes().ToString(), ApiSettings = apiSettings, Settings = settings, Loops = loops });

    // Each on a connection of its own, so that they spread over the loops.
    private static async Task<string> StatusesAsync(Node node, string path, int count)
    {
        int[] statuses = new int[count];
        for (int i = 0; i < count; i++) statuses[i] = (await node.GetAsync(path)).Status;
        return string.Join(' ', statuses);
    }
}

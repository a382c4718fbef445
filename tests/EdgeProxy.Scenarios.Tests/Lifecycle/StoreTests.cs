using System.Diagnostics;
using System.Globalization;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Lifecycle;

/// <summary>What a node remembers, and what becomes of it when the node or its disk fails.</summary>
/// <remarks>The count is read by its quota: a node that goes on from another's admits as many requests as the limit is above what it remembers.</remarks>
public sealed class StoreTests : IDisposable
{
    private const long Plenty = 100_000_000;
    private const string Key = "a-key-of-some-length-0123456789";

    private const string Keyed =
        """
        {
          "openapi": "3.0.1", "info": { "title": "keyed", "version": "1" },
          "components": { "securitySchemes": { "key": { "type": "apiKey", "name": "x-api-key", "in": "header" } } },
          "paths": { "/": { "get": {
            "security": [ { "key": [] } ],
            "responses": { "200": { "description": "ok" } },
            "x-amazon-apigateway-integration": { "type": "mock", "requestTemplates": { "application/json": "{\"statusCode\": 200}" }, "responses": { "default": { "statusCode": "200" } } }
          } } }
        }
        """;

    private readonly Temporary _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public async Task A_node_that_is_killed_loses_at_most_a_second_of_counts()
    {
        var admitted = new List<long>();
        await using (Node node = await StartAsync(Plenty))
        {
            long start = Stopwatch.GetTimestamp();
            Task[] clients = [.. Enumerable.Range(0, 4).Select(_ => AskAsync(node, admitted))];
            await Wait.UntilAsync(() => Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(3), "the load has run for a while");
            node.Signal(Native.SIGKILL);
            await node.UntilExitAsync();
            await Task.WhenAll(clients);
        }

        long end = admitted.Max();
        int lastSecond = admitted.Count(at => Stopwatch.GetElapsedTime(at, end) <= TimeSpan.FromSeconds(1));
        Assert.InRange(lastSecond, 1, admitted.Count - 1);
        await using Node next = await StartAsync(admitted.Count);
        Assert.InRange(await AdmittedAsync(next, lastSecond + 1), 0, lastSecond);
    }

    [Fact]
    public async Task A_node_that_drains_loses_nothing()
    {
        var admitted = new List<long>();
        await using (Node node = await StartAsync(Plenty))
        {
            Task[] clients = [.. Enumerable.Range(0, 4).Select(_ => AskAsync(node, admitted))];
            await Wait.UntilAsync(async () => await node.MetricAsync("edgeproxy_store_saves_total") > 0, "something is saved");
            node.Signal(Native.SIGTERM);
            Assert.Equal(0, await node.UntilExitAsync());
            await Task.WhenAll(clients);
        }

        await using (Node next = await StartAsync(admitted.Count)) Assert.Equal(0, await AdmittedAsync(next, 1));
        await using Node third = await StartAsync(admitted.Count + 2);
        Assert.Equal(2, await AdmittedAsync(third, 10));
    }

    [Fact]
    public async Task A_second_node_in_the_same_directory_is_refused()
    {
        await using Node node = await StartAsync(Plenty);
        await using Node second = Launch(Plenty);
        Assert.Equal(1, await second.UntilExitAsync());
        Assert.Contains("in use by another process", second.LogText, StringComparison.Ordinal);
        Assert.Equal(1, await AdmittedAsync(node, 1));
    }

    [Fact]
    public async Task A_damaged_store_is_refused_and_left_alone()
    {
        string file = _data.Write("edgeproxy.db", string.Concat(Enumerable.Repeat("not a database ", 1000)));
        await using Node node = Launch(Plenty);
        Assert.Equal(1, await node.UntilExitAsync());
        Assert.Contains("is damaged", Assert.Single(node.Events("store_refused")).GetProperty("msg").GetString(), StringComparison.Ordinal);
        Assert.Equal(15_000, new FileInfo(file).Length);
    }

    [Fact]
    public async Task A_full_disk_fails_no_request_and_loses_no_count()
    {
        int asked = 0;
        string[] limited = ["bash", "-c", "trap '' XFSZ; ulimit -S -f 48; exec \"$0\" \"$@\""];
        await using (Node node = await StartAsync(Plenty, limited))
        {
            await Wait.UntilAsync(AskedUntil(async () => await node.MetricAsync("edgeproxy_store_failures_total") >= 2), "saving fails");
            Assert.Single(node.Events("store_failing"));
            Assert.Equal(1, await node.MetricAsync("edgeproxy_store_unsaved_records"));
            CommandResult raised = await Command.RunAsync("prlimit", "--pid", node.ProcessId.ToString(CultureInfo.InvariantCulture), "--fsize=unlimited:unlimited");
            Assert.Equal(0, raised.Status);
            await Wait.UntilAsync(AskedUntil(() => Task.FromResult(node.Events("store_recovered").Count > 0)), "saving works again");
            node.Signal(Native.SIGTERM);
            Assert.Equal(0, await node.UntilExitAsync());

            Func<Task<bool>> AskedUntil(Func<Task<bool>> happened) => async () =>
            {
                asked++;
                Assert.Equal(1, await AdmittedAsync(node, 1));
                return await happened();
            };
        }

        await using Node next = await StartAsync(asked);
        Assert.Equal(0, await AdmittedAsync(next, 1));
    }

    private static async Task AskAsync(Node node, List<long> admitted)
    {
        try
        {
            using Wire wire = await node.ConnectAsync();
            while (true)
            {
                await wire.SendAsync($"GET / HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {Key}\r\n\r\n");
                Answer answer = await wire.ReadResponseAsync();
                if (answer.Status != 200) return;
                lock (admitted) admitted.Add(Stopwatch.GetTimestamp());
                if (answer["Connection"] == "close") return;
            }
        }
        catch (Exception exception) when (exception is IOException or System.Net.Sockets.SocketException or InvalidOperationException or Xunit.Sdk.XunitException)
        {
            // The node is gone, which is what the scenario is about.
        }
    }

    /// <summary>How many of so many requests are not over the quota.</summary>
    private static async Task<int> AdmittedAsync(Node node, int requests)
    {
        using Wire wire = await node.ConnectAsync();
        for (int i = 0; i < requests; i++)
        {
            await wire.SendAsync($"GET / HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {Key}\r\n\r\n");
            Answer answer = await wire.ReadResponseAsync();
            if (answer.Status == 429) return i;
            Assert.Equal(200, answer.Status);
        }

        return requests;
    }

    private async Task<Node> StartAsync(long limit, string[]? launcher = null)
    {
        Node node = Launch(limit, launcher);
        await node.UntilListeningAsync();
        return node;
    }

    private Node Launch(long limit, string[]? launcher = null) => Node.Launch(
        new NodeOptions
        {
            Api = Keyed,
            ApiSettings = "id: keyed\nstage: prod\n",
            Launcher = launcher ?? [],
            Settings =
                $$"""
                data: {{_data.Folder}}
                drain:
                  grace: 10ms
                apiKeys:
                  keys:
                    - id: ann
                      value: {{Key}}
                usagePlans:
                  - id: gold
                    quota: {limit: {{limit}}, period: MONTH}
                    apis:
                      - api: keyed
                        stage: prod
                    keys: [ann]

                """,
        }, new Temporary());
}

using System.Text.Json;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Lifecycle;

/// <summary>Changing the configuration of a node that is being used.</summary>
public sealed class ReloadTests
{
    [Fact]
    public async Task A_hundred_reloads_under_load_fail_no_request()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(Api.Version(0, upstream.Port));
        using var over = new CancellationTokenSource();
        Task<int>[] clients =
        [
            node.HammerAsync("/version", "localhost", newConnections: false, over.Token),
            node.HammerAsync("/version", "localhost", newConnections: true, over.Token),
            node.HammerAsync("/proxied/a", "localhost", newConnections: false, over.Token),
            node.HammerAsync("/proxied/b", "localhost", newConnections: true, over.Token),
        ];

        for (int i = 1; i <= 100; i++)
        {
            node.WriteApi(Api.Version(i, upstream.Port).ToString());
            node.Signal(Native.SIGHUP);
            await Wait.UntilAsync(async () => await VersionAsync(node) == $"{i}", $"version {i} is served");
        }

        await over.CancelAsync();
        int[] served = await Task.WhenAll(clients);
        Assert.All(served, count => Assert.True(count > 0));
    }

    [Fact]
    public async Task A_changed_file_is_noticed_without_a_signal()
    {
        await using Node node = await Node.StartAsync(Api.Version(1, 1));
        node.WriteApi(Api.Version(2, 1).ToString());
        await Wait.UntilAsync(async () => await VersionAsync(node) == "2", "version 2 is served");
    }

    [Theory]
    [InlineData("{ this is no document")]
    [InlineData("{\"openapi\":\"3.0.1\",\"info\":{\"title\":\"x\",\"version\":\"1\"},\"paths\":{\"/version\":{\"get\":{\"responses\":{},\"x-amazon-apigateway-integration\":{\"type\":\"no-such-type\"}}}}}")]
    public async Task A_bad_document_leaves_the_old_one_running_and_says_why(string document)
    {
        await using Node node = await Node.StartAsync(Api.Version(1, 1));
        node.WriteApi(document);
        node.Signal(Native.SIGHUP);
        JsonElement failure = await node.UntilEventAsync("reload_failed");
        Assert.Equal("error", failure.GetProperty("level").GetString());
        Assert.Contains("api.json", node.LogText, StringComparison.Ordinal);
        Assert.Equal("1", await VersionAsync(node));

        node.WriteApi(Api.Version(2, 1).ToString());
        node.Signal(Native.SIGHUP);
        await Wait.UntilAsync(async () => await VersionAsync(node) == "2", "version 2 is served");
    }

    [Fact]
    public async Task A_bad_settings_file_leaves_the_old_one_running_and_suggests_the_right_key()
    {
        await using Node node = await Node.StartAsync(Api.Version(1, 1));
        File.AppendAllText(node.ConfigurationPath, "limitz:\n  body: 1MB\n");
        node.Signal(Native.SIGHUP);
        await node.UntilEventAsync("reload_failed");
        Assert.Contains("limits", node.LogText, StringComparison.Ordinal);
        Assert.Equal("1", await VersionAsync(node));
    }

    [Fact]
    public async Task A_request_in_flight_ends_on_the_configuration_it_began_with()
    {
        var release = new TaskCompletionSource();
        using RawUpstream upstream = RawUpstream.Halting(release.Task);
        await using Node node = await Node.StartAsync(Api.Version(1, upstream.Port));
        using Wire client = await node.ConnectAsync();
        await client.SendAsync("GET /proxied/slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
        await Wait.UntilAsync(() => upstream.Open == 1, "the request reaches the upstream");

        node.WriteApi(new Api().Mock("/version", "GET", 200, ("X-Version", "2")).ToString());
        node.Signal(Native.SIGHUP);
        await Wait.UntilAsync(async () => await VersionAsync(node) == "2", "version 2 is served");
        release.SetResult();
        Assert.Equal("helloworld", (await client.ReadResponseAsync()).Text);

        // The next request of the same connection meets the new configuration, which has no such route.
        await client.SendAsync("GET /proxied/slow HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.Equal(403, (await client.ReadResponseAsync()).Status);
    }

    private static async Task<string?> VersionAsync(Node node) => (await node.GetAsync("/version"))["X-Version"];
}

using System.Text.Json;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Lifecycle;

/// <summary>The access log: one JSON object a request, in a file that can be moved away.</summary>
public sealed class AccessLogTests
{
    [Fact]
    public async Task Each_request_has_one_line_with_the_id_that_its_client_saw()
    {
        await using Node node = await Node.StartAsync(Api.ProxyTo(1));
        Answer answer = await node.GetAsync("/mock?q=1");
        await Wait.UntilAsync(() => node.Output.Count == 1, "the access log line is written");
        JsonElement line = JsonDocument.Parse(node.Output.Single()).RootElement;
        Assert.Equal(answer["x-amzn-RequestId"], line.GetProperty("requestId").GetString());
        Assert.Equal("GET", line.GetProperty("method").GetString());
    }

    [Fact]
    public async Task SIGUSR1_opens_the_file_again_after_it_was_moved_and_no_line_is_lost()
    {
        using var files = new Temporary();
        string path = files.PathOf("access.log");
        string moved = files.PathOf("access.log.1");
        await using Node node = await Node.StartAsync(Api.ProxyTo(1), $"logs:\n  access:\n    path: {path}\n");
        for (int i = 0; i < 10; i++) await node.GetAsync("/mock");
        await Wait.UntilAsync(() => Lines(path) == 10, "ten lines are written");

        File.Move(path, moved);
        node.Signal(Native.SIGUSR1);
        await Wait.UntilAsync(() => File.Exists(path), "the file is there again");
        for (int i = 0; i < 10; i++) await node.GetAsync("/mock");
        await Wait.UntilAsync(() => Lines(path) == 10, "ten more lines are written");
        Assert.Equal(10, Lines(moved));
    }

    [Fact]
    public async Task What_was_served_before_the_end_is_logged_at_the_end()
    {
        using var files = new Temporary();
        string path = files.PathOf("access.log");
        await using Node node = await Node.StartAsync(Api.ProxyTo(1), $"drain:\n  grace: 10ms\nlogs:\n  access:\n    path: {path}\n");
        using Wire client = await node.ConnectAsync();
        const int Count = 1_000;
        await client.SendAsync(string.Concat(Enumerable.Repeat("GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n", Count)));
        for (int i = 0; i < Count; i++) await client.ReadResponseAsync();
        node.Signal(Native.SIGTERM);
        Assert.Equal(0, await node.UntilExitAsync());
        Assert.Equal(Count, Lines(path));
        foreach (string line in File.ReadLines(path)) JsonDocument.Parse(line).Dispose();
    }

    private static int Lines(string path) => File.Exists(path) ? File.ReadLines(path).Count() : 0;
}

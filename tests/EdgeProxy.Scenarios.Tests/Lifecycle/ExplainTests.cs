using System.Text;
using System.Text.Json;
using EdgeProxy.Scenarios.Tests.Harness;
using EdgeProxy.TestKit;

namespace EdgeProxy.Scenarios.Tests.Lifecycle;

/// <summary>Explanations by the binary: without a node, and by a node of what it serves.</summary>
public sealed class ExplainTests
{
    private static readonly string PetStore = Repository.PathOf("deploy/examples/petstore.openapi.yaml");

    [Fact]
    public async Task The_command_tells_what_would_be_sent_and_sends_nothing()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        CommandResult result = await Command.EdgeProxyAsync(
            "explain", PetStore, "GET", "/petstore/pets/7?q=1", "-H", "Authorization: Bearer abcdefghijkl", "--stage-variable", $"backend=127.0.0.1:{upstream.Port}");
        Assert.True(result.Status == 0, result.ToString());
        Assert.Contains($"> would be sent: GET http://127.0.0.1:{upstream.Port}/pets/7?q=1", result.Output, StringComparison.Ordinal);
        Assert.Matches(@"GET /pets/\{petId\} +yes", result.Output);
        Assert.DoesNotContain("abcdefghijkl", result.Output, StringComparison.Ordinal);
        Assert.Equal(0, upstream.Accepted);
    }

    [Fact]
    public async Task The_command_ends_with_0_for_any_answer_2_for_wrong_usage_and_3_for_invalid_documents()
    {
        Assert.Equal(0, (await Command.EdgeProxyAsync("explain", PetStore, "GET", "/nothing")).Status);
        Assert.Equal(2, (await Command.EdgeProxyAsync("explain", PetStore, "GET")).Status);
        Assert.Equal(2, (await Command.EdgeProxyAsync("explain", PetStore, "GET", "/", "-H", "none")).Status);
        using var files = new Temporary();
        Assert.Equal(3, (await Command.EdgeProxyAsync("explain", files.Write("bad.yaml", "openapi: 3.0.1\npaths: {/{a: {get: {}}}\n"), "GET", "/")).Status);
    }

    [Fact]
    public async Task A_node_explains_what_it_serves_and_nothing_of_it_shows()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        Assert.Equal(200, (await node.GetAsync("/mock")).Status);
        await Wait.UntilAsync(() => node.Output.Count == 1, "the access log has its line");
        string before = await RequestFiguresAsync(node);

        (int status, JsonElement told) = await ExplainAsync(node, """{"method":"GET","path":"/mock"}""");
        Assert.Equal((200, "answered", 200), (status, told.GetProperty("end").GetString(), told.GetProperty("response").GetProperty("status").GetInt32()));
        (_, told) = await ExplainAsync(node, """{"method":"POST","path":"/a/b?c=1","body":"hello"}""");
        Assert.Equal(("atIntegration", $"http://127.0.0.1:{upstream.Port}/a/b?c=1", "hello"), (
            told.GetProperty("end").GetString(),
            told.GetProperty("integrationRequest").GetProperty("url").GetString(),
            told.GetProperty("integrationRequest").GetProperty("body").GetString()));
        (status, told) = await ExplainAsync(node, "{\"method\":");
        Assert.Equal((400, true), (status, told.GetProperty("message").GetString()!.StartsWith("The body is no JSON", StringComparison.Ordinal)));

        Assert.Equal(before, await RequestFiguresAsync(node));
        Assert.Equal(3, await node.MetricAsync("edgeproxy_explanations_total"));
        Assert.Equal(0, upstream.Accepted);

        // The log is written in order: a line of an explanation would stand before the next request's.
        Assert.Equal(200, (await node.GetAsync("/mock")).Status);
        await Wait.UntilAsync(() => node.Output.Count >= 2, "the access log has its second line");
        Assert.Equal(2, node.Output.Count);
    }

    private static async Task<string> RequestFiguresAsync(Node node)
    {
        IEnumerable<string> lines = (await node.AdminAsync("/metrics")).Text.Split('\n').Where(static line =>
            line.StartsWith("edgeproxy_request", StringComparison.Ordinal) || line.StartsWith("edgeproxy_integration", StringComparison.Ordinal)
            || line.StartsWith("edgeproxy_data_processed", StringComparison.Ordinal) || line.StartsWith("edgeproxy_upstream", StringComparison.Ordinal)
            || line.StartsWith("edgeproxy_validation", StringComparison.Ordinal));
        return string.Join('\n', lines);
    }

    private static async Task<(int Status, JsonElement Told)> ExplainAsync(Node node, string json)
    {
        using Wire wire = await Wire.ConnectAsync(node.AdminPort);
        await wire.SendAsync($"POST /explain HTTP/1.1\r\nHost: 127.0.0.1:{node.AdminPort}\r\nConnection: close\r\nContent-Length: {Encoding.UTF8.GetByteCount(json)}\r\n\r\n{json}");
        Answer answer = await wire.ReadResponseAsync();
        return (answer.Status, JsonDocument.Parse(answer.Text).RootElement);
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;
using EdgeProxy.TestKit;

namespace EdgeProxy.Scenarios.Tests.Tls;

/// <summary>Backends over TLS and HTTP/2, with Node.js for a backend: it says by which version it was called.</summary>
public sealed class Http2UpstreamTests : IDisposable
{
    private const string Both = "both";
    private const string Http11 = "http/1.1";
    private const string Http2 = "h2";

    private readonly TlsStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_backend_of_HTTP_2_is_called_by_it_and_many_requests_share_its_connection()
    {
        await using JavaScriptServer upstream = await ServeAsync(Http2);
        await using Node node = await StartAsync(upstream, "h2");
        Answer first = await PostAsync(node, "hello"u8.ToArray());
        Assert.Equal((200, "hello"), (first.Status, first.Text));
        Assert.Equal("2.0", first["x-version"]);
        Assert.Equal("h2", first["x-agreed"]);

        // Each is answered after a while, so that they are all under way together.
        Answer[] more = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => PostAsync(node, Encoding.ASCII.GetBytes($"message {i}"), "X-Wait: yes\r\n")));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"message {i}"), more.Select(answer => answer.Text));
        Assert.All(more, answer => Assert.Equal(("2.0", "1", "1"), (answer["x-version"], answer["x-connection"], answer["x-connections"])));
    }

    [Theory]
    [InlineData("h2", Http2, "2.0")]
    [InlineData("auto", Both, null)]
    [InlineData("auto", Http11, "1.1")]
    public async Task A_large_body_passes_both_ways(string protocol, string spoken, string? version)
    {
        byte[] body = new byte[1 << 20];
        new Random(1).NextBytes(body);
        await using JavaScriptServer upstream = await ServeAsync(spoken);
        await using Node node = await StartAsync(upstream, protocol);
        if (version is null)
        {
            version = "2.0";
            await UntilVersionAsync(node, version);
        }

        for (int i = 0; i < 3; i++)
        {
            Answer answer = await PostAsync(node, body);
            Assert.Equal((200, version), (answer.Status, answer["x-version"]));
            Assert.True(body.AsSpan().SequenceEqual(answer.Body), "The body came back changed.");
        }
    }

    [Fact]
    public async Task Auto_is_HTTP_2_where_the_handshake_agrees_on_it()
    {
        await using JavaScriptServer upstream = await ServeAsync(Both);
        await using Node node = await StartAsync(upstream, "auto");
        await UntilVersionAsync(node, "2.0");
        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => PostAsync(node, "hello"u8.ToArray(), "X-Wait: yes\r\n")));
        Assert.All(answers, answer => Assert.Equal((200, "2.0", "hello"), (answer.Status, answer["x-version"], answer.Text)));
        Assert.Single(answers.Select(answer => answer["x-connection"]).Distinct());
    }

    [Fact]
    public async Task Auto_stays_with_HTTP_1_1_where_the_backend_knows_no_other()
    {
        await using JavaScriptServer upstream = await ServeAsync(Http11);
        await using Node node = await StartAsync(upstream, "auto");

        // The second connection is the one that offered both.
        await Wait.UntilAsync(async () => int.Parse((await ServedAsync(node))["x-connections"]!, CultureInfo.InvariantCulture) >= 2, "both are offered");
        for (int i = 0; i < 5; i++)
        {
            Answer answer = await ServedAsync(node);
            Assert.Equal(("1.1", Http11), (answer["x-version"], answer["x-agreed"]));
        }
    }

    [Fact]
    public async Task Auto_works_with_a_backend_that_agrees_on_nothing()
    {
        _stage.Authority.Issue("backend", ["localhost"]);
        using var upstream = new TlsUpstream(_stage.At("backend.pem"), _stage.At("backend.key"));
        await using Node node = await StartAsync(upstream.Port, "auto");
        await Wait.UntilAsync(
            async () =>
            {
                Assert.Equal("hello", (await ServedAsync(node)).Text);
                return upstream.Handshakes >= 2;
            },
            "both are offered");
        for (int i = 0; i < 5; i++) Assert.Equal("hello", (await ServedAsync(node)).Text);
    }

    [Fact]
    public async Task A_backend_that_does_not_speak_the_HTTP_2_it_is_said_to_is_504()
    {
        await using JavaScriptServer upstream = await ServeAsync(Http11);
        await using Node node = await StartAsync(upstream, "h2");
        Answer answer = await PostAsync(node, "hello"u8.ToArray());
        Assert.Equal((504, "{\"message\":\"Network error communicating with endpoint\"}"), (answer.Status, answer.Text));
    }

    private static async Task<Answer> ServedAsync(Node node)
    {
        Answer answer = await PostAsync(node, "hello"u8.ToArray());
        Assert.Equal(200, answer.Status);
        return answer;
    }

    private static Task UntilVersionAsync(Node node, string version) =>
        Wait.UntilAsync(async () => (await ServedAsync(node))["x-version"] == version, $"the backend is called by HTTP/{version}");

    private static async Task<Answer> PostAsync(Node node, byte[] body, string headers = "")
    {
        using Wire wire = await node.ConnectAsync();
        await wire.SendAsync((byte[])[.. Encoding.ASCII.GetBytes($"POST /a HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {body.Length}\r\n\r\n"), .. body]);
        return await wire.ReadResponseAsync();
    }

    private Task<JavaScriptServer> ServeAsync(string protocols)
    {
        _stage.Authority.Issue("backend", ["localhost"]);
        return JavaScriptServer.StartAsync(
            Repository.PathOf("tests/EdgeProxy.Scenarios.Tests/Tls/node/server.js"), _stage.At("backend.pem"), _stage.At("backend.key"), protocols);
    }

    private Task<Node> StartAsync(JavaScriptServer upstream, string protocol) => StartAsync(upstream.Port, protocol);

    // One loop, which is to need one connection.
    private Task<Node> StartAsync(int port, string protocol)
    {
        JsonNode document = JsonNode.Parse(new Api().Proxy("/a", "POST", string.Create(CultureInfo.InvariantCulture, $"https://localhost:{port}/a")).ToString())!;
        document["x-edgeproxy-upstream"] = new JsonObject { ["protocol"] = protocol, ["tls"] = new JsonObject { ["caFile"] = _stage.Authority.File } };
        return Node.StartAsync(new NodeOptions { Api = document.ToJsonString(), Loops = 1 });
    }
}

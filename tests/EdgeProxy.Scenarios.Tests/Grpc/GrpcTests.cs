using System.Globalization;
using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;
using EdgeProxy.Scenarios.Tests.Tls;
using EdgeProxy.TestKit;

namespace EdgeProxy.Scenarios.Tests.Grpc;

/// <summary>A gRPC server and client that are not ours (grpc-js), with the published binary between them.</summary>
public sealed class GrpcTests
{
    private static readonly string s_folder = Repository.PathOf("tests/EdgeProxy.Scenarios.Tests/Grpc/node");

    [Theory]
    [InlineData("unary")]
    [InlineData("manyAtOnce")]
    [InlineData("failure")]
    [InlineData("deadline")]
    [InlineData("unknownMethod")]
    [InlineData("serverStream")]
    [InlineData("clientStream")]
    [InlineData("bidirectional")]
    [InlineData("large")]
    [InlineData("tooLarge")]
    [InlineData("longStream")]
    [InlineData("cancellation")]
    public async Task Passes(string scenario)
    {
        await using JavaScriptServer server = await ServeAsync();
        await using Node node = await Node.StartAsync(Api(server.Port, timeoutInMillis: 20_000));
        await RunAsync(node, scenario);
    }

    [Theory]
    [InlineData("unary")]
    [InlineData("manyAtOnce")]
    [InlineData("failure")]
    [InlineData("deadline")]
    [InlineData("serverStream")]
    [InlineData("clientStream")]
    [InlineData("bidirectional")]
    [InlineData("large")]
    [InlineData("cancellation")]
    public async Task Passes_over_TLS_on_both_sides(string scenario)
    {
        using var stage = new TlsStage();
        stage.Authority.Issue("gateway", ["shop.example.com"]);
        stage.Authority.Issue("backend", ["localhost"]);
        await using JavaScriptServer server = await ServeAsync(stage.At("backend.pem"), stage.At("backend.key"));
        await using Node node = await Node.StartAsync(new NodeOptions
        {
            Api = Api(server.Port, timeoutInMillis: 20_000, stage.Authority.File),
            Settings = $"tls: {{certificates: [{{certificate: '{stage.At("gateway.pem")}', key: '{stage.At("gateway.key")}'}}]}}",
            Listen = "https://127.0.0.1:0",
        });
        await RunAsync(node, scenario, stage.Authority.File, "shop.example.com");
        Assert.True(await node.MetricAsync("edgeproxy_tls_handshakes_total", "result=\"full\"") >= 1);
        Assert.True(await node.MetricAsync("edgeproxy_upstream_tls_handshakes_total", "version=\"TLSv1.3\"") >= 1);
    }

    [Fact]
    public async Task Tells_of_a_late_backend_in_grpcs_own_words()
    {
        await using JavaScriptServer server = await ServeAsync();
        await using Node node = await Node.StartAsync(Api(server.Port, timeoutInMillis: 300));
        await RunAsync(node, "gatewayDeadline");
    }

    [Fact]
    public async Task Tells_of_a_backend_that_is_not_there_in_grpcs_own_words()
    {
        await using Node node = await Node.StartAsync(Api(Ports.Unused(), timeoutInMillis: 20_000));
        await RunAsync(node, "backendGone");
    }

    /// <summary>Starts the service; with a certificate and its key, over TLS.</summary>
    private static Task<JavaScriptServer> ServeAsync(params string[] pair)
    {
        if (!Directory.Exists(Path.Combine(s_folder, "node_modules"))) throw new InvalidOperationException($"grpc-js is not installed. Run 'npm ci' in {s_folder}, as tests/run.sh does.");
        return JavaScriptServer.StartAsync(Path.Combine(s_folder, "server.js"), pair);
    }

    /// <summary>Runs the client; with an authority and a name, over TLS.</summary>
    private static async Task RunAsync(Node node, string scenario, params string[] tls)
    {
        CommandResult result = await Command.RunAsync("node", [Path.Combine(s_folder, "client.js"), node.DataPort.ToString(CultureInfo.InvariantCulture), scenario, .. tls]);
        Assert.True(result.Status == 0, $"{result}\n{node.LogText}");
    }

    /// <summary>The service's methods, each a route; one that is not there is none.</summary>
    private static string Api(int port, int timeoutInMillis, string? authority = null)
    {
        string origin = authority is null ? "http://127.0.0.1" : "https://localhost";
        var upstream = new JsonObject { ["protocol"] = "h2" };
        if (authority is not null) upstream["tls"] = new JsonObject { ["caFile"] = authority };
        var paths = new JsonObject();
        foreach (string method in new[] { "Echo", "Fail", "Slow", "Count", "Sum", "Chat", "Hang" })
        {
            paths[$"/shop.Shop/{method}"] = new JsonObject
            {
                ["post"] = new JsonObject
                {
                    ["responses"] = new JsonObject(),
                    ["x-amazon-apigateway-integration"] = new JsonObject
                    {
                        ["type"] = "http_proxy",
                        ["httpMethod"] = "POST",
                        ["uri"] = $"{origin}:{port}/shop.Shop/{method}",
                        ["timeoutInMillis"] = timeoutInMillis,
                    },
                },
            };
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.1",
            ["info"] = new JsonObject { ["title"] = "Shop", ["version"] = "1" },
            ["x-edgeproxy-upstream"] = upstream,
            ["paths"] = paths,
        }.ToJsonString();
    }
}

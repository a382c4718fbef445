using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;
using EdgeProxy.TestKit;

namespace EdgeProxy.Scenarios.Tests.Grpc;

/// <summary>A gRPC server and client that are not ours (grpc-js), with the published binary between them.</summary>
public sealed class GrpcTests : IAsyncLifetime, IDisposable
{
    private static readonly string s_folder = Repository.PathOf("tests/EdgeProxy.Scenarios.Tests/Grpc/node");

    private Process? _server;
    private int _port;

    public async Task InitializeAsync()
    {
        if (!Directory.Exists(Path.Combine(s_folder, "node_modules"))) throw new InvalidOperationException($"grpc-js is not installed. Run 'npm ci' in {s_folder}, as tests/run.sh does.");
        _server = Process.Start(new ProcessStartInfo("node", [Path.Combine(s_folder, "server.js")]) { RedirectStandardOutput = true })!;
        string? line = await _server.StandardOutput.ReadLineAsync().WaitAsync(TimeSpan.FromSeconds(30));
        _port = int.Parse(line!, CultureInfo.InvariantCulture);
    }

    public async Task DisposeAsync()
    {
        if (_server is not { } server) return;
        server.Kill();
        await server.WaitForExitAsync();
    }

    public void Dispose() => _server?.Dispose();

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
        await using Node node = await Node.StartAsync(Api(_port, timeoutInMillis: 20_000));
        await RunAsync(node, scenario);
    }

    [Fact]
    public async Task Tells_of_a_late_backend_in_grpcs_own_words()
    {
        await using Node node = await Node.StartAsync(Api(_port, timeoutInMillis: 300));
        await RunAsync(node, "gatewayDeadline");
    }

    [Fact]
    public async Task Tells_of_a_backend_that_is_not_there_in_grpcs_own_words()
    {
        await using Node node = await Node.StartAsync(Api(Ports.Unused(), timeoutInMillis: 20_000));
        await RunAsync(node, "backendGone");
    }

    private static async Task RunAsync(Node node, string scenario)
    {
        CommandResult result = await Command.RunAsync("node", Path.Combine(s_folder, "client.js"), node.DataPort.ToString(CultureInfo.InvariantCulture), scenario);
        Assert.True(result.Status == 0, $"{result}\n{node.LogText}");
    }

    /// <summary>The service's methods, each a route; one that is not there is none.</summary>
    private static string Api(int port, int timeoutInMillis)
    {
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
                        ["uri"] = $"http://127.0.0.1:{port}/shop.Shop/{method}",
                        ["timeoutInMillis"] = timeoutInMillis,
                    },
                },
            };
        }

        return new JsonObject
        {
            ["openapi"] = "3.0.1",
            ["info"] = new JsonObject { ["title"] = "Shop", ["version"] = "1" },
            ["x-edgeproxy-upstream"] = new JsonObject { ["protocol"] = "h2" },
            ["paths"] = paths,
        }.ToJsonString();
    }
}

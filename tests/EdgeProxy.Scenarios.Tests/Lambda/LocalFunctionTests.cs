using System.Diagnostics;
using System.Globalization;
using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;
using EdgeProxy.TestKit;

namespace EdgeProxy.Scenarios.Tests.Lambda;

/// <summary>Functions that the published binary runs itself: in Node.js, in Python, and as a native C# bootstrap.</summary>
public sealed class LocalFunctionTests : IDisposable
{
    private const string Node20 = "exports.handler = async (event) => { console.log('working on ' + event.path); return { statusCode: 200, body: 'node ' + process.pid }; };";
    private const string Python3 = "import os\ndef handler(event, context):\n    return {'statusCode': 200, 'body': 'python %d' % os.getpid()}\n";

    private readonly Temporary _code = new();

    public void Dispose() => _code.Dispose();

    [Theory]
    [InlineData("node", "nodejs20.x", "index.js", Node20)]
    [InlineData("python", "python3.11", "index.py", Python3)]
    public async Task A_proxy_integration_reaches_a_function_that_stays(string name, string runtime, string file, string code)
    {
        _code.Write(file, code);
        await using Node node = await StartAsync(name, runtime);
        string first = (await node.GetAsync($"/{name}")).Text;
        Assert.StartsWith($"{name} ", first, StringComparison.Ordinal);
        for (int i = 0; i < 20; i++) Assert.Equal(first, (await node.GetAsync($"/{name}")).Text);
        Assert.Equal(21, await node.MetricAsync("edgeproxy_function_invocations_total", $"function=\"{name}\",outcome=\"ok\""));
        if (name == "node") Assert.Contains("\tINFO\tworking on /node", (await node.UntilEventAsync("function_output")).GetProperty("msg").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_native_bootstrap_of_CSharp_is_a_runtime()
    {
        string bootstrap = Repository.PathOf("artifacts/bootstrap/bootstrap");
        Assert.True(File.Exists(bootstrap), "Publish it first: dotnet publish tests/EdgeProxy.Bootstrap -c Release -o artifacts/bootstrap");
        File.Copy(bootstrap, _code.PathOf("bootstrap"));
        await using Node node = await StartAsync("native", "provided");
        for (int i = 0; i < 5; i++)
        {
            Answer answer = await node.GetAsync("/native");
            Assert.Equal((200, "from C#", "native"), (answer.Status, answer.Text, answer["x-runtime"]));
        }

        Assert.Equal(502, (await node.GetAsync("/native?do=fail")).Status);
        await node.UntilEventAsync("function_output");
    }

    [Fact]
    public async Task A_function_and_what_it_started_go_with_a_node_that_is_killed()
    {
        _code.Write("index.js", "const child = require('child_process').spawn('sleep', ['600']); exports.handler = async () => ({ statusCode: 200, body: process.pid + ' ' + child.pid });");
        int[] processes;
        await using (Node node = await StartAsync("node", "nodejs20.x"))
        {
            processes = [.. (await node.GetAsync("/node")).Text.Split(' ').Select(text => int.Parse(text, CultureInfo.InvariantCulture))];
            Assert.All(processes, id => Assert.True(Runs(id)));
            node.Signal(Native.SIGTERM);
            await node.UntilExitAsync();
        }

        await Wait.UntilAsync(() => !processes.Any(Runs), "the function's processes are gone after SIGTERM");

        await using (Node node = await StartAsync("node", "nodejs20.x"))
        {
            int worker = int.Parse((await node.GetAsync("/node")).Text.Split(' ')[0], CultureInfo.InvariantCulture);
            Process.GetProcessById(node.ProcessId).Kill();
            await Wait.UntilAsync(() => !Runs(worker), "the worker is gone after SIGKILL");
        }
    }

    [Fact]
    public async Task A_worker_that_is_killed_is_replaced()
    {
        _code.Write("index.js", Node20);
        await using Node node = await StartAsync("node", "nodejs20.x");
        string first = (await node.GetAsync("/node")).Text;
        Process.GetProcessById(int.Parse(first.Split(' ')[1], CultureInfo.InvariantCulture)).Kill();
        await node.UntilEventAsync("function_worker_ended");
        Answer second = await node.GetAsync("/node");
        Assert.Equal(200, second.Status);
        Assert.NotEqual(first, second.Text);
    }

    private static bool Runs(int process)
    {
        try
        {
            // One that nobody has waited for is gone, too.
            return !File.ReadAllText($"/proc/{process}/stat").Split(')')[^1].StartsWith(" Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    private Task<Node> StartAsync(string name, string runtime) => Node.StartAsync(new NodeOptions
    {
        Api = new JsonObject
        {
            ["openapi"] = "3.0.1",
            ["info"] = new JsonObject { ["title"] = "functions", ["version"] = "1" },
            ["paths"] = new JsonObject
            {
                [$"/{name}"] = new JsonObject
                {
                    ["x-amazon-apigateway-any-method"] = new JsonObject
                    {
                        ["x-amazon-apigateway-integration"] = new JsonObject
                        {
                            ["type"] = "aws_proxy",
                            ["httpMethod"] = "POST",
                            ["uri"] = $"arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/arn:aws:lambda:us-east-1:000000000000:function:{name}/invocations",
                        },
                    },
                },
            },
        }.ToJsonString(),
        Settings = $"lambda:\n  functions:\n    - name: {name}\n      runtime: {runtime}\n      code: {_code.Folder}\n      handler: index.handler\n      timeout: 20s\n      workers:\n        max: 1\n",
    });
}

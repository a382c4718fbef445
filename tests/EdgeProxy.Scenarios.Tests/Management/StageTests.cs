using System.Collections.Concurrent;
using System.Net.Http;
using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>Deployments, stages and canaries on the running binary: what is called takes effect with its answer, and nothing is dropped.</summary>
public sealed class StageTests
{
    [Fact]
    public async Task Settings_deployments_and_rollbacks_take_effect_with_their_answers_and_drop_no_request()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        using var admin = new AdminClient(managed.Endpoint);
        string api = await ImportAsync(admin, "v1");
        string first = await DeployAsync(admin, api, """{"stageName":"prod","variables":{"tone":"a"}}""");
        Assert.Equal("v1 a", (await managed.GetAsync(api, "/prod/say")).Text);

        await using (var load = new SteadyLoad(managed.Node.DataPort, api, clients: 4))
        {
            await load.UntilAsync("v1 a");
            for (int i = 0; i < 20; i++)
            {
                // The very next request has it, on whatever loop it is.
                await admin.PatchStageAsync(api, "prod", $"replace /variables/tone b{i}");
                for (int k = 0; k < 4; k++) Assert.Equal($"v1 b{i}", (await managed.GetAsync(api, "/prod/say")).Text);
            }

            await admin.DoAsync("PUT", $"/restapis/{api}?mode=overwrite", Document("v2"));
            Assert.Equal("v1 b19", (await managed.GetAsync(api, "/prod/say")).Text);
            string second = await DeployAsync(admin, api, """{"stageName":"prod"}""");
            for (int k = 0; k < 4; k++) Assert.Equal("v2 b19", (await managed.GetAsync(api, "/prod/say")).Text);
            await admin.PatchStageAsync(api, "prod", $"replace /deploymentId {first}");
            for (int k = 0; k < 4; k++) Assert.Equal("v1 b19", (await managed.GetAsync(api, "/prod/say")).Text);
            await admin.PatchStageAsync(api, "prod", $"replace /deploymentId {second}");
            await load.UntilAsync("v2 b19");
            await load.StopAsync();
            Assert.Empty(load.Failures);
            Assert.True(load.Answers > 100, $"only {load.Answers} answers");
        }

        await admin.PatchStageAsync(api, "prod", "replace /*/*/throttling/rateLimit 1", "replace /*/*/throttling/burstLimit 1");
        int refused = 0;
        for (int i = 0; i < 10; i++) refused += (await managed.GetAsync(api, "/prod/say")).Status == 429 ? 1 : 0;
        Assert.True(refused >= 5, $"only {refused} of 10 were refused");
        await admin.PatchStageAsync(api, "prod", "remove /*/*");
        for (int i = 0; i < 10; i++) Assert.Equal(200, (await managed.GetAsync(api, "/prod/say")).Status);
        await admin.DoAsync("DELETE", $"/restapis/{api}/stages/prod");
        Assert.Equal(403, (await managed.GetAsync(api, "/prod/say")).Status);
    }

    [Fact]
    public async Task A_canary_takes_its_share_and_is_promoted()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        using var admin = new AdminClient(managed.Endpoint);
        string api = await ImportAsync(admin, "v1");
        await DeployAsync(admin, api, """{"stageName":"prod","variables":{"tone":"old"}}""");
        await admin.DoAsync("PUT", $"/restapis/{api}?mode=overwrite", Document("v2"));
        await DeployAsync(admin, api, """{"stageName":"prod","canarySettings":{"percentTraffic":30,"stageVariableOverrides":{"tone":"new"}}}""");
        int canary = 0;
        for (int i = 0; i < 300; i++)
        {
            string said = (await managed.GetAsync(api, "/prod/say")).Text;
            Assert.True(said is "v1 old" or "v2 new", said);
            if (said == "v2 new") canary++;
        }

        // Seven standard deviations to either side.
        Assert.InRange(canary, 34, 146);
        await admin.PatchStageAsync(
            api, "prod", "replace /canarySettings/percentTraffic 0.0", "copy /variables /canarySettings/stageVariableOverrides", "copy /deploymentId /canarySettings/deploymentId");
        for (int i = 0; i < 20; i++) Assert.Equal("v2 new", (await managed.GetAsync(api, "/prod/say")).Text);
        await admin.PatchStageAsync(api, "prod", "remove /canarySettings");
        Assert.Equal("v2 new", (await managed.GetAsync(api, "/prod/say")).Text);
    }

    [Fact]
    public async Task A_difference_is_told_and_a_method_tested_before_it_is_deployed()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        using var admin = new AdminClient(managed.Endpoint);
        string api = await ImportAsync(admin, "v1");
        await DeployAsync(admin, api, """{"stageName":"prod","variables":{"tone":"a"}}""");
        string[] where = ["--admin", managed.Endpoint];
        Assert.Contains("nothing to deploy", (await RunAsync(["diff", api, "prod", .. where])).Output, StringComparison.Ordinal);
        await admin.DoAsync("PUT", $"/restapis/{api}?mode=overwrite", Document("v2", $"http://127.0.0.1:{managed.Node.DataPort}/nowhere"));
        string told = (await RunAsync(["diff", api, "prod", .. where])).Output;
        Assert.Contains("~ method GET /say", told, StringComparison.Ordinal);
        Assert.Contains("+ method GET /back", told, StringComparison.Ordinal);

        CommandResult tested = await RunAsync(["test-invoke", api, "GET", "/say", "--stage-variable", "tone=t", .. where]);
        Assert.Equal(0, tested.Status);
        Assert.Contains("Method response body after transformations: v2 t\n", tested.Output, StringComparison.Ordinal);

        // The back end is the node itself, which knows no API there: the call was a real one.
        JsonNode result = JsonNode.Parse((await RunAsync(["test-invoke", api, "GET", "/back", "--output", "json", .. where])).Output)!;
        Assert.Equal(403, result["status"]!.GetValue<int>());
        Assert.Contains("Received response. Status: 403, Integration latency: ", result["log"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("v1 a", (await managed.GetAsync(api, "/prod/say")).Text);
    }

    [Fact]
    public async Task Changes_deploy_themselves_where_asked_to()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync("management: {autoDeploy: true}");
        using var admin = new AdminClient(managed.Endpoint);
        string api = await ImportAsync(admin, "v1");
        await DeployAsync(admin, api, """{"stageName":"prod","variables":{"tone":"a"}}""");
        await admin.DoAsync("PUT", $"/restapis/{api}?mode=overwrite", Document("v2"));
        Assert.Equal("v2 a", (await managed.GetAsync(api, "/prod/say")).Text);
    }

    private static async Task<string> ImportAsync(AdminClient admin, string version) => (await admin.DoAsync("POST", "/restapis?mode=import", Document(version)))["id"]!.GetValue<string>();

    private static async Task<string> DeployAsync(AdminClient admin, string api, string body) => (await admin.DoAsync("POST", $"/restapis/{api}/deployments", body))["id"]!.GetValue<string>();

    private static Task<CommandResult> RunAsync(string[] arguments) => Command.RunAsync(EdgeProxyBinary.Path, arguments);

    /// <summary>An API that says which version it is, and the stage's tone.</summary>
    private static string Document(string version, string? back = null)
    {
        var paths = new JsonObject { ["/say"] = new JsonObject { ["get"] = Method("""{"type":"mock","requestTemplates":{"application/json":"{\"statusCode\": 200}"},"responses":{"default":{"statusCode":"200","responseTemplates":{"application/json":"VERSION $stageVariables.tone"}}}}""".Replace("VERSION", version, StringComparison.Ordinal)) } };
        if (back is not null) paths["/back"] = new JsonObject { ["get"] = Method($$"""{"type":"http_proxy","httpMethod":"GET","uri":"{{back}}"}""") };
        return new JsonObject { ["openapi"] = "3.0.1", ["info"] = new JsonObject { ["title"] = "says", ["version"] = "1" }, ["paths"] = paths }.ToJsonString();

        static JsonObject Method(string integration) => new()
        {
            ["responses"] = new JsonObject { ["200"] = new JsonObject { ["description"] = "said" } },
            ["x-amazon-apigateway-integration"] = JsonNode.Parse(integration),
        };
    }

    /// <summary>Clients that ask again and again on connections that stay.</summary>
    private sealed class SteadyLoad : IAsyncDisposable
    {
        private readonly HttpClient _http;
        private readonly ConcurrentDictionary<string, bool> _said = new();
        private readonly Task[] _clients;
        private readonly string _host;
        private volatile bool _ends;
        private long _answers;

        public SteadyLoad(int port, string api, int clients)
        {
            _http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
            _host = api + ".execute-api.localhost";
            _clients = [.. Enumerable.Range(0, clients).Select(_ => Task.Run(AskAsync))];
        }

        /// <summary>What was no 200, or no answer at all.</summary>
        public ConcurrentQueue<string> Failures { get; } = [];

        public long Answers => Interlocked.Read(ref _answers);

        /// <summary>Waits until some client got this answer.</summary>
        public Task UntilAsync(string text) => Wait.UntilAsync(() => _said.ContainsKey(text) || !Failures.IsEmpty, $"somebody is told {text}");

        public async Task StopAsync()
        {
            _ends = true;
            await Task.WhenAll(_clients);
        }

        public async ValueTask DisposeAsync()
        {
            await StopAsync();
            _http.Dispose();
        }

        private async Task AskAsync()
        {
            while (!_ends)
            {
                try
                {
                    using var request = new HttpRequestMessage(HttpMethod.Get, "/prod/say");
                    request.Headers.Host = _host;
                    using HttpResponseMessage answer = await _http.SendAsync(request);
                    string text = await answer.Content.ReadAsStringAsync();
                    if ((int)answer.StatusCode == 200) _said[text] = true;
                    else Failures.Enqueue($"{(int)answer.StatusCode} {text}");
                    Interlocked.Increment(ref _answers);
                }
                catch (HttpRequestException dropped)
                {
                    Failures.Enqueue(dropped.Message);
                }
            }
        }
    }
}

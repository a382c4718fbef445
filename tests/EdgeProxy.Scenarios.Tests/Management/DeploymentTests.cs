using System.Globalization;
using System.Text.Json.Nodes;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Management;

/// <summary>Deploying, rolling back and promoting while a node is being used.</summary>
public sealed class DeploymentTests
{
    [Fact]
    public async Task Hundreds_of_deployments_under_load_fail_no_request()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using ManagedNode managed = await ManagedNode.StartAsync();
        using var calls = new ManagementCalls(managed.Endpoint);
        string api = await calls.ImportAsync(Api.Version(0, upstream.Port));
        await calls.DeployAsync(api, "prod");
        using var over = new CancellationTokenSource();
        Task<int>[] clients =
        [
            managed.Node.HammerAsync("/prod/version", $"{api}.execute-api.localhost", newConnections: false, over.Token),
            managed.Node.HammerAsync("/prod/version", $"{api}.execute-api.localhost", newConnections: true, over.Token),
            managed.Node.HammerAsync("/prod/proxied/a", $"{api}.execute-api.localhost", newConnections: false, over.Token),
        ];

        for (int i = 1; i <= 300; i++)
        {
            await calls.PutAsync(api, Api.Version(i, upstream.Port));
            await calls.DeployAsync(api, "prod");

            // Served by the time the call is answered.
            Assert.Equal($"{i}", (await managed.GetAsync(api, "/prod/version"))["X-Version"]);
        }

        await over.CancelAsync();
        int[] served = await Task.WhenAll(clients);
        Assert.All(served, static count => Assert.True(count > 0));
    }

    [Fact]
    public async Task A_request_in_flight_ends_on_the_deployment_it_began_with()
    {
        var release = new TaskCompletionSource();
        using RawUpstream upstream = RawUpstream.Halting(release.Task);
        await using ManagedNode managed = await ManagedNode.StartAsync();
        using var calls = new ManagementCalls(managed.Endpoint);
        string api = await calls.ImportAsync(Api.Version(1, upstream.Port));
        await calls.DeployAsync(api, "prod");
        using Wire client = await managed.Node.ConnectAsync();
        string request = $"GET /prod/proxied/slow HTTP/1.1\r\nHost: {api}.execute-api.localhost\r\n\r\n";
        await client.SendAsync(request);
        await Wait.UntilAsync(() => upstream.Open == 1, "the request reaches the upstream");

        await calls.PutAsync(api, new Api().Mock("/version", "GET", 200, ("X-Version", "2")));
        for (int i = 0; i < 100; i++) await calls.DeployAsync(api, "prod");
        release.SetResult();
        Assert.Equal("helloworld", (await client.ReadResponseAsync()).Text);

        // The next request of the same connection meets the deployment of now, which has no such route.
        await client.SendAsync(request);
        Assert.Equal(403, (await client.ReadResponseAsync()).Status);
    }

    [Fact]
    public async Task A_stage_is_rolled_back_by_pointing_it_at_an_earlier_deployment_and_a_restart_serves_the_same()
    {
        using var files = new Temporary();
        string data = files.PathOf("data");
        string api;
        await using (ManagedNode managed = await ManagedNode.StartAsync(data: data))
        {
            using var calls = new ManagementCalls(managed.Endpoint);
            api = await calls.ImportAsync(Api.Version(1, 1));
            string first = await calls.DeployAsync(api, "prod");
            await calls.PutAsync(api, Api.Version(2, 1));
            await calls.DeployAsync(api, "prod");
            Assert.Equal("2", (await managed.GetAsync(api, "/prod/version"))["X-Version"]);
            await calls.PatchAsync($"restapis/{api}/stages/prod", ("replace", "/deploymentId", first));
            Assert.Equal("1", (await managed.GetAsync(api, "/prod/version"))["X-Version"]);
        }

        await using ManagedNode again = await ManagedNode.StartAsync(data: data);
        Assert.Equal("1", (await again.GetAsync(api, "/prod/version"))["X-Version"]);
    }

    [Fact]
    public async Task A_canary_takes_its_share_and_all_once_it_is_promoted()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        using var calls = new ManagementCalls(managed.Endpoint);
        string api = await calls.ImportAsync(Api.Version(1, 1));
        await calls.DeployAsync(api, "prod");
        await calls.PutAsync(api, Api.Version(2, 1));
        string canary = await calls.DeployAsync(api, "prod", ",\"canarySettings\":{\"percentTraffic\":50}");
        var seen = new HashSet<string?>();
        for (int i = 0; i < 200 && seen.Count < 2; i++) seen.Add((await managed.GetAsync(api, "/prod/version"))["X-Version"]);
        Assert.Equal(2, seen.Count);

        await calls.PatchAsync($"restapis/{api}/stages/prod", ("replace", "/deploymentId", canary), ("remove", "/canarySettings", null));
        for (int i = 0; i < 20; i++) Assert.Equal("2", (await managed.GetAsync(api, "/prod/version"))["X-Version"]);
    }

    [Fact]
    public async Task Variables_and_throttles_of_a_stage_hold_at_once()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using ManagedNode managed = await ManagedNode.StartAsync();
        using var calls = new ManagementCalls(managed.Endpoint);
        string api = await calls.ImportAsync(new Api().Proxy("/a", "ANY", "http://127.0.0.1:${stageVariables.port}/"));
        await calls.DeployAsync(api, "prod");
        Assert.NotEqual(200, (await managed.GetAsync(api, "/prod/a")).Status);
        await calls.PatchAsync($"restapis/{api}/stages/prod", ("replace", "/variables/port", upstream.Port.ToString(CultureInfo.InvariantCulture)));
        Assert.Equal(200, (await managed.GetAsync(api, "/prod/a")).Status);
        await calls.PatchAsync($"restapis/{api}/stages/prod", ("replace", "/*/*/throttling/rateLimit", "0"), ("replace", "/*/*/throttling/burstLimit", "0"));
        Assert.Equal(429, (await managed.GetAsync(api, "/prod/a")).Status);
    }

    [Fact]
    public async Task Two_thousand_deployments_leave_the_memory_as_it_was()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        using var calls = new ManagementCalls(managed.Endpoint);
        string api = await calls.ImportAsync(Many(0));
        string last = await calls.DeployAsync(api, "prod");
        long early = 0;
        for (int i = 1; i <= 2000; i++)
        {
            // Other routes each time, of which nothing may stay; what stays of a deployment that is kept is its records.
            await calls.PutAsync(api, Many(i));
            string deployment = await calls.DeployAsync(api, "prod");
            await calls.DeleteAsync($"restapis/{api}/deployments/{last}");
            last = deployment;
            if (i == 400) early = managed.Node.ResidentBytes();
        }

        Assert.InRange(managed.Node.ResidentBytes(), 0, early + (12 << 20));
    }

    [Fact]
    public async Task Ten_deployments_of_one_API_at_once_all_come_to_be()
    {
        await using ManagedNode managed = await ManagedNode.StartAsync();
        using var calls = new ManagementCalls(managed.Endpoint);
        string api = await calls.ImportAsync(Api.Version(1, 1));
        string[] deployments = await Task.WhenAll(Enumerable.Range(0, 10).Select(i => calls.DeployAsync(api, "s" + i)));
        Assert.Equal(10, deployments.Distinct(StringComparer.Ordinal).Count());
        for (int i = 0; i < 10; i++) Assert.Equal(200, (await managed.GetAsync(api, $"/s{i}/version")).Status);
        JsonNode version = JsonNode.Parse((await managed.Node.AdminAsync("/config/version")).Text)!;
        Assert.True(version["version"]!.GetValue<long>() >= 11);
    }

    private static Api Many(int version)
    {
        var api = new Api();
        for (int i = 0; i < 20; i++) api = api.Mock($"/v{version}/r{i}", "GET", 200);
        return api;
    }
}

using System.Diagnostics;
using System.Text;
using System.Text.Json;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Telemetry;

/// <summary>What an operator's Prometheus makes of the node.</summary>
public sealed class MetricsTests
{
    [Fact]
    public async Task Promtool_finds_no_fault()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await UsedNodeAsync(upstream);
        Answer metrics = await node.AdminAsync("/metrics");
        Assert.StartsWith("text/plain; version=0.0.4", metrics["Content-Type"], StringComparison.Ordinal);
        CommandResult check = await Command.RunAsync("promtool", ["check", "metrics"], metrics.Body);
        Assert.True(check.Status == 0 && check.Output.Length + check.Errors.Length == 0, check.ToString());
    }

    [Fact]
    public async Task OpenMetrics_is_given_to_who_asks_for_it()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await UsedNodeAsync(upstream);
        Answer metrics = await node.AdminAsync("/metrics", "Accept: application/openmetrics-text; version=1.0.0; charset=utf-8\r\n");
        Assert.StartsWith("application/openmetrics-text; version=1.0.0", metrics["Content-Type"], StringComparison.Ordinal);
        Assert.EndsWith("\n# EOF\n", metrics.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Requests_are_counted_by_route_template_and_not_by_path()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await UsedNodeAsync(upstream);
        Assert.Equal(3, await node.MetricAsync("edgeproxy_requests_total", "resource=\"/mock\""));
        Assert.Equal(2, await node.MetricAsync("edgeproxy_requests_total", "resource=\"/{proxy+}\""));
        Assert.Equal(2, await node.MetricAsync("edgeproxy_request_duration_seconds_count", "resource=\"/{proxy+}\""));
        Assert.DoesNotContain("secret-path", (await node.AdminAsync("/metrics")).Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("edgeproxy_build_info")]
    [InlineData("edgeproxy_connections")]
    [InlineData("edgeproxy_requests_total")]
    [InlineData("edgeproxy_data_processed_bytes_total")]
    [InlineData("edgeproxy_integration_duration_seconds_count")]
    [InlineData("edgeproxy_upstream_connections")]
    [InlineData("edgeproxy_loop_turns_total")]
    [InlineData("edgeproxy_loop_busy_seconds_total")]
    [InlineData("edgeproxy_snapshot_version")]
    [InlineData("edgeproxy_gc_allocated_bytes_total")]
    [InlineData("process_resident_memory_bytes")]
    [InlineData("process_start_time_seconds")]
    [InlineData("process_open_fds")]
    public async Task Has_a_figure_of_each_kind_once_it_was_used(string name)
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await UsedNodeAsync(upstream);
        Assert.True(await node.MetricAsync(name) > 0, name);
    }

    [Fact]
    public async Task A_limit_that_was_hit_shows()
    {
        await using Node node = await Node.StartAsync(Api.ProxyTo(1));
        Assert.Equal(414, (await node.GetAsync("/" + new string('a', 20_000))).Status);
        Assert.Equal(1, await node.MetricAsync("edgeproxy_limit_hits_total"));
    }

    [Fact]
    public async Task A_real_Prometheus_scrapes_it()
    {
        using RawUpstream upstream = RawUpstream.Echo();
        await using Node node = await UsedNodeAsync(upstream);
        using var files = new Temporary();
        string configuration = files.Write("prometheus.yml", $"""
            global: {"{"}scrape_interval: 1s, scrape_timeout: 1s{"}"}
            scrape_configs:
              - job_name: edgeproxy
                static_configs:
                  - targets: ['127.0.0.1:{node.AdminPort}']
            """);
        int port = Ports.Unused();
        using Process prometheus = Process.Start(new ProcessStartInfo(
            "prometheus",
            [
                $"--config.file={configuration}", $"--storage.tsdb.path={files.PathOf("data")}",
                $"--web.listen-address=127.0.0.1:{port}", "--log.level=error",
            ]))!;
        try
        {
            await Wait.UntilAsync(async () => await QueryAsync(port, "up") == "1", "Prometheus says that the node is up");
            Assert.Equal("3", await QueryAsync(port, "sum(edgeproxy_requests_total{resource=\"/mock\"})"));
            Assert.Equal("5", await QueryAsync(port, "sum(edgeproxy_request_duration_seconds_count)"));
        }
        finally
        {
            prometheus.Kill();
            await prometheus.WaitForExitAsync();
        }
    }

    private static async Task<Node> UsedNodeAsync(RawUpstream upstream)
    {
        Node node = await Node.StartAsync(Api.ProxyTo(upstream.Port));
        for (int i = 0; i < 3; i++) Assert.Equal(200, (await node.GetAsync("/mock")).Status);
        for (int i = 0; i < 2; i++) Assert.Equal(200, (await node.GetAsync("/secret-path")).Status);
        return node;
    }

    /// <summary>The value of an instant query with one result, or null while Prometheus has none.</summary>
    private static async Task<string?> QueryAsync(int port, string query)
    {
        try
        {
            using Wire wire = await Wire.ConnectAsync(port);
            await wire.SendAsync($"GET /api/v1/query?query={Uri.EscapeDataString(query)} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
            Answer answer = await wire.ReadResponseAsync();
            if (answer.Status != 200) return null;
            JsonElement results = JsonDocument.Parse(answer.Text).RootElement.GetProperty("data").GetProperty("result");
            return results.GetArrayLength() == 1 ? results[0].GetProperty("value")[1].GetString() : null;
        }
        catch (System.Net.Sockets.SocketException)
        {
            return null;
        }
    }
}

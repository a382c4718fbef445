using System.Text.Json;
using EdgeProxy.Admin;
using EdgeProxy.Control;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Loops;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeProxy.Tests.Process.Admin;

public sealed class AdminHandlerTests : IDisposable
{
    private static readonly ListenerFacts Loopback = new("admin", IsAdmin: true, IsTls: false, IsLoopback: true, Port: 9080);
    private static readonly ListenerFacts Open = Loopback with { IsLoopback = false };

    private readonly MetricRegistry _metrics = new(stripes: 1);
    private readonly NodeState _state = new() { IsListening = true, LoadedAt = 86_400_000 };
    private readonly EpollLoop _loop = new(0, exception => throw exception);
    private readonly Thread _thread;
    private readonly AdminHandler _handler;
    private long _version = 3;

    public AdminHandlerTests()
    {
        CidrSet.TryParse(["10.0.0.0/8"], out CidrSet allowed, out _);
        _handler = new AdminHandler(_metrics, _state, () => _version, new AdminAccess(new AdminRules(allowed, ["edge.internal"], [], TimeSpan.FromMinutes(15)), _metrics, NullLogger.Instance, TimeProvider.System));
        _metrics.Counter("edgeproxy_things_total", "Things.").With().Increment(MetricRegistry.SharedStripe);
        _thread = new Thread(_loop.Run) { IsBackground = true };
        _thread.Start();
    }

    public void Dispose()
    {
        _loop.Stop();
        _thread.Join();
        _loop.Dispose();
    }

    [Fact]
    public async Task Metrics_are_prometheus_text_unless_OpenMetrics_is_asked_for()
    {
        RecordedExchange text = await AskAsync(Loopback, "127.0.0.1", "/metrics");
        Assert.Equal((200, "text/plain; version=0.0.4; charset=utf-8"), (text.Response.Status, text.Header("Content-Type")));
        Assert.Contains("edgeproxy_things_total 1", text.Body, StringComparison.Ordinal);
        Assert.Equal(text.Body.Length, text.DeclaredLength);

        RecordedExchange open = await AskAsync(Loopback, "127.0.0.1", "/metrics", HttpMethod.Get, ("Accept", "text/plain;q=0.1"), ("Accept", "application/openmetrics-text"));
        Assert.StartsWith("application/openmetrics-text", open.Header("Content-Type"), StringComparison.Ordinal);
        Assert.EndsWith("# EOF\n", open.Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/livez")]
    [InlineData("/healthz")]
    public async Task Whoever_answers_lives_even_when_draining(string path)
    {
        _state.IsDraining = true;
        Assert.Equal(200, (await AskAsync(Loopback, "127.0.0.1", path)).Response.Status);
    }

    [Theory]
    [InlineData(3L, true, false, 200, "ready")]
    [InlineData(0L, true, false, 503, "starting")]
    [InlineData(3L, false, false, 503, "starting")]
    [InlineData(3L, true, true, 503, "draining")]
    public async Task Readiness_needs_a_configuration_and_listeners_and_no_drain(long version, bool listening, bool draining, int status, string word)
    {
        (_version, _state.IsListening, _state.IsDraining) = (version, listening, draining);
        RecordedExchange answer = await AskAsync(Loopback, "127.0.0.1", "/readyz");
        Assert.Equal(status, answer.Response.Status);
        JsonElement json = JsonDocument.Parse(answer.Body).RootElement;
        Assert.Equal(word, json.GetProperty("status").GetString());
        Assert.Equal((version > 0, listening, !draining), (
            json.GetProperty("checks").GetProperty("configurationLoaded").GetBoolean(),
            json.GetProperty("checks").GetProperty("listenersBound").GetBoolean(),
            json.GetProperty("checks").GetProperty("notDraining").GetBoolean()));
    }

    [Fact]
    public async Task The_version_in_force_can_be_asked()
    {
        JsonElement json = JsonDocument.Parse((await AskAsync(Loopback, "127.0.0.1", "/config/version")).Body).RootElement;
        Assert.Equal((3, "1970-01-02T00:00:00+00:00"), (json.GetProperty("version").GetInt64(), json.GetProperty("loadedAt").GetString()));
    }

    [Theory]
    [InlineData("/metrics", "10.1.2.3", 200)]
    [InlineData("/readyz", "10.1.2.3", 200)]
    [InlineData("/metrics", "192.0.2.1", 403)]
    [InlineData("/livez", "192.0.2.1", 403)]
    [InlineData("/config/version", "10.1.2.3", 403)]
    [InlineData("/restapis", "10.1.2.3", 403)]
    public async Task Off_loopback_only_metrics_and_health_are_open_and_only_to_the_allowed(string path, string client, int status)
    {
        RecordedExchange answer = await AskAsync(Open, client, path, HttpMethod.Get, ("X-Forwarded-For", "10.0.0.1"));
        Assert.Equal(status, answer.Response.Status);
        if (status == 403) Assert.Equal("{\"message\":\"Forbidden\"}", answer.Body);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/metrics/")]
    [InlineData("/Metrics")]
    public async Task Other_paths_are_404(string path)
    {
        RecordedExchange answer = await AskAsync(Loopback, "127.0.0.1", path);
        Assert.Equal((404, "{\"message\":\"Not Found\"}", "application/json"), (answer.Response.Status, answer.Body, answer.Header("Content-Type")));
    }

    [Fact]
    public async Task Other_methods_are_405_and_HEAD_is_as_GET()
    {
        RecordedExchange answer = await AskAsync(Loopback, "127.0.0.1", "/metrics", HttpMethod.Post);
        Assert.Equal((405, "GET, HEAD"), (answer.Response.Status, answer.Header("Allow")));
        Assert.Equal(200, (await AskAsync(Loopback, "127.0.0.1", "/metrics", HttpMethod.Head)).Response.Status);
    }

    private async Task<RecordedExchange> AskAsync(ListenerFacts listener, string client, string path, HttpMethod method = HttpMethod.Get, params (string, string)[] headers)
    {
        var exchange = new RecordedExchange(_loop, listener, client, method, path, headers);
        LoopAction.Post(_loop, () => _handler.HandleAsync(exchange).Forget());
        await exchange.Ended.WaitAsync(TimeSpan.FromSeconds(20));
        return exchange;
    }
}

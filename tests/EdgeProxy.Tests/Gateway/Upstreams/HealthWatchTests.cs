using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Upstreams;
using EdgeProxy.Http.Client;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Telemetry.Tracing;
using EdgeProxy.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace EdgeProxy.Tests.Gateway.Upstreams;

public sealed class HealthWatchTests : IDisposable
{
    private readonly LoopHarness _loop = new();
    private readonly FakeUpstream _upstream;
    private readonly HealthWatch _watch;
    private readonly UpstreamLive _live = new("http://pets:80", new UpstreamSeries(new GatewayMetrics(new MetricRegistry(stripes: 1)), "api", "prod", "http://pets:80"));

    public HealthWatchTests()
    {
        _upstream = new FakeUpstream(_loop) { AllowsSeveral = true };
        _watch = new HealthWatch(_loop, _upstream, FastRandom.FromSeed(7), NullLogger.Instance);
    }

    public void Dispose() => _loop.Dispose();

    [Fact]
    public void Asks_every_target_again_and_again_and_leaves_out_what_does_not_answer()
    {
        UpstreamGroup group = Group("a", "b");
        _upstream.Script = static name => name.Host == "b" ? (UpstreamOutcome.ConnectFailed, null) : (UpstreamOutcome.Ok, "HTTP/1.1 200 OK\nContent-Length: 0");
        _watch.Follow([group]);
        Run(seconds: 1);
        Assert.Equal(["a", "b"], _upstream.Sent.Select(static name => name.Host).Order());
        Assert.Equal(("GET", "/healthz", "pets"), (_upstream.Method, _upstream.Target, _upstream.Field("Host")));
        Assert.False(group.Targets[1].Live.IsDown);
        Run(seconds: 12);
        Assert.True(group.Targets[1].Live.IsDown);
        Assert.Equal("00000", string.Concat(Enumerable.Range(0, 5).Select(_ => group.Pick(_loop.Now, tried: 0, NullLogger.Instance))));
        Assert.Equal(0, group.Targets[1].Live.Healthy.Value);

        _upstream.Script = null;
        Run(seconds: 11);
        Assert.False(group.Targets[1].Live.IsDown);
        Assert.Equal(1, group.Targets[1].Live.Healthy.Value);
        Assert.True(_upstream.IsReturned);
        Assert.InRange(_upstream.Sent.Count, 8, 14);
    }

    [Theory]
    [InlineData("HTTP/1.1 503 No\nContent-Length: 0", true)]
    [InlineData("HTTP/1.1 404 No\nContent-Length: 0", true)]
    [InlineData("HTTP/1.1 204 Fine", false)]
    public void The_status_decides(string head, bool isDown)
    {
        UpstreamGroup group = Group("a");
        _upstream.Script = _ => (UpstreamOutcome.Ok, head);
        _watch.Follow([group]);
        Run(seconds: 20);
        Assert.Equal(isDown, group.Targets[0].Live.IsDown);
    }

    [Fact]
    public void That_the_node_has_no_connection_left_says_nothing_about_a_target()
    {
        UpstreamGroup group = Group("a");
        _upstream.Script = static _ => (UpstreamOutcome.PoolExhausted, null);
        _watch.Follow([group]);
        Run(seconds: 30);
        Assert.False(group.Targets[0].Live.IsDown);
        Assert.InRange(_upstream.Sent.Count, 5, 8);
    }

    [Fact]
    public void A_deployment_keeps_what_was_found_and_stops_asking_those_that_are_gone()
    {
        UpstreamGroup before = Group("a", "b");
        _upstream.Script = static _ => (UpstreamOutcome.ConnectFailed, null);
        _watch.Follow([before]);
        Run(seconds: 15);
        Assert.True(before.Targets[0].Live.IsDown);
        UpstreamGroup after = Group("a", "c");
        _watch.Follow([after]);
        Assert.Equal(2, _watch.Count);
        Assert.True(after.Targets[0].Live.IsDown);
        Assert.False(before.Targets[1].Live.IsDown); // nobody asks it any more
        _upstream.Sent.Clear();
        Run(seconds: 10);
        Assert.DoesNotContain(_upstream.Sent, static name => name.Host == "b");
        Assert.Contains(_upstream.Sent, static name => name.Host == "c");
        _watch.Follow([]);
        _upstream.Sent.Clear();
        Run(seconds: 10);
        Assert.Empty(_upstream.Sent);
        Assert.False(after.Targets[0].Live.IsDown);
    }

    [Fact]
    public void Without_a_path_nobody_is_asked()
    {
        _watch.Follow([new UpstreamGroup(_live, Group("a").Targets, new UpstreamPolicy(), [])]);
        Assert.Equal(0, _watch.Count);
    }

    private void Run(int seconds)
    {
        for (int i = 0; i < seconds * 10; i++)
        {
            _loop.Advance(TimeSpan.FromMilliseconds(100));
            _loop.Run();
        }

        _loop.ThrowUnhandled();
    }

    private UpstreamGroup Group(params string[] hosts) => new(
        _live, Array.ConvertAll(hosts, host => new BoundTarget(new UpstreamName(host, 80), 1, _live.Target(new UpstreamName(host, 80)))),
        new UpstreamPolicy { Health = new HealthCheckPlan { Path = "/healthz" } }, "pets"u8.ToArray());
}

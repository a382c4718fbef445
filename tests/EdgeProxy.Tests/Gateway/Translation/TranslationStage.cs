using EdgeProxy.Gateway;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.Routing;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Telemetry.Tracing;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Listeners;

namespace EdgeProxy.Tests.Gateway.Translation;

/// <summary>The whole data plane on one harness loop, in front of an upstream of any protocol: the client and the upstream are the test, in bytes.</summary>
internal sealed class TranslationStage : IDisposable
{
    private readonly MetricRegistry _registry = new(1);
    private readonly UpstreamClients _upstreams;
    private readonly HttpServer _server;
    private readonly ConnectionLimits _limits = new(total: 100, perAddress: 0);
    private readonly List<Exception> _failures = [];

    /// <param name="protocol">What the upstream speaks. Every request goes there, path and all.</param>
    public TranslationStage(UpstreamProtocol protocol)
    {
        Connector = new MemoryConnector(Loop);
        _upstreams = new UpstreamClients(Loop, Connector, new UpstreamOptions(), new UpstreamMetrics(_registry));
        var server = new ServerMetrics(_registry);
        var metrics = new GatewayMetrics(_registry, server.Limits);
        var table = new RouteTableBuilder<RestRules>();
        table.AddAny("/{proxy+}");
        var plan = new DeploymentPlan("dep", table.Build(out _),
        [
            new RoutePlan
            {
                Ordinal = 0,
                ResourcePath = "/{proxy+}",
                Method = "ANY",
                Integration = new HttpProxyPlan
                {
                    Uri = UriTemplate.Parse("http://127.0.0.1:9000/{proxy}"),
                    Method = "",
                    KnownMethod = HttpMethod.Other,
                    RequestParameters = [TestGateway.Map("integration.request.path.proxy", "method.request.path.proxy", "proxy")],
                    Upstream = new UpstreamPlan { Protocol = protocol },
                },
            },
        ]);
        var snapshots = new SnapshotHolder();
        StagePlan stage = StagePlan.Build(TestGateway.Api, "prod", plan, StageVariables.None, new LiveRegistry(metrics));
        snapshots.Swap(new GatewaySnapshot { Mounts = new BasePathTable([("", stage)]) });
        var handler = new GatewayHandler(snapshots, [new LoopServices(metrics, _upstreams, null, FastRandom.FromSeed(1), TimeProvider.System)]);
        _server = new HttpServer(
            Loop, new ListenerFacts("data", IsAdmin: false, IsTls: false, IsLoopback: true, Port: 8080), handler, new ServerOptions(), _limits, server, _failures.Add);
    }

    public LoopHarness Loop { get; } = new();

    public MemoryConnector Connector { get; }

    /// <summary>A client that has just connected.</summary>
    public MemoryConnection Connect()
    {
        var connection = new MemoryConnection(Loop);
        _limits.TryEnter(connection.Peer.Address);
        _server.OnAccepted(connection);
        return connection;
    }

    /// <summary>Delivers bytes of a client and runs the loop.</summary>
    public void Say(MemoryConnection client, string text)
    {
        client.Deliver(text);
        Loop.Run();
    }

    /// <summary>What reached the only upstream connection since the last call, by HTTP/1.1.</summary>
    public string TakeHttp1() => Connector.Opened.Count == 0 ? "" : Connector.Opened[^1].TakeSent();

    public void Dispose()
    {
        _upstreams.Close();
        Loop.Run();
        Assert.Empty(_failures);
        Loop.ThrowUnhandled();
        Loop.Dispose();
    }
}

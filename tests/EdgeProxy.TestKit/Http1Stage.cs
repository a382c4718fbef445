using EdgeProxy.Core.Text;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Listeners;

namespace EdgeProxy.TestKit;

/// <summary>An HTTP/1.1 server on a harness loop, with clients that are the test.</summary>
public sealed class Http1Stage : IDisposable
{
    public Http1Stage(ServerOptions? options = null, ConnectionLimits? limits = null)
    {
        Limits = limits ?? new ConnectionLimits(total: 1000, perAddress: 0);
        Registry = new MetricRegistry(1);
        Metrics = new ServerMetrics(Registry);
        Server = new HttpServer(
            Loop,
            new ListenerFacts("data", IsAdmin: false, IsTls: false, IsLoopback: true, Port: 8080),
            Handler,
            options ?? new ServerOptions(),
            Limits,
            Metrics,
            Failures.Add);
    }

    public LoopHarness Loop { get; } = new();

    public ScriptedHandler Handler { get; } = new();

    public MetricRegistry Registry { get; }

    public ServerMetrics Metrics { get; }

    public ConnectionLimits Limits { get; }

    public HttpServer Server { get; }

    /// <summary>Exceptions out of handlers.</summary>
    public List<Exception> Failures { get; } = [];

    /// <summary>A client that has just connected.</summary>
    public MemoryConnection Connect()
    {
        var connection = new MemoryConnection(Loop);
        if (Server.IsBehindProxy) Limits.TryEnter();
        else Limits.TryEnter(connection.Peer.Address);
        Server.OnAccepted(connection);
        return connection;
    }

    /// <summary>Delivers text, runs the loop and gives what was sent since.</summary>
    public string Say(MemoryConnection client, string text)
    {
        client.Deliver(text);
        Loop.Run();
        return client.TakeSent();
    }

    public void Dispose()
    {
        Loop.ThrowUnhandled();
        Loop.Dispose();
    }
}

using EdgeProxy.Core.Text;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Listeners;

namespace EdgeProxy.TestKit;

/// <summary>An HTTP/2 server on a harness loop, with clients that are the test: frames in, frames out.</summary>
public sealed class Http2Stage : IDisposable
{
    public Http2Stage(ServerOptions? options = null)
    {
        Registry = new MetricRegistry(1);
        Server = new HttpServer(
            Loop,
            new ListenerFacts("data", IsAdmin: false, IsTls: false, IsLoopback: true, Port: 8080),
            Handler,
            options ?? new ServerOptions(),
            Limits,
            new ServerMetrics(Registry),
            Failures.Add);
    }

    public LoopHarness Loop { get; } = new();

    public ScriptedHandler Handler { get; } = new();

    public MetricRegistry Registry { get; }

    public ConnectionLimits Limits { get; } = new(total: 1000, perAddress: 0);

    public HttpServer Server { get; }

    /// <summary>Exceptions out of handlers.</summary>
    public List<Exception> Failures { get; } = [];

    /// <summary>A client that has connected and sent nothing.</summary>
    public Http2Peer Connect()
    {
        var connection = new MemoryConnection(Loop);
        Limits.TryEnter(connection.Peer.Address);
        Server.OnAccepted(connection);
        return new Http2Peer(Loop, connection);
    }

    /// <summary>A client that has exchanged prefaces and settings with the server.</summary>
    public Http2Peer Open(params (int Setting, uint Value)[] settings)
    {
        Http2Peer peer = Connect();
        peer.Send(Http2Bytes.Preface, Http2Bytes.Settings(settings), Http2Bytes.SettingsAck);
        peer.TakeFrames();
        return peer;
    }

    /// <summary>The value of a counter, its labels as in the exposition format: <c>name{label="value"}</c>.</summary>
    public long Count(string series) => MetricText.Value(Registry, series);

    public void Dispose()
    {
        Loop.ThrowUnhandled();
        Loop.Dispose();
    }
}

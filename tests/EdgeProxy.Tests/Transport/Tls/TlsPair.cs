using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Transport.Tls;

/// <summary>Our server and our client on one harness loop, with the test as the wire between them: it decides what arrives, when, and in which pieces.</summary>
internal sealed class TlsPair : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("tls-").FullName;
    private int _clientTaken;
    private int _serverTaken;

    public TlsPair(TlsServerContexts contexts, TlsOptions? options = null, LoopHarness? loop = null)
    {
        Loop = loop ?? new LoopHarness();
        Registry = new MetricRegistry(1);
        var metrics = new TlsMetrics(Registry);
        Server = new TlsServer(contexts, options ?? new TlsOptions(), metrics);
        Acceptor = new TlsAcceptor(Loop, Server);
        Connector = new TlsConnector(Loop, new MemoryConnector(Loop), new UpstreamTlsContexts(), metrics);
    }

    public LoopHarness Loop { get; }

    public MetricRegistry Registry { get; }

    public TlsServer Server { get; }

    public TlsAcceptor Acceptor { get; }

    public TlsConnector Connector { get; }

    /// <summary>The plain connections of the newest pair.</summary>
    public MemoryConnection ServerSide { get; private set; } = null!;

    public MemoryConnection ClientSide { get; private set; } = null!;

    /// <summary>Bytes a segment between the two holds at most.</summary>
    public int Segment { get; set; } = int.MaxValue;

    public ApplicationProtocols Offered { get; set; } = ApplicationProtocols.Both;

    /// <summary>Begins a handshake; <see cref="Exchange"/> brings it on.</summary>
    public (LoopTask<TlsAccepted> Accepting, LoopTask<TlsConnectResult> Connecting) Begin(string host, UpstreamTls settings, ApplicationProtocols protocols = ApplicationProtocols.Both)
    {
        ServerSide = new MemoryConnection(Loop);
        ClientSide = new MemoryConnection(Loop, "192.0.2.9", 443);
        _clientTaken = _serverTaken = 0;
        LoopTask<TlsAccepted> accepting = Acceptor.AcceptAsync(ServerSide, default, Offered);
        LoopTask<TlsConnectResult> connecting = Connector.SecureAsync(ClientSide, host, settings, protocols, Loop.Now + 10_000_000_000);
        return (accepting, connecting);
    }

    /// <summary>Runs a whole handshake.</summary>
    public (TlsAccepted Accepted, TlsConnectResult Connected) Shake(string host, UpstreamTls settings, ApplicationProtocols protocols = ApplicationProtocols.Both)
    {
        (LoopTask<TlsAccepted> accepting, LoopTask<TlsConnectResult> connecting) = Begin(host, settings, protocols);
        Exchange();
        if (ServerSide.IsClosed && !ClientSide.IsClosed) ClientSide.DeliverEnd();
        if (ClientSide.IsClosed && !ServerSide.IsClosed) ServerSide.DeliverEnd();
        Loop.Run();
        return (Loop.Await(accepting), Loop.Await(connecting));
    }

    /// <summary>Carries bytes to and fro until neither side says any more.</summary>
    public void Exchange()
    {
        do
        {
            Loop.Run();
        }
        while (Carry(ClientSide, ServerSide, ref _clientTaken) | Carry(ServerSide, ClientSide, ref _serverTaken));
    }

    /// <summary>Writes PEM to a file of this pair's own.</summary>
    public string File(string name, byte[] content)
    {
        string path = Path.Combine(_folder, name);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Sends from one end and gives what the other receives.</summary>
    public byte[] Pass(Connection from, Connection to, byte[] bytes)
    {
        Assert.Equal(IoResult.Ok(bytes.Length), from.TrySend(bytes));
        Exchange();
        return ReadAll(to);
    }

    /// <summary>All that can be received now.</summary>
    public byte[] ReadAll(Connection connection)
    {
        using var all = new MemoryStream();
        byte[] buffer = new byte[50_000];
        MemoryConnection side = connection.Peer.Port == 443 ? ClientSide : ServerSide;
        while (true)
        {
            IoResult result = connection.TryReceive(buffer);
            all.Write(buffer, 0, result.Count);
            if (result.IsOk) continue;
            if (!side.HasUnread || side.IsClosed) return all.ToArray();
            Loop.Run(); // what else was delivered is seen a turn later
        }
    }

    public void Dispose()
    {
        Directory.Delete(_folder, recursive: true);
        Loop.ThrowUnhandled();
        Loop.Dispose();
    }

    private bool Carry(MemoryConnection from, MemoryConnection to, ref int taken)
    {
        byte[] sent = from.Sent;
        bool carried = taken < sent.Length;
        while (taken < sent.Length)
        {
            int count = Math.Min(Segment, sent.Length - taken);
            if (!to.IsClosed) to.Deliver(sent.AsSpan(taken, count));
            taken += count;
            Loop.Run();
        }

        return carried;
    }
}

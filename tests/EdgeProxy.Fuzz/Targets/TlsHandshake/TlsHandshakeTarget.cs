using EdgeProxy.Core.Concurrency;
using EdgeProxy.Fuzz.Engine;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Fuzz.Targets;

/// <summary>A whole handshake of the server, with OpenSSL behind the glue that is ours: it ends, says why, and leaves nothing behind.</summary>
internal sealed class TlsHandshakeTarget : FuzzTarget
{
    private readonly Lazy<TlsServer> _server = new(CreateServer);

    public override string Name => "TlsHandshake";

    public override IReadOnlyList<string> Tokens { get; } = new ClientHelloTarget().Tokens;

    public override long MostAllocated => 16 << 20;

    public override ulong Run(byte[] input)
    {
        TlsFailure whole = Accept([input]);
        TlsFailure pieces = Accept(Cuts.Pieces(input, 1));
        Promise.Same(whole, pieces, "A handshake fails for the same reason however its bytes are split");
        return Outcome.None.With((int)whole).WithCount(input.Length);
    }

    private TlsFailure Accept(IEnumerable<ReadOnlyMemory<byte>> pieces)
    {
        using var loop = new LoopHarness();
        var acceptor = new TlsAcceptor(loop, _server.Value);
        var client = new MemoryConnection(loop);
        LoopTask<TlsAccepted> accepting = acceptor.AcceptAsync(client, default, ApplicationProtocols.Both);
        foreach (ReadOnlyMemory<byte> piece in pieces)
        {
            if (client.IsClosed) break;
            client.Deliver(piece.Span);
            loop.Run();
        }

        loop.Advance(TimeSpan.FromSeconds(11));
        loop.ThrowUnhandled();
        Promise.That(accepting.IsCompleted, "A handshake has an end");
        TlsAccepted accepted = accepting.GetAwaiter().GetResult();
        Promise.Same(accepted.Failure == TlsFailure.None, accepted.Connection is not null, "There is a connection or a reason");
        accepted.Connection?.Close();
        Promise.That(client.IsClosed, "What failed is closed");
        Promise.Same(0, acceptor.UnderWay, "No handshake is left");
        Promise.Same(0, loop.Buffers.Leased, "All memory is given back");
        return accepted.Failure;
    }

    private static TlsServer CreateServer()
    {
        (byte[] certificate, byte[] key) = SelfSignedCertificate.Create(["api.example"]);
        ServerCertificate loaded = ServerCertificate.ReadOrNull(certificate, key, null, [], "the certificate", []) ?? throw new InvalidOperationException("The certificate cannot be read.");
        var name = new TlsServerName { Name = "api.example", Certificates = [loaded] };
        return new TlsServer(new TlsServerContexts([name], name, loops: 1), new TlsOptions(), new TlsMetrics(new MetricRegistry(1)));
    }
}

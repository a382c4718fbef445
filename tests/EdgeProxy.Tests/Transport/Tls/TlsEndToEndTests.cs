using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Tests.Transport.Loops;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Transport.Tls;

/// <summary>A server on real sockets and both kinds of loop, with the class library's client as the other side.</summary>
public sealed class TlsEndToEndTests
{
    private const string Epoll = "epoll";
    private const string Uring = "io_uring";

    private static readonly X509Certificate2 s_leaf = TestCertificates.Leaf("CN=api.example.com", null, ["api.example.com"]);

    [Theory]
    [InlineData(Epoll, SslProtocols.Tls13, 1)]
    [InlineData(Epoll, SslProtocols.Tls13, 3_000_000)]
    [InlineData(Epoll, SslProtocols.Tls12, 3_000_000)]
    [InlineData(Uring, SslProtocols.Tls13, 1)]
    [InlineData(Uring, SslProtocols.Tls13, 3_000_000)]
    [InlineData(Uring, SslProtocols.Tls12, 3_000_000)]
    public void Bytes_come_back_as_they_were_sent(string backend, SslProtocols version, int size)
    {
        using LoopThread? loop = StartOrNull(backend, EchoAsync);
        if (loop is null) return;
        using SslStream client = Connect(loop, version);
        byte[] sent = new byte[size];
        new Random(1).NextBytes(sent);
        var sender = new Thread(() => client.Write(sent));
        sender.Start();
        byte[] back = new byte[size];
        client.ReadExactly(back);
        sender.Join();
        Assert.Equal(sent, back);
        Assert.Equal(version, client.SslProtocol);
    }

    [Theory]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256, "h2")]
    [InlineData(TlsCipherSuite.TLS_ECDHE_ECDSA_WITH_AES_128_CBC_SHA256, "http/1.1")]
    public void HTTP_2_is_agreed_on_only_where_the_suite_allows_it(TlsCipherSuite suite, string expected)
    {
        using LoopThread loop = StartOrNull(Epoll, EchoAsync)!;
        using SslStream client = Connect(loop, SslProtocols.Tls12, new CipherSuitesPolicy([suite]), [SslApplicationProtocol.Http2, SslApplicationProtocol.Http11]);
        Assert.Equal(suite, client.NegotiatedCipherSuite);
        Assert.Equal(expected, client.NegotiatedApplicationProtocol.ToString());
    }

    private static LoopThread? StartOrNull(string backend, Func<TlsConnection, LoopTask> serve)
    {
        var contexts = new TlsServerContexts([new TlsServerName { Name = "api.example.com", Certificates = [TestCertificates.Server(s_leaf)] }], null, 1);
        var server = new TlsServer(contexts, new TlsOptions(), new TlsMetrics(new MetricRegistry(1)));
        TlsAcceptor? acceptor = null;
        LoopThread? loop = null;
        return loop = LoopThread.StartOrNull(backend, async connection =>
        {
            acceptor ??= new TlsAcceptor(connection.Loop, server);
            TlsAccepted accepted = await acceptor.AcceptAsync(connection, default, ApplicationProtocols.Both);
            if (accepted.Connection is not null) await serve(accepted.Connection);
        });
    }

    private static SslStream Connect(LoopThread loop, SslProtocols versions, CipherSuitesPolicy? suites = null, List<SslApplicationProtocol>? protocols = null)
    {
        var stream = new SslStream(new NetworkStream(loop.Connect(), ownsSocket: true), false, (_, _, _, _) => true);
        stream.AuthenticateAsClient(new SslClientAuthenticationOptions { TargetHost = "api.example.com", EnabledSslProtocols = versions, CipherSuitesPolicy = suites, ApplicationProtocols = protocols });
        return stream;
    }

    private static async LoopTask EchoAsync(TlsConnection connection)
    {
        byte[] buffer = new byte[100_000];
        while (true)
        {
            IoResult received = connection.TryReceive(buffer);
            if (received.Status == IoStatus.WouldBlock)
            {
                if (await connection.ReadableAsync(long.MaxValue) != IoStatus.Ok) break;
                continue;
            }

            if (!received.IsOk) break;
            int sent = 0;
            while (sent < received.Count)
            {
                IoResult result = connection.TrySend(buffer.AsSpan(sent, received.Count - sent));
                sent += result.Count;
                if (result.Status == IoStatus.Reset) return;
                if (sent < received.Count) await connection.WritableAsync(long.MaxValue);
            }
        }

        connection.Close();
    }
}

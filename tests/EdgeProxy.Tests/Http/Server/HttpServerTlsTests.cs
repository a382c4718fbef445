using System.Net;
using System.Net.Http;
using System.Net.Security;
using System.Security.Authentication;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;
using EdgeProxy.Tests.Transport.Loops;
using EdgeProxy.Tests.Transport.Tls;
using EdgeProxy.Transport.Listeners;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Http.Server;

/// <summary>A TLS listener over real sockets, asked by the class library's HTTP client.</summary>
public sealed class HttpServerTlsTests
{
    [Theory]
    [InlineData("epoll", 1)]
    [InlineData("epoll", 2)]
    [InlineData("io_uring", 1)]
    [InlineData("io_uring", 2)]
    public async Task Serves_the_version_of_http_that_the_handshake_agreed_on(string backend, int version)
    {
        var handler = new ScriptedHandler();
        using LoopThread? loop = Start(backend, handler, out List<string> protocols);
        if (loop is null) return;
        using HttpClient client = NewClient(loop, version);
        for (int i = 0; i < 3; i++)
        {
            using var request = new HttpRequestMessage(System.Net.Http.HttpMethod.Post, $"https://api.example.com:{loop.Endpoint.Port}/pets/{i}")
            {
                Content = new ByteArrayContent(new byte[300_000]),
                Version = new Version(version, version == 1 ? 1 : 0),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            };
            using HttpResponseMessage response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            byte[] body = await response.Content.ReadAsByteArrayAsync();
            Assert.Equal($"POST /pets/{i} ".Length + 300_000, body.Length);
        }

        // The class library's client offers a protocol for HTTP/2 only.
        Assert.Equal(Enumerable.Repeat($"TLSv1.3 {(version == 2 ? "Http2" : "None")} api.example.com", 3), protocols);
    }

    [Fact]
    public async Task Plain_http_to_a_tls_listener_ends_the_connection()
    {
        using LoopThread loop = Start("epoll", new ScriptedHandler(), out _)!;
        using System.Net.Sockets.Socket socket = loop.Connect();
        socket.Send("GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n"u8);
        Assert.Equal(0, await socket.ReceiveAsync(new byte[100]));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Who_does_not_end_its_handshake_in_time_is_closed_and_counts_for_that_limit(int bytes)
    {
        using var loop = new LoopHarness();
        var registry = new MetricRegistry(1);
        HttpServer server = NewServer(loop, new ScriptedHandler(), registry);
        var client = new MemoryConnection(loop);
        server.OnAccepted(client);
        client.Deliver(new byte[] { 22, 3, 1, 0, 200 }.AsSpan(0, bytes));
        loop.Run();
        loop.Advance(TimeSpan.FromSeconds(9));
        Assert.False(client.IsClosed);
        loop.Advance(TimeSpan.FromSeconds(2));
        Assert.True(client.IsClosed);
        Assert.Equal(1, MetricText.Value(registry, "edgeproxy_limit_hits_total{limit=\"timeouts.handshake\"}"));
        Assert.Equal(0, server.Open);
    }

    [Fact]
    public void More_handshakes_at_once_than_there_may_be_are_closed_and_count_for_that_limit()
    {
        using var loop = new LoopHarness();
        var registry = new MetricRegistry(1);
        HttpServer server = NewServer(loop, new ScriptedHandler(), registry, new TlsOptions { MaxHandshakes = 2 });
        MemoryConnection[] clients = [new(loop), new(loop), new(loop)];
        foreach (MemoryConnection client in clients)
        {
            server.OnAccepted(client);
            client.Deliver([22, 3, 1]);
            loop.Run();
        }

        Assert.Equal([false, false, true], clients.Select(client => client.IsClosed));
        Assert.Equal(1, MetricText.Value(registry, "edgeproxy_limit_hits_total{limit=\"tls.maxHandshakes\"}"));
    }

    private static LoopThread? Start(string backend, ScriptedHandler handler, out List<string> protocols)
    {
        List<string> seen = [];
        protocols = seen;
        handler.Script = exchange =>
        {
            TlsFacts facts = exchange.Tls!;
            seen.Add($"{facts.VersionText} {facts.Protocol} {facts.ServerName}");
            return EchoAsync(exchange);
        };
        HttpServer? server = null;
        return LoopThread.StartOrNull(backend, connection =>
        {
            server ??= NewServer(connection.Loop, handler, new MetricRegistry(1));
            server.OnAccepted(connection);
            return LoopTask.Completed;
        });
    }

    private static HttpServer NewServer(EventLoop loop, ScriptedHandler handler, MetricRegistry registry, TlsOptions? options = null)
    {
        var contexts = new TlsServerContexts(
            [new TlsServerName { Name = "*.example.com", Certificates = [TestCertificates.Server(TestCertificates.Leaf("CN=test", null, ["*.example.com"]))] }], null, 1);
        var tls = new TlsServer(contexts, options ?? new TlsOptions(), new TlsMetrics(registry));
        return new HttpServer(
            loop,
            new ListenerFacts("data", IsAdmin: false, IsTls: true, IsLoopback: true, Port: 443),
            handler,
            new ServerOptions(),
            new ConnectionLimits(total: 1000, perAddress: 0),
            new ServerMetrics(registry),
            exception => throw new InvalidOperationException("A handler failed.", exception),
            new TlsAcceptor(loop, tls));
    }

    private static async LoopTask EchoAsync(Exchange exchange)
    {
        string line = System.Text.Encoding.Latin1.GetString(exchange.Request.MethodText) + " " + System.Text.Encoding.Latin1.GetString(exchange.Request.Target);
        (string? body, BodyStatus status) = await ScriptedHandler.ReadAllAsync(exchange);
        await ScriptedHandler.AnswerAsync(exchange, body is null ? 500 : 200, body is null ? status.ToString() : $"{line} {body}");
    }

    private static HttpClient NewClient(LoopThread loop, int version)
    {
        var handler = new SocketsHttpHandler
        {
            SslOptions = new SslClientAuthenticationOptions
            {
                EnabledSslProtocols = SslProtocols.Tls13,
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
                ApplicationProtocols = [version == 2 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11],
            },
            ConnectCallback = (_, _) => ValueTask.FromResult<Stream>(new System.Net.Sockets.NetworkStream(loop.Connect(), ownsSocket: true)),
        };
        return new HttpClient(handler);
    }
}

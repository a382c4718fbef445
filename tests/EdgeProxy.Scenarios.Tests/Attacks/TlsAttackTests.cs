using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Attacks;

/// <summary>Attacks on TLS (specification security.md 17.2), with clients in TLS and in plain text on the same loop.</summary>
public sealed class TlsAttackTests
{
    [Fact]
    public async Task Handshakes_that_do_not_end_are_cut_off_at_their_time_out()
    {
        const int Attackers = 60;
        await using TlsNode node = await TlsNode.StartAsync("timeouts:\n  handshake: 400ms\n");
        byte[] hello = await node.ClientHelloAsync();
        var attackers = new List<Wire>();
        for (int i = 0; i < Attackers; i++)
        {
            Wire wire = await Wire.ConnectAsync(node.TlsPort);
            attackers.Add(wire);

            // Some say nothing, some half of a ClientHello, some all of it and then no more.
            await wire.SendAsync(hello.AsMemory(0, (i % 3) switch { 0 => 0, 1 => hello.Length / 2, _ => hello.Length }));
        }

        await node.OthersAreServedAsync();
        foreach (Wire wire in attackers)
        {
            await wire.ReadToEndAsync(reset: () => { });
            wire.Dispose();
        }

        await node.CountedAsync("edgeproxy_tls_handshakes_total", "result=\"timed_out\"", Attackers);
        await node.LimitWasHitAsync("timeouts.handshake", Attackers);
    }

    [Fact]
    public async Task More_handshakes_at_once_than_allowed_are_turned_away()
    {
        await using TlsNode node = await TlsNode.StartAsync("timeouts:\n  handshake: 20s\ntls:\n  maxHandshakes: 20\n");
        var attackers = new List<Wire>();
        byte[] hello = await node.ClientHelloAsync();
        for (int i = 0; i < 60; i++)
        {
            Wire wire = await Wire.ConnectAsync(node.TlsPort);
            attackers.Add(wire);
            await wire.SendAsync(hello.AsMemory(0, 50));
        }

        // All places are taken: those who have a connection go on, and so do those in plain text.
        await node.CountedAsync("edgeproxy_tls_handshakes_total", "result=\"too_many\"", 40);
        await node.LimitWasHitAsync("tls.maxHandshakes", 40);
        await node.OthersAreServedAsync();
        attackers.ForEach(wire => wire.Dispose());
        await Wait.UntilAsync(
            async () =>
            {
                try
                {
                    using SslStream client = await node.ConnectAsync();
                    return true;
                }
                catch (Exception error) when (error is IOException or AuthenticationException)
                {
                    return false;
                }
            },
            "places are free again");
    }

    [Fact]
    public async Task A_flood_of_whole_handshakes_leaves_the_others_their_turn()
    {
        await using TlsNode node = await TlsNode.StartAsync("");
        Task[] floods = [.. Enumerable.Range(0, 10).Select(async _ =>
        {
            for (int i = 0; i < 5; i++)
            {
                using SslStream client = await node.ConnectAsync();
            }
        })];
        await node.OthersAreServedAsync();
        await Task.WhenAll(floods);

        // Nothing turned them away: they had to wait for their turn, and are in the count of those that agreed.
        await node.CountedAsync("edgeproxy_tls_handshakes_total", "result=\"full\"", 50);
    }

    [Fact]
    public async Task A_ClientHello_beyond_16_KB_is_refused()
    {
        await using TlsNode node = await TlsNode.StartAsync("");
        using Wire attacker = await Wire.ConnectAsync(node.TlsPort);
        byte[] body = new byte[16_000];
        try
        {
            // A handshake message that announces 64 KB, record after record.
            await attacker.SendAsync((byte[])[22, 3, 1, (byte)(body.Length >> 8), 0x80, 1, 0, 0xFF, 0xFF, .. body.AsSpan(4)]);
            for (int i = 0; i < 4; i++) await attacker.SendAsync((byte[])[22, 3, 1, (byte)(body.Length >> 8), 0x80, .. body]);
        }
        catch (SocketException)
        {
            // Cut off in the middle.
        }

        await attacker.ReadToEndAsync(reset: () => { });
        await node.OthersAreServedAsync();
        await node.CountedAsync("edgeproxy_tls_handshakes_total", "result=\"hello_too_large\"", 1);
    }

    [Fact]
    public async Task Records_of_a_byte_each_do_not_make_a_ClientHello_without_end()
    {
        await using TlsNode node = await TlsNode.StartAsync("");
        using Wire attacker = await Wire.ConnectAsync(node.TlsPort);
        byte[] start = [22, 3, 1, 0, 4, 1, 0, 0x3F, 0];
        byte[] crumbs = [.. Enumerable.Repeat((byte[])[22, 3, 1, 0, 1, 0], 5000).SelectMany(record => record)];
        try
        {
            await attacker.SendAsync(start);
            await attacker.SendAsync(crumbs);
        }
        catch (SocketException)
        {
            // Cut off in the middle.
        }

        await attacker.ReadToEndAsync(reset: () => { });
        await node.OthersAreServedAsync();
        await node.CountedAsync("edgeproxy_tls_handshakes_total", "result=\"hello_too_large\"", 1);
    }

    [Fact]
    public async Task Plain_text_on_a_TLS_listener_is_refused()
    {
        await using TlsNode node = await TlsNode.StartAsync("");
        using Wire attacker = await Wire.ConnectAsync(node.TlsPort);
        await attacker.SendAsync("GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n");
        Assert.DoesNotContain("200", Encoding.Latin1.GetString(await attacker.ReadToEndAsync(reset: () => { })), StringComparison.Ordinal);
        await node.OthersAreServedAsync();
        await node.CountedAsync("edgeproxy_tls_handshakes_total", "result=\"not_tls\"", 1);
    }

    [Fact]
    public async Task Renegotiation_is_refused()
    {
        await using TlsNode node = await TlsNode.StartAsync("");
        var start = new ProcessStartInfo("openssl", ["s_client", "-connect", $"127.0.0.1:{node.TlsPort}", "-servername", "localhost", "-tls1_2"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true,
        };
        using Process client = Process.Start(start)!;
        try
        {
            Task<string> errors = client.StandardError.ReadToEndAsync();
            Task<string> output = client.StandardOutput.ReadToEndAsync();
            await client.StandardInput.WriteAsync("R\n"); // s_client's word for it
            await client.StandardInput.FlushAsync();

            // What follows is no request that is answered: the client ends, or is told that there will be none.
            await Wait.ForAsync(client.WaitForExitAsync(), "the client that renegotiates ends");
            string said = await output + await errors;
            Assert.Contains("RENEGOTIATING", said, StringComparison.Ordinal);
            Assert.Contains("no renegotiation", said, StringComparison.OrdinalIgnoreCase);
        }
        finally
        {
            if (!client.HasExited) client.Kill();
        }

        await node.CountedAsync("edgeproxy_tls_renegotiations_total", "", 1);
        await node.OthersAreServedAsync();
    }

    /// <summary>A node with one loop, a listener in plain text and one in TLS, and clients on both.</summary>
    private sealed class TlsNode : IAsyncDisposable
    {
        private readonly Node _node;
        private readonly Bystander _plain;
        private readonly CancellationTokenSource _over = new();
        private readonly Task _client;
        private int _served;

        private TlsNode(Node node, Bystander plain, int tlsPort)
        {
            _node = node;
            _plain = plain;
            TlsPort = tlsPort;
            _client = UseAsync();
        }

        public int TlsPort { get; }

        public static async Task<TlsNode> StartAsync(string settings)
        {
            var files = new Temporary();
            using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
            var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
            var names = new SubjectAlternativeNameBuilder();
            names.AddDnsName("localhost");
            request.CertificateExtensions.Add(names.Build());
            using X509Certificate2 certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
            string chain = files.Write("tls.crt", certificate.ExportCertificatePem());
            string secret = files.Write("tls.key", key.ExportPkcs8PrivateKeyPem());
            string tls = $"  certificates:\n    - certificate: {chain}\n      key: {secret}\n";
            settings = settings.Contains("tls:\n", StringComparison.Ordinal) ? settings.Replace("tls:\n", "tls:\n" + tls, StringComparison.Ordinal) : settings + "tls:\n" + tls;
            Node node = Node.Launch(
                new NodeOptions
                {
                    Api = Api.ProxyTo(1).ToString(), Loops = 1, Listen = null,
                    Settings = settings + "listeners:\n  - url: http://127.0.0.1:0\n    name: plain\n  - url: https://127.0.0.1:0\n    name: tls\n",
                },
                files);
            try
            {
                await node.UntilListeningAsync();
                int plainPort = 0;
                int tlsPort = 0;
                await Wait.UntilAsync(
                    () =>
                    {
                        foreach (System.Text.Json.JsonElement line in node.Events("listening"))
                        {
                            int port = new Uri(line.GetProperty("url").GetString()!).Port;
                            string? name = line.GetProperty("listener").GetString();
                            if (name == "plain") plainPort = port;
                            if (name == "tls") tlsPort = port;
                        }

                        return plainPort != 0 && tlsPort != 0;
                    },
                    "both listeners are bound");
                node.DataPort = plainPort;
                return new TlsNode(node, await Bystander.StartAsync(node), tlsPort);
            }
            catch
            {
                await node.DisposeAsync();
                throw;
            }
        }

        /// <summary>A client after a full handshake: one that takes a session up again costs the server next to nothing.</summary>
        public async Task<SslStream> ConnectAsync()
        {
            Wire wire = await Wire.ConnectAsync(TlsPort);
            var stream = new SslStream(new NetworkStream(wire.Socket, ownsSocket: true), false, (_, _, _, _) => true);
            await Wait.ForAsync(stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "localhost", AllowTlsResume = false }), "the handshake ends");
            return stream;
        }

        /// <summary>The first flight of an ordinary client, from one that is given nothing to answer it.</summary>
        public async Task<byte[]> ClientHelloAsync()
        {
            using RawUpstream ear = RawUpstream.Start(async wire =>
            {
                byte[] buffer = new byte[16 * 1024];
                int count = await wire.ReadSomeAsync(buffer);
                _hello.TrySetResult(buffer[..count]);
            });
            using Wire wire = await Wire.ConnectAsync(ear.Port);
            using var stream = new SslStream(new NetworkStream(wire.Socket, ownsSocket: false), false, (_, _, _, _) => true);
            Task ignored = stream.AuthenticateAsClientAsync("localhost");
            byte[] hello = await Wait.ForAsync(_hello.Task, "a client says hello");
            await Assert.ThrowsAnyAsync<IOException>(() => ignored);
            return hello;
        }

        private readonly TaskCompletionSource<byte[]> _hello = new();

        public async Task OthersAreServedAsync()
        {
            int before = _served;
            await _plain.UntilServedAsync(5);
            await Wait.UntilAsync(
                () =>
                {
                    if (_client.IsFaulted) throw new InvalidOperationException("The client in TLS was not served.", _client.Exception);
                    return Volatile.Read(ref _served) >= before + 5;
                },
                "the client in TLS is served");
        }

        /// <summary>Asserts that a metric reaches a number.</summary>
        public Task CountedAsync(string metric, string labels, int times) =>
            Wait.UntilAsync(async () => await _node.MetricAsync(metric, labels) >= times, $"{metric}{{{labels}}} reaches {times}");

        public Task LimitWasHitAsync(string limit, int times) => CountedAsync("edgeproxy_limit_hits_total", $"limit=\"{limit}\"", times);

        public async ValueTask DisposeAsync()
        {
            await _over.CancelAsync();
            await Wait.ForAsync(_client, "the client in TLS ends");
            _over.Dispose();
            await _plain.DisposeAsync();
            Assert.False(_node.HasExited, "The node died.");
            await _node.DisposeAsync();
        }

        private async Task UseAsync()
        {
            using SslStream stream = await ConnectAsync();
            byte[] buffer = new byte[4096];
            while (!_over.IsCancellationRequested)
            {
                await stream.WriteAsync("GET /mock HTTP/1.1\r\nHost: localhost\r\n\r\n"u8.ToArray());
                int count = await Wait.ForAsync(stream.ReadAsync(buffer).AsTask(), "the answer comes");
                Assert.StartsWith("HTTP/1.1 200", Encoding.Latin1.GetString(buffer, 0, count), StringComparison.Ordinal);
                Interlocked.Increment(ref _served);
                await Task.Delay(2);
            }
        }
    }
}

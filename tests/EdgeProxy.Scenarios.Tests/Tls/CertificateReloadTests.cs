using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Tls;

/// <summary>Changing the certificates of a node that is being used.</summary>
public sealed class CertificateReloadTests : IDisposable
{
    private readonly TlsStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task A_new_certificate_is_served_without_dropping_anything()
    {
        string before = _stage.Authority.Issue("api", ["api.example.com"]);
        await using Node node = await _stage.StartAsync("tls: {certificates: [{certificate: '@/api.pem', key: '@/api.key'}]}");
        using var over = new CancellationTokenSource();
        using SslStream kept = await ConnectAsync(node);
        Assert.Equal(before, SerialOf(kept));
        Task<int>[] clients = [HammerAsync(node, newConnections: false, over.Token), HammerAsync(node, newConnections: true, over.Token)];

        string last = before;
        for (int i = 0; i < 10; i++)
        {
            // Both files of a pair are written before the node is told; one alone would not fit the other.
            last = _stage.Authority.Issue("api", ["api.example.com"]);
            node.Signal(Native.SIGHUP);
            await Wait.UntilAsync(
                async () =>
                {
                    using SslStream fresh = await ConnectAsync(node);
                    return SerialOf(fresh) == last;
                },
                $"the certificate {last} is served");
        }

        await over.CancelAsync();
        Assert.All(await Task.WhenAll(clients), served => Assert.True(served > 0));
        Assert.Equal(before, SerialOf(kept));
        Assert.Contains("200 OK", await AskAsync(kept), StringComparison.Ordinal);
        Assert.NotEqual(before, last);
    }

    [Fact]
    public async Task A_certificate_put_into_the_folder_is_served_without_a_signal()
    {
        using var folder = new Temporary();
        using var authority = new Authority(folder, "other");
        Directory.CreateDirectory(_stage.At("certificates"));
        _stage.Authority.Issue("certificates/a", ["a.example.com"]);
        await using Node node = await _stage.StartAsync("tls: {certificatesFolder: '@/certificates'}");
        Assert.Equal(0, (await _stage.CurlAsync(node, "a.example.com")).Status);
        Assert.NotEqual(0, (await _stage.CurlAsync(node, "b.example.com")).Status);

        Directory.CreateDirectory(_stage.At("certificates/b"));
        (string certificate, string key, _) = _stage.Authority.Make("b", ["b.example.com"]);
        _stage.Files.Write("certificates/b/privkey.pem", key);
        _stage.Files.Write("certificates/b/fullchain.pem", certificate);
        await Wait.UntilAsync(async () => (await _stage.CurlAsync(node, "b.example.com")).Status == 0, "the new name is served");
        Assert.Equal(0, (await _stage.CurlAsync(node, "a.example.com")).Status);
        Assert.True(await node.MetricAsync("edgeproxy_certificate_expiry_timestamp_seconds", "domain=\"b.example.com\"") > 0);
    }

    [Fact]
    public async Task A_bad_set_leaves_the_old_one_in_force_and_says_why()
    {
        string before = _stage.Authority.Issue("api", ["api.example.com"]);
        await using Node node = await _stage.StartAsync("tls:\n  certificates:\n    - {certificate: '@/api.pem', key: '@/api.key'}\n");
        _stage.Files.Write("api.key", _stage.Authority.Make("another", []).Key);
        node.Signal(Native.SIGHUP);
        await node.UntilEventAsync("reload_failed");
        Assert.Contains("The key is not that of the first certificate", node.LogText, StringComparison.Ordinal);
        using SslStream client = await ConnectAsync(node);
        Assert.Equal(before, SerialOf(client));
        Assert.True(await node.MetricAsync("edgeproxy_reloads_total", "result=\"failure\"") >= 1);
    }

    [Fact]
    public async Task Validate_tells_everything_that_is_wrong_with_the_files()
    {
        _stage.Authority.Issue("ended", ["ended.example.com"], untilDays: -1);
        _stage.Authority.Issue("other", ["other.example.com"]);
        string api = _stage.Files.Write("api.json", TlsStage.Api.ToString());
        string settings = _stage.Files.Write("edgeproxy.yaml",
            """
            listeners: [{url: 'https://127.0.0.1:0'}]
            tls:
              certificates:
                - {certificate: ended.pem, key: ended.key}
                - {certificate: missing.pem, key: other.key}
              securityPolicy: TLS_1_2
            domains:
              - {name: api.example.com, certificate: other.pem, key: other.key}
            """);
        CommandResult result = await Command.EdgeProxyAsync("validate", api, "-c", settings);
        Assert.Equal(3, result.Status);
        Assert.Matches(@"edgeproxy\.yaml:4:21: warning EP2002.*ended\.pem ended on", result.Output);
        Assert.Matches(@"edgeproxy\.yaml:5:21: error EP1001.*missing\.pem cannot be read", result.Output);
        Assert.Matches(@"edgeproxy\.yaml:8:12: error EP2004.*does not cover api\.example\.com", result.Output);
    }

    private static async Task<SslStream> ConnectAsync(Node node)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(System.Net.IPAddress.Loopback, node.DataPort);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        await stream.AuthenticateAsClientAsync(new SslClientAuthenticationOptions { TargetHost = "api.example.com", EnabledSslProtocols = SslProtocols.Tls13 });
        return stream;
    }

    private static string SerialOf(SslStream stream) => ((System.Security.Cryptography.X509Certificates.X509Certificate2)stream.RemoteCertificate!).SerialNumber;

    private static async Task<string> AskAsync(SslStream stream)
    {
        await stream.WriteAsync("GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n"u8.ToArray());
        byte[] buffer = new byte[4096];
        int count = 0;
        while (Encoding.ASCII.GetString(buffer, 0, count) is var text && !text.Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            int got = await stream.ReadAsync(buffer.AsMemory(count)).AsTask().WaitAsync(Wait.Deadline);
            if (got == 0) throw new IOException($"The connection ended after: {text}");
            count += got;
        }

        return Encoding.ASCII.GetString(buffer, 0, count);
    }

    private static async Task<int> HammerAsync(Node node, bool newConnections, CancellationToken over)
    {
        SslStream stream = await ConnectAsync(node);
        int served = 0;
        while (!over.IsCancellationRequested)
        {
            if (newConnections)
            {
                await stream.DisposeAsync();
                stream = await ConnectAsync(node);
            }

            Assert.Contains("200 OK", await AskAsync(stream), StringComparison.Ordinal);
            served++;
        }

        await stream.DisposeAsync();
        return served;
    }
}

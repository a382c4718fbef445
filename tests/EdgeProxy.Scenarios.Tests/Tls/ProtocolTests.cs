using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Tls;

/// <summary>Which version of HTTP a TLS listener speaks is settled by the handshake (RFC 7301; RFC 9113, 3.2).</summary>
public sealed class ProtocolTests : IAsyncLifetime
{
    private static readonly byte[] s_request = "GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n"u8.ToArray();
    private static readonly byte[] s_preface = [.. Http2Wire.Preface, .. Http2Wire.SettingsOf()];

    private readonly TlsStage _stage = new();
    private Node _both = null!;
    private Node _first = null!;

    public async Task InitializeAsync()
    {
        _stage.Authority.Issue("api", ["api.example.com"]);
        _both = await StartAsync(http2: true);
        _first = await StartAsync(http2: false);
    }

    public async Task DisposeAsync()
    {
        await _both.DisposeAsync();
        await _first.DisposeAsync();
        _stage.Dispose();
    }

    [Theory]
    [InlineData("h2", "h2")]
    [InlineData("h2,http/1.1", "h2")]
    [InlineData("http/1.1,h2", "h2")]
    [InlineData("other,h2", "h2")]
    [InlineData("http/1.1", "http/1.1")]
    [InlineData("other,http/1.1", "http/1.1")]
    [InlineData("", "")]
    public async Task A_listener_speaks_HTTP_2_to_those_who_offer_it(string offered, string agreed) => await IsServedAsync(_both, offered, agreed);

    [Theory]
    [InlineData("h2,http/1.1", "http/1.1")]
    [InlineData("http/1.1", "http/1.1")]
    [InlineData("", "")]
    public async Task A_listener_without_HTTP_2_speaks_the_first_version_to_all(string offered, string agreed) => await IsServedAsync(_first, offered, agreed);

    [Theory]
    [InlineData(true, "other")]
    [InlineData(false, "h2")]
    public async Task Who_offers_nothing_that_the_listener_speaks_is_refused(bool http2, string offered)
    {
        Node node = http2 ? _both : _first;
        await Assert.ThrowsAnyAsync<Exception>(async () =>
        {
            using SslStream client = await ConnectAsync(node, offered);
        });
        await Wait.UntilAsync(async () => await node.MetricAsync("edgeproxy_tls_handshakes_total", "result=\"no_common_protocol\"") == 1, "it is counted");
    }

    [Theory]
    [InlineData(true, "http/1.1")]
    [InlineData(true, "")]
    [InlineData(false, "h2,http/1.1")]
    public async Task The_preface_of_HTTP_2_is_a_wrong_request_where_the_handshake_did_not_agree_on_it(bool http2, string offered)
    {
        Node node = http2 ? _both : _first;
        using SslStream client = await ConnectAsync(node, offered);
        await client.WriteAsync(s_preface);
        string answer = await ReadToEndAsync(client);
        Assert.Matches("^HTTP/1\\.1 (400|505) ", answer);
        Assert.Single(answer.Split("HTTP/1.1 ").Skip(1));
    }

    [Fact]
    public async Task A_request_of_HTTP_1_1_is_a_wrong_preface_where_the_handshake_agreed_on_HTTP_2()
    {
        using SslStream client = await ConnectAsync(_both, "h2");
        await client.WriteAsync(s_request);
        string answer = await ReadToEndAsync(client);
        Assert.DoesNotContain("HTTP/1.1", answer, StringComparison.Ordinal);
        Assert.DoesNotContain("200", answer, StringComparison.Ordinal);
    }

    private static async Task IsServedAsync(Node node, string offered, string agreed)
    {
        using SslStream client = await ConnectAsync(node, offered);
        Assert.Equal(agreed, Encoding.ASCII.GetString(client.NegotiatedApplicationProtocol.Protocol.Span));
        bool isHttp2 = agreed == "h2";
        await client.WriteAsync(isHttp2 ? s_preface : s_request);
        byte[] first = new byte[9];
        await Wait.ForAsync(client.ReadExactlyAsync(first).AsTask(), "the listener answers");
        if (isHttp2) Assert.Equal(Http2Frame.Settings, first[3]);
        else Assert.Equal("HTTP/1.1 ", Encoding.ASCII.GetString(first));
    }

    private static async Task<SslStream> ConnectAsync(Node node, string offered)
    {
        Wire wire = await node.ConnectAsync();
        var client = new SslStream(new NetworkStream(wire.Socket, ownsSocket: true), leaveInnerStreamOpen: false, (_, _, _, _) => true);
        try
        {
            await Wait.ForAsync(
                client.AuthenticateAsClientAsync(new SslClientAuthenticationOptions
                {
                    TargetHost = "api.example.com",
                    EnabledSslProtocols = SslProtocols.Tls13,
                    ApplicationProtocols = offered.Length == 0 ? null : [.. offered.Split(',').Select(name => new SslApplicationProtocol(name))],
                }),
                "the handshake ends");
            return client;
        }
        catch
        {
            await client.DisposeAsync();
            throw;
        }
    }

    private static async Task<string> ReadToEndAsync(SslStream client)
    {
        using var all = new MemoryStream();
        try
        {
            await Wait.ForAsync(client.CopyToAsync(all), "the listener ends the connection");
        }
        catch (IOException)
        {
            // By a reset, as what was sent behind the mistake was not read.
        }

        return Encoding.Latin1.GetString(all.ToArray());
    }

    private Task<Node> StartAsync(bool http2) => Node.StartAsync(new NodeOptions
    {
        Api = TlsStage.Api.ToString(),
        Settings = $"tls: {{certificates: [{{certificate: '{_stage.At("api.pem")}', key: '{_stage.At("api.key")}'}}]}}\nlisteners: [{{url: 'https://127.0.0.1:0', http2: {(http2 ? "true" : "false")}}}]",
        Listen = null,
        Loops = 1,
    });
}

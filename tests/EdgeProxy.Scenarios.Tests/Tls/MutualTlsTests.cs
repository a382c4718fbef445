using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Tls;

/// <summary>Clients that have to show a certificate.</summary>
public sealed class MutualTlsTests : IAsyncLifetime
{
    private readonly TlsStage _stage = new();
    private Authority _strangers = null!;
    private Node _node = null!;

    public async Task InitializeAsync()
    {
        _stage.Authority.Issue("server", ["*.example.com"]);
        _stage.Authority.Issue("client", []);
        _stage.Authority.Issue("ended", [], untilDays: -1);
        _strangers = new Authority(_stage.Files, "strangers");
        _strangers.Issue("stranger", []);
        _node = await _stage.StartAsync(
            """
            tls: {certificates: [{certificate: '@/server.pem', key: '@/server.key'}]}
            domains:
              - {name: mutual.example.com, mutualTls: {truststore: '@/ca.pem'}}
              - {name: cut.example.com, mutualTls: {truststore: '@/ca.pem', onFailure: abort}}
            """,
            "domains: [mutual.example.com, cut.example.com, open.example.com]");
    }

    public async Task DisposeAsync()
    {
        await _node.DisposeAsync();
        _strangers.Dispose();
        _stage.Dispose();
    }

    [Theory]
    [InlineData("--http1.1", "--tlsv1.3")]
    [InlineData("--http2", "--tlsv1.3")]
    [InlineData("--http2", "--tls-max=1.2")]
    public async Task A_trusted_client_is_known_by_its_certificate(string version, string tls)
    {
        CommandResult seen = await AskAsync("mutual.example.com", "client", [version, .. tls.Split('=')]);
        Assert.Contains(" 200", seen.Output.Split("\r\n")[0], StringComparison.Ordinal);
        Assert.Matches("(?im)^subject: CN=client\r$", seen.Output);
        Assert.Matches("(?im)^serial: [0-9a-f]{2}(:[0-9a-f]{2}){3}\r$", seen.Output);
    }

    [Theory]
    [InlineData(null, "missing")]
    [InlineData("stranger", "untrusted")]
    [InlineData("ended", "expired")]
    public async Task Any_other_client_is_forbidden_and_named_in_the_access_log(string? certificate, string verdict)
    {
        CommandResult seen = await AskAsync("mutual.example.com", certificate);
        Assert.StartsWith("HTTP/2 403", seen.Output, StringComparison.Ordinal);
        Assert.EndsWith("{\"message\":\"Forbidden\"}", seen.Output, StringComparison.Ordinal);
        await Wait.UntilAsync(() => _node.Output.Any(line => line.Contains($"\"clientCertVerdict\":\"{verdict}\"", StringComparison.Ordinal)), "the access log says why");
        Assert.Equal(1, await _node.MetricAsync("edgeproxy_auth_failures_total", "reason=\"mtls\""));
    }

    [Fact]
    public async Task A_domain_may_cut_such_a_client_off()
    {
        Assert.Contains(" 200", (await AskAsync("cut.example.com", "client")).Output, StringComparison.Ordinal);
        CommandResult seen = await AskAsync("cut.example.com", certificate: null);
        Assert.NotEqual(0, seen.Status);
        Assert.DoesNotContain("HTTP/", seen.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("open.example.com", "mutual.example.com", null)]
    [InlineData("mutual.example.com", "open.example.com", "client")]
    [InlineData("cut.example.com", "mutual.example.com", "client")]
    public async Task No_connection_for_one_domain_reaches_another_that_asks(string handshake, string host, string? certificate)
    {
        CommandResult seen = await AskAsync(handshake, certificate, "-H", $"Host: {host}");
        Assert.StartsWith("HTTP/2 421", seen.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_session_does_not_carry_a_certificate_that_was_not_shown()
    {
        // A session of the open domain, then of the mutual one without a certificate: both are answered as if they were new.
        string port = $"127.0.0.1:{_node.DataPort}";
        string session = _stage.At("session");
        byte[] request = "GET /told HTTP/1.1\r\nHost: mutual.example.com\r\nConnection: close\r\n\r\n"u8.ToArray();
        string[] common = ["s_client", "-connect", port, "-tls1_3", "-ign_eof"];
        await Command.RunAsync("openssl", [.. common, "-servername", "open.example.com", "-sess_out", session], request);
        CommandResult other = await Command.RunAsync("openssl", [.. common, "-servername", "mutual.example.com", "-sess_in", session, "-sess_out", session], request);
        Assert.Contains("HTTP/1.1 403", other.Output, StringComparison.Ordinal);
        CommandResult again = await Command.RunAsync("openssl", [.. common, "-servername", "mutual.example.com", "-sess_in", session], request);
        Assert.Contains("HTTP/1.1 403", again.Output, StringComparison.Ordinal);
    }

    private Task<CommandResult> AskAsync(string host, string? certificate, params string[] options) => _stage.CurlAsync(
        _node, host, "/told", [.. options, .. certificate is null ? [] : new[] { "--cert", _stage.At(certificate + ".pem"), "--key", _stage.At(certificate + ".key") }]);
}

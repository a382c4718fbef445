using EdgeProxy.Scenarios.Tests.Harness;

namespace EdgeProxy.Scenarios.Tests.Tls;

/// <summary>Versions, suites, names and sessions, as curl and OpenSSL see them.</summary>
public sealed class HandshakeTests : IDisposable
{
    private const string OneCertificate = "tls: {certificates: [{certificate: '@/api.pem', key: '@/api.key'}]}";

    private readonly TlsStage _stage = new();

    public void Dispose() => _stage.Dispose();

    [Fact]
    public async Task Curl_gets_HTTP_2_and_TLS_1_3_unless_it_asks_for_less()
    {
        _stage.Authority.Issue("api", ["api.example.com"]);
        await using Node node = await _stage.StartAsync(OneCertificate);
        CommandResult best = await _stage.CurlAsync(node, "api.example.com");
        Assert.StartsWith("HTTP/2 200", best.Output, StringComparison.Ordinal);
        Assert.Contains("version: TLSv1.3\r\n", best.Output, StringComparison.Ordinal);
        CommandResult first = await _stage.CurlAsync(node, "api.example.com", "/told", "--http1.1", "--tls-max", "1.2");
        Assert.StartsWith("HTTP/1.1 200", first.Output, StringComparison.Ordinal);
        Assert.Contains("Version: TLSv1.2\r\nSuite: ECDHE-ECDSA-AES128-GCM-SHA256\r\n", first.Output, StringComparison.Ordinal);
        CommandResult oldest = await _stage.CurlAsync(node, "api.example.com", "/told", "--tls-max", "1.1");
        Assert.Equal(35, oldest.Status);
        await Wait.UntilAsync(async () => await node.MetricAsync("edgeproxy_tls_handshakes_total", "result=\"full\"") >= 2, "the handshakes are counted");
        await Wait.UntilAsync(() => node.Output.Any(line => line.Contains("\"protocol\":\"HTTP/2.0\",\"tlsVersion\":\"TLSv1.3\"", StringComparison.Ordinal)), "the access log tells");
    }

    [Fact]
    public async Task A_listener_without_HTTP_2_speaks_the_first_version_alone()
    {
        _stage.Authority.Issue("api", ["api.example.com"]);
        await using Node node = await Node.StartAsync(new NodeOptions
        {
            Api = TlsStage.Api.ToString(),
            Settings = OneCertificate.Replace("@/", _stage.Files.Folder + "/", StringComparison.Ordinal) + "\nlisteners: [{url: 'https://127.0.0.1:0', http2: false}]",
            Listen = null,
        });
        Assert.StartsWith("HTTP/1.1 200", (await _stage.CurlAsync(node, "api.example.com")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_name_gets_its_certificate_and_an_unknown_one_is_refused()
    {
        string one = _stage.Authority.Issue("one", ["one.example.com"]);
        string wild = _stage.Authority.Issue("wild", ["*.example.com"]);
        const string Both = "tls:\n  certificates:\n    - {certificate: '@/one.pem', key: '@/one.key'}\n    - {certificate: '@/wild.pem', key: '@/wild.key'}\n";
        await using Node node = await _stage.StartAsync(Both);
        Assert.Equal(one, await SerialAsync(node, "ONE.example.com"));
        Assert.Equal(wild, await SerialAsync(node, "two.example.com"));
        Assert.Contains("unrecognized name", (await _stage.HandshakeAsync(node, "a.b.example.com")).Errors, StringComparison.Ordinal);
        Assert.Contains("unrecognized name", (await _stage.HandshakeAsync(node, null)).Errors, StringComparison.Ordinal);

        await using Node generous = await _stage.StartAsync(Both + "  defaultCertificate: one.example.com");
        Assert.Equal(one, await SerialAsync(generous, null));
        Assert.Equal(one, await SerialAsync(generous, "elsewhere"));
    }

    [Fact]
    public async Task One_name_has_certificates_of_both_kinds()
    {
        string ec = _stage.Authority.Issue("ec", ["api.example.com"]);
        string rsa = _stage.Authority.Issue("rsa", ["api.example.com"], rsaBits: 2048);
        await using Node node = await _stage.StartAsync("tls:\n  certificates:\n    - {certificate: '@/ec.pem', key: '@/ec.key'}\n    - {certificate: '@/rsa.pem', key: '@/rsa.key'}\n");
        Assert.Equal(ec, await SerialAsync(node, "api.example.com"));
        Assert.Equal(rsa, await SerialAsync(node, "api.example.com", "-tls1_2", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"));
        Assert.Equal(rsa, await SerialAsync(node, "api.example.com", "-sigalgs", "rsa_pss_rsae_sha256"));
    }

    [Fact]
    public async Task Sessions_are_taken_up_again()
    {
        _stage.Authority.Issue("api", ["api.example.com"]);
        await using Node node = await _stage.StartAsync(OneCertificate);
        CommandResult twelve = await _stage.HandshakeAsync(node, "api.example.com", "-tls1_2", "-reconnect");
        Assert.Contains("Reused, TLSv1.2", twelve.Output, StringComparison.Ordinal);

        // In 1.3 the ticket comes behind the handshake: a request and its answer bring it along.
        string session = _stage.At("session");
        byte[] request = "GET / HTTP/1.1\r\nHost: api.example.com\r\nConnection: close\r\n\r\n"u8.ToArray();
        string port = $"127.0.0.1:{node.DataPort}";
        string[] common = ["s_client", "-connect", port, "-servername", "api.example.com", "-tls1_3", "-ign_eof"];
        await Command.RunAsync("openssl", [.. common, "-sess_out", session], request);
        CommandResult again = await Command.RunAsync("openssl", [.. common, "-sess_in", session], request);
        Assert.Contains("Reused, TLSv1.3", again.Output, StringComparison.Ordinal);
        Assert.True(await node.MetricAsync("edgeproxy_tls_handshakes_total", "result=\"resumed\"") >= 2);
    }

    [Fact]
    public async Task A_stapled_OCSP_response_is_shown()
    {
        string serial = _stage.Authority.Issue("api", ["api.example.com"]);
        _stage.Files.Write("index.txt", $"V\t991231235959Z\t\t{serial}\tunknown\t/CN=api\n");
        CommandResult made = await Command.RunAsync(
            "openssl", "ocsp", "-issuer", _stage.Authority.File, "-cert", _stage.At("api.pem"), "-index", _stage.At("index.txt"), "-rsigner", _stage.Authority.File,
            "-rkey", _stage.Authority.KeyFile, "-CA", _stage.Authority.File, "-ndays", "3", "-respout", _stage.At("api.ocsp"));
        Assert.True(made.Status == 0, made.ToString());
        await using Node node = await _stage.StartAsync("tls: {certificates: [{certificate: '@/api.pem', key: '@/api.key', ocsp: '@/api.ocsp'}]}");
        CommandResult seen = await _stage.HandshakeAsync(node, "api.example.com", "-status");
        Assert.Contains("OCSP Response Status: successful", seen.Output, StringComparison.Ordinal);
        Assert.Contains("Cert Status: good", seen.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("TLS_1_2", "-tls1_2", true)]
    [InlineData("TLS_1_2", "-tls1_1", false)]
    [InlineData("TLS_1_0", "-tls1_1", true)]
    [InlineData("SecurityPolicy_TLS13_1_3_2025_09", "-tls1_2", false)]
    [InlineData("SecurityPolicy_TLS13_1_3_2025_09", "-tls1_3", true)]
    [InlineData("SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09", "-tls1_2", true)]
    public async Task A_policy_says_which_versions_there_are(string policy, string version, bool served)
    {
        _stage.Authority.Issue("api", ["api.example.com"]);
        await using Node node = await _stage.StartAsync($"tls: {{securityPolicy: {policy}, certificates: [{{certificate: '@/api.pem', key: '@/api.key'}}]}}");
        CommandResult seen = await _stage.HandshakeAsync(node, "api.example.com", version, "-cipher", "DEFAULT:@SECLEVEL=0");
        Assert.Equal(served, seen.Output.Contains("Verify return code: 0 (ok)", StringComparison.Ordinal) && !seen.Output.Contains("Cipher is (NONE)", StringComparison.Ordinal));
        Assert.Equal(policy.Contains("_PQ_", StringComparison.Ordinal), node.LogText.Contains("no post-quantum group in this build", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Plain_text_to_a_TLS_listener_gets_no_answer()
    {
        _stage.Authority.Issue("api", ["api.example.com"]);
        await using Node node = await _stage.StartAsync(OneCertificate);
        using Wire wire = await node.ConnectAsync();
        await wire.SendAsync("GET / HTTP/1.1\r\nHost: api.example.com\r\n\r\n");
        Assert.DoesNotContain("HTTP/1.1", System.Text.Encoding.Latin1.GetString(await wire.ReadToEndAsync()), StringComparison.Ordinal);
        await Wait.UntilAsync(async () => await node.MetricAsync("edgeproxy_tls_handshakes_total", "result=\"not_tls\"") == 1, "it is counted");
    }

    [Fact]
    public async Task For_trying_out_a_certificate_is_made()
    {
        using var files = new Temporary();
        string api = files.Write("api.json", TlsStage.Api.ToString());
        string configuration = files.Write("edgeproxy.yaml", "domains: [{name: own.example.com}]");
        await using Node node = Node.LaunchWith([EdgeProxyBinary.Path, "run", api, "-c", configuration, "--tls-self-signed", "--listen", "https://127.0.0.1:0", "--admin", "https://127.0.0.1:0", "--loops", "1"], new Temporary());
        await node.UntilListeningAsync();
        string fingerprint = (await node.UntilEventAsync("tls_self_signed")).GetProperty("fingerprint").GetString()!;
        string url = $"127.0.0.1:{node.DataPort}";
        CommandResult shown = await Command.RunAsync("openssl", ["s_client", "-connect", url], "Q\n"u8.ToArray());
        Assert.Contains("DNS:own.example.com", (await Command.RunAsync("openssl", ["x509", "-noout", "-ext", "subjectAltName"], shown.OutputBytes)).Output, StringComparison.Ordinal);
        CommandResult digest = await Command.RunAsync("openssl", ["x509", "-noout", "-fingerprint", "-sha256"], shown.OutputBytes);
        Assert.Equal(fingerprint, digest.Output.Trim().Split('=')[1]);
        Assert.StartsWith("HTTP/2 200", (await Command.RunAsync("curl", "-ski", $"https://{url}/")).Output, StringComparison.Ordinal);
        Assert.Contains("\"status\"", (await Command.RunAsync("curl", "-sk", $"https://127.0.0.1:{node.AdminPort}/readyz")).Output, StringComparison.Ordinal);
    }

    private async Task<string> SerialAsync(Node node, string? name, params string[] options)
    {
        CommandResult seen = await _stage.HandshakeAsync(node, name, options);
        CommandResult serial = await Command.RunAsync("openssl", ["x509", "-noout", "-serial"], seen.OutputBytes);
        return serial.Output.Trim().Split('=')[^1];
    }
}

using EdgeProxy.Core.Text;
using EdgeProxy.Definitions;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;
using EdgeProxy.Settings;

namespace EdgeProxy.Tests.Process.Settings;

public sealed class SettingsReaderTests : IDisposable
{
    private readonly SettingsFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void A_node_without_any_settings_has_the_documented_defaults()
    {
        NodeSettings settings = _fixture.Read(yaml: null);
        ListenerSettings listener = Assert.Single(settings.Listeners);
        Assert.Equal(("http://0.0.0.0:8080", "data", false), (listener.Url.ToString(), listener.Name, listener.ProxyProtocol));
        Assert.Equal("http://127.0.0.1:9080", settings.Admin.Url!.ToString());
        Assert.Null(settings.Loops);
        Assert.Null(settings.Data);
        Assert.Equal((10240, 10240, 100), (settings.Limits.RequestLine, settings.Limits.HeaderBytes, settings.Limits.HeaderCount));
        Assert.Equal((10_485_760L, 10_485_760L, -1), (settings.Limits.Body, settings.Limits.ResponseBody, settings.Limits.RequestsPerConnection));
        Assert.Equal((10_000_000_000L, 75_000_000_000L, 29_000_000_000L), (settings.Timeouts.Headers, settings.Timeouts.Idle, settings.Timeouts.Integration));
        Assert.Equal((240L, 5_000_000_000L), (settings.Timeouts.BodyMinRate, settings.Timeouts.BodyMinRateGrace));
        Assert.Equal(new ConnectionSettings(null, 1000), settings.Connections);
        Assert.Equal((DesyncMode.Strict, DotSegments.Reject, false), (settings.Desync, settings.DotSegments, settings.RejectUnderscore));
        Assert.Equal(5_000_000_000L, settings.Drain.Grace);
        Assert.True(settings.TrustedProxies.IsEmpty);
        Assert.True(settings.Admin.MetricsAllow.Contains(IpAddress.FromV4(0x0A010203)));
        Assert.False(settings.Admin.MetricsAllow.Contains(IpAddress.FromV4(0x08080808)));
        Assert.Empty(settings.Apis);
    }

    [Fact]
    public void Reads_each_kind_of_value_from_a_file()
    {
        NodeSettings settings = _fixture.Read("""
            listeners:
              - url: http://127.0.0.1:0
                name: inside
                proxyProtocol: true
              - url: http://[::1]:8081
            loops: 3
            data: state
            limits:
              body: unlimited
              responseBody: 1 MiB
              requestLine: 2048
            timeouts:
              integration: 1m30s
              idle: 1500ms
            desync:
              mode: defensive
            trustedProxies: [10.0.0.0/8, fd00::/8]
            logs:
              level: debug
              access:
                path: logs/access.log
            apis:
              - file: pets.yaml
                basePath: /pets
                stage: test
                domains: pets.example.com, animals.example.com
                stageVariables:
                  backend: 127.0.0.1:9000
                  weight: 7
            """);
        Assert.Equal(["inside", "data-2"], settings.Listeners.Select(listener => listener.Name));
        Assert.Equal([true, false], settings.Listeners.Select(listener => listener.ProxyProtocol));
        Assert.Equal("http://[::1]:8081", settings.Listeners[1].Url.ToString());
        Assert.Equal(3, settings.Loops);
        Assert.Equal(Path.Combine(_fixture.Directory_, "state"), settings.Data);
        Assert.Equal((-1L, 1L << 20, 2048), (settings.Limits.Body, settings.Limits.ResponseBody, settings.Limits.RequestLine));
        Assert.Equal((90_000_000_000L, 1_500_000_000L), (settings.Timeouts.Integration, settings.Timeouts.Idle));
        Assert.Equal(DesyncMode.Defensive, settings.Desync);
        Assert.True(settings.TrustedProxies.Contains(IpAddress.FromV4(0x0A000001)));
        Assert.Equal("debug", settings.Logs.Level);
        Assert.Equal(Path.Combine(_fixture.Directory_, "logs/access.log"), settings.Logs.AccessPath);
        ApiSettings api = Assert.Single(settings.Apis);
        Assert.Equal((Path.Combine(_fixture.Directory_, "pets.yaml"), "pets.yaml", "/pets", "test"), (api.File, api.DisplayFile, api.BasePath, api.Stage));
        Assert.Equal(["pets.example.com", "animals.example.com"], api.Domains);
        Assert.Equal([new("backend", "127.0.0.1:9000"), new("weight", "7")], api.StageVariables.OrderBy(pair => pair.Key));
        Assert.Equal(23, api.Origin!.Line);
    }

    [Fact]
    public void A_flag_wins_over_the_environment_and_that_over_the_file_and_that_over_the_default()
    {
        const string yaml = "limits:\n  headerCount: 10\nloops: 2\nlogs:\n  level: warn\n";
        Dictionary<string, string> environment = new() { ["EDGEPROXY_loops"] = "3", ["EDGEPROXY_logs__level"] = "error" };
        NodeSettings settings = _fixture.Read(yaml, environment, null, null, ("logs.level", "debug", "--log-level"));
        Assert.Equal((100 - 90, 3, "debug"), (settings.Limits.HeaderCount, settings.Loops, settings.Logs.Level));
        Assert.Equal(10240, settings.Limits.HeaderBytes);
    }

    [Fact]
    public void Environment_names_may_be_in_upper_case_and_reach_into_lists()
    {
        NodeSettings settings = _fixture.Read("listeners:\n  - url: http://127.0.0.1:8080\n", new()
        {
            ["EDGEPROXY_LIMITS__BODY"] = "1KB",
            ["EDGEPROXY_LISTENERS__0__PROXYPROTOCOL"] = "true",
            ["EDGEPROXY_trustedProxies"] = "10.0.0.0/8, 192.0.2.1",
            ["EDGEPROXY_apis__0__file"] = "api.json",
        });
        Assert.Equal(1024, settings.Limits.Body);
        Assert.True(settings.Listeners[0].ProxyProtocol);
        Assert.True(settings.TrustedProxies.Contains(IpAddress.FromV4(0xC0000201)));
        Assert.Equal("api.json", Assert.Single(settings.Apis).DisplayFile);
    }

    [Fact]
    public void A_variable_of_the_prefix_that_names_no_setting_is_an_error_if_it_has_a_path_and_a_warning_if_it_comes_close_to_one()
    {
        Assert.NotNull(_fixture.TryRead(null, new() { ["EDGEPROXY_SERVICE_HOST"] = "10.1.1.1", ["EDGEPROXY_PORT"] = "tcp://10.1.1.1:80" }));
        Assert.Empty(_fixture.Lines);
        Assert.NotNull(_fixture.TryRead(null, new() { ["EDGEPROXY_lopps"] = "2" }));
        Assert.Equal("warning EP1102: The environment variable EDGEPROXY_lopps names no setting. Did you mean \"loops\"? Correct or remove it.", Assert.Single(_fixture.Lines));
        Assert.Null(_fixture.TryRead(null, new() { ["EDGEPROXY_limits__bdoy"] = "1" }));
        Assert.Contains(_fixture.Lines, line => line.Contains("Did you mean \"limits.body\"?", StringComparison.Ordinal));
    }

    [Fact]
    public void Listen_flags_replace_the_configured_listeners()
    {
        NodeSettings settings = _fixture.Read(
            "listeners:\n  - url: http://127.0.0.1:1\n    name: a\n    proxyProtocol: true\n", listen: ["http://127.0.0.1:2", "http://127.0.0.1:3"]);
        Assert.Equal([("data", 2, false), ("data-2", 3, false)], settings.Listeners.Select(listener => (listener.Name, listener.Url.Port, listener.ProxyProtocol)));
    }

    [Fact]
    public void A_file_of_the_command_line_that_the_settings_describe_is_served_once_as_they_describe_it()
    {
        NodeSettings settings = _fixture.Read("apis:\n  - file: a.yaml\n    basePath: /a\n", files: ["./a.yaml", "b.yaml"]);
        Assert.Equal([("a.yaml", "/a"), ("b.yaml", null)], settings.Apis.Select(api => (api.DisplayFile, api.BasePath)));
    }

    [Fact]
    public void Variables_are_replaced_and_defaults_used_where_they_are_unset_or_empty()
    {
        NodeSettings settings = _fixture.Read(
            "loops: ${LOOPS}\ndata: ${DATA:-/var/lib/x}/${EMPTY:-y}\napis:\n  - file: a\n    stageVariables: { cost: '$${5}' }\n",
            new() { ["LOOPS"] = "4", ["EMPTY"] = "" });
        Assert.Equal((4, "/var/lib/x/y", "${5}"), (settings.Loops, settings.Data, settings.Apis[0].StageVariables["cost"]));
    }

    [Fact]
    public void An_unset_variable_without_a_default_is_a_problem_at_its_place()
    {
        Assert.Null(_fixture.TryRead("limits:\n  headerCount: ${NOPE}\n"));
        Assert.Equal("edgeproxy.yaml:2:16: error EP1106 #/limits/headerCount: \"limits.headerCount\": the environment variable NOPE is not set. Set it, or give a default: ${NOPE:-text}.", Assert.Single(_fixture.Lines));
    }

    [Fact]
    public void Reports_every_problem_at_once_each_at_its_place()
    {
        Assert.Null(_fixture.TryRead("""
            limts:
              body: 10MB
            limits:
              headerBytes: 64KB
              body: ten
              headerCount: 0
            timeouts:
              idle: 75
              headrs: 1s
            desync: { mode: strickt }
            listeners:
              - name: x
              - url: ftp://x
            loops: [1]
            body: 3
            trustedProxies:
              - 10.0.0.0/8
              - 10.0.0.0/33
            """));
        Assert.Equal(
        [
            "edgeproxy.yaml:1:1: error EP1102 #/limts: The settings file has no setting \"limts\". Did you mean \"limits\"? Correct or remove it.",
            "edgeproxy.yaml:4:16: error EP1104 #/limits/headerBytes: \"limits.headerBytes\" is \"64KB\": it must be from 128 to 32KB.",
            "edgeproxy.yaml:5:9: error EP1106 #/limits/body: \"limits.body\" is \"ten\": write bytes as 10485760, 10240KB or 10MB, or unlimited.",
            "edgeproxy.yaml:6:16: error EP1104 #/limits/headerCount: \"limits.headerCount\" is \"0\": it must be from 1 to 1000.",
            "edgeproxy.yaml:8:9: error EP1106 #/timeouts/idle: \"timeouts.idle\" is \"75\": give the unit: 75s or 75ms.",
            "edgeproxy.yaml:9:3: error EP1102 #/timeouts/headrs: \"timeouts\" has no setting \"headrs\". Did you mean \"headers\"? Correct or remove it.",
            "edgeproxy.yaml:10:17: error EP1105 #/desync/mode: \"desync.mode\" is \"strickt\": it must be one of strict, defensive, monitor. Did you mean \"strict\"?",
            "edgeproxy.yaml:12:5: error EP1103 #/listeners/0: \"listeners[0]\" has no \"url\". Add it.",
            "edgeproxy.yaml:13:10: error EP1106 #/listeners/1/url: \"listeners[1].url\" is \"ftp://x\": write it as http://ADDRESS:PORT.",
            "edgeproxy.yaml:14:8: error EP1101 #/loops: \"loops\" is a list; it must be text.",
            "edgeproxy.yaml:15:1: error EP1102 #/body: The settings file has no setting \"body\". Did you mean \"limits.body\"? Correct or remove it.",
            "edgeproxy.yaml:18:5: error EP1106 #/trustedProxies/1: \"trustedProxies\": \"10.0.0.0/33\" is no address range; write 10.0.0.0/8, fd00::/8 or a single address.",
        ], _fixture.Lines);
    }

    [Fact]
    public void Reads_all_of_tls()
    {
        NodeSettings settings = _fixture.Read("""
            listeners:
              - url: https://127.0.0.1:8443
                http2: false
            tls:
              certificates:
                - {certificate: a.pem, key: a.key, ocsp: a.ocsp, arn: 'arn:aws:acm:eu-west-1:000000000000:certificate/a'}
              certificatesFolder: certificates
              defaultCertificate: Example.com.
              securityPolicy: TLS_1_0
              requirePq: true
              ticketRotation: 1h
              maxHandshakes: 7
            timeouts: {handshake: 3s}
            domains:
              - name: '*.Example.com'
                certificateArn: arn:aws:acm:eu-west-1:000000000000:certificate/a
                mutualTls: {truststore: clients.pem, crl: clients.crl, onFailure: abort}
              - name: strict.example.com
                securityPolicy: SecurityPolicy_TLS13_1_3_2025_09
                endpointAccessMode: STRICT
                certificate: b.pem
                key: b.key
              - name: plain.example.com
            upstream:
              tls:
                caFile: ca.pem
                clientCertificates:
                  - {id: us, certificate: us.pem, key: us.key}
            apis:
              - {file: pets.yaml, clientCertificateId: us}
            """);
        string At(string file) => Path.Combine(_fixture.Directory_, file);
        ListenerSettings listener = Assert.Single(settings.Listeners);
        Assert.Equal((true, false), (listener.Url.IsTls, listener.Http2));
        CertificateSettings certificate = Assert.Single(settings.Tls.Certificates);
        Assert.Equal((At("a.pem"), At("a.key"), At("a.ocsp")), (certificate.Certificate, certificate.Key, certificate.Ocsp));
        Assert.Equal((At("certificates"), "example.com", "TLS_1_0", true), (settings.Tls.CertificatesFolder, settings.Tls.DefaultCertificate, settings.Tls.SecurityPolicy, settings.Tls.RequirePq));
        Assert.Equal((3_600_000_000_000L, 7, 3_000_000_000L), (settings.Tls.TicketRotation, settings.Tls.MaxHandshakes, settings.Timeouts.Handshake));
        Assert.Equal(["*.example.com", "strict.example.com", "plain.example.com"], settings.Domains.Select(domain => domain.Definition.Name));
        Assert.Equal(new MutualTlsDefinition(At("clients.pem"), At("clients.crl"), CutsUntrusted: true), settings.Domains[0].Definition.MutualTls);
        Assert.Equal(At("a.pem"), settings.Domains[0].Certificate!.Certificate);
        Assert.True(settings.Domains[1].Definition.IsStrict);
        Assert.Equal((At("b.pem"), At("b.key")), (settings.Domains[1].Certificate!.Certificate, settings.Domains[1].Certificate!.Key));
        Assert.Null(settings.Domains[2].Certificate);
        Assert.Equal(At("ca.pem"), settings.UpstreamTls.CaFile);
        Assert.Equal("us", Assert.Single(settings.UpstreamTls.ClientCertificates).Id);
        Assert.Equal("us", Assert.Single(settings.Apis).ClientCertificateId);
    }

    [Theory]
    [InlineData(null, new[] { "http://0.0.0.0:8080", "https://127.0.0.1:8443" })]
    [InlineData("https://127.0.0.1:0", new[] { "https://127.0.0.1:0" })]
    [InlineData("http://127.0.0.1:0", new[] { "http://127.0.0.1:0" })]
    public void For_trying_out_a_tls_listener_is_added_where_none_is_named(string? listen, string[] urls)
    {
        NodeSettings? settings = SettingsReader.Read(
            new SettingSources { TlsSelfSigned = true, Listen = listen is null ? [] : [listen], WorkingDirectory = _fixture.Directory_ }, _fixture.Problems);
        Assert.Equal(urls, settings!.Listeners.Select(listener => listener.Url.ToString()));
    }

    [Theory]
    [InlineData("listeners: [{url: 'http://127.0.0.1:80', name: a}, {url: 'http://127.0.0.1:81', name: a}]", "the name \"a\" is taken")]
    [InlineData("listeners: [{url: 'http://127.0.0.1:80', name: admin}]", "the name \"admin\" is taken")]
    [InlineData("listeners: [{url: 'http://127.0.0.1:80'}, {url: 'http://127.0.0.1:80'}]", "where \"data\" is already")]
    [InlineData("listeners: [{url: 'http://127.0.0.1:9080'}]", "where the listener \"data\" is already")]
    [InlineData("listeners: [{url: 'https://127.0.0.1:443'}]", "\"listeners[0].url\" is https://127.0.0.1:443, and there is no certificate.")]
    [InlineData("admin: {url: 'https://127.0.0.1:443'}", "\"admin.url\" is https://127.0.0.1:443, and there is no certificate.")]
    [InlineData("tls: {certificates: [{certificate: a.pem}]}", "\"tls.certificates[0]\" has no \"key\"")]
    [InlineData("tls: {certificates: [{certificate: a, key: a, arn: x}, {certificate: b, key: b, arn: x}]}", "another certificate has this ARN")]
    [InlineData("tls: {securityPolicy: TLS_1_3}", "Did you mean \"TLS_1_0\"?")]
    [InlineData("tls: {ticketRotation: 10s}", "it must be from 1m to 168h")]
    [InlineData("domains: [{certificate: a, key: a}]", "\"domains[0]\" has no \"name\"")]
    [InlineData("domains: [{name: 'a b'}]", "write a host name")]
    [InlineData("domains: [{name: 'a.*.b'}]", "write a host name")]
    [InlineData("domains: [{name: A.example.com}, {name: a.example.com.}]", "the domain a.example.com is described twice")]
    [InlineData("domains: [{name: a, certificate: x}]", "\"domains[0]\" has no \"key\"")]
    [InlineData("domains: [{name: a, key: x}]", "\"domains[0]\" has no \"certificate\"")]
    [InlineData("domains: [{name: a, certificateArn: arn:b}]\ntls: {certificates: [{certificate: a, key: a, arn: arn:a}]}", "Did you mean \"arn:a\"?")]
    [InlineData("domains: [{name: a, certificateArn: arn:a, certificate: b, key: b}]\ntls: {certificates: [{certificate: a, key: a, arn: arn:a}]}", "has both certificate and certificateArn")]
    [InlineData("domains: [{name: a, mutualTls: {crl: a.crl}}]", "has no \"truststore\"")]
    [InlineData("domains: [{name: a, mutualTls: {onFailure: abort}}]", "has no \"truststore\"")]
    [InlineData("domains: [{name: a, securityPolicy: SecurityPolicy_TLS13_1_3_2025_09}]", "needs endpointAccessMode")]
    [InlineData("domains: [{name: a, securityPolicy: SecurityPolicy_TLS13_1_3_2025_09, endpointAccessMode: BASIC, mutualTls: {truststore: a}}]", "does not allow")]
    [InlineData("apis: [{file: a, clientCertificateId: x}]", "which no item of upstream.tls.clientCertificates has as its id")]
    [InlineData("upstream: {tls: {clientCertificates: [{id: a, certificate: a, key: a}, {id: a, certificate: a, key: a}]}}", "another certificate has the id \"a\"")]
    [InlineData("upstream: {vpcLinks: [{id: a, address: 'http://a'}]}", "Write it as HOST or HOST:PORT")]
    [InlineData("upstream: {vpcLinks: [{id: a, address: 'a:70000'}]}", "Write it as HOST or HOST:PORT")]
    [InlineData("upstream: {vpcLinks: [{id: a, address: a}, {id: a, address: b}]}", "the link \"a\" is described twice")]
    [InlineData("apis: [{file: a, basePath: pets}]", "must start with /")]
    [InlineData("apis: [{name: a}]", "\"apis[0]\" has no \"file\"")]
    [InlineData("methodOverride: on", "it must be off in this version")]
    [InlineData("- a", "The settings file is a list; it must be an object.")]
    [InlineData("limits: 5", "\"limits\" is a number; it must be an object.")]
    [InlineData("loops: ${A", "a ${ without its }")]
    [InlineData("loops: ${1A}", "names no environment variable")]
    public void Refuses_what_cannot_work_together(string yaml, string message)
    {
        Assert.Null(_fixture.TryRead(yaml));
        Assert.Contains(message, Assert.Single(_fixture.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_section_or_list_with_everything_commented_out_is_as_if_it_were_not_there()
    {
        NodeSettings settings = _fixture.Read("limits:\n  # body: 3\nlisteners:\napis:\nlogs:\n  access:\n");
        Assert.Equal("http://0.0.0.0:8080", settings.Listeners[0].Url.ToString());
        Assert.Equal(10_485_760, settings.Limits.Body);
    }

    [Fact]
    public void A_file_that_is_missing_is_a_problem_that_names_it()
    {
        Assert.Null(SettingsReader.Read(new SettingSources { File = "none.yaml", WorkingDirectory = _fixture.Directory_ }, _fixture.Problems));
        Assert.StartsWith("none.yaml:1:1: error EP1001 #: The settings file cannot be read", Assert.Single(_fixture.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void The_admin_listener_can_be_turned_off()
    {
        Assert.Null(_fixture.Read("admin:\n  url: off\n").Admin.Url);
        Assert.Null(_fixture.Read(null, null, null, null, ("admin.url", "off", "--admin")).Admin.Url);
    }
}

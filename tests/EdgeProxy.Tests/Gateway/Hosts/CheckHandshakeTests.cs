using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Server;
using EdgeProxy.TestKit;
using EdgeProxy.Transport.Tls;
using static EdgeProxy.Tests.Gateway.TestGateway;

namespace EdgeProxy.Tests.Gateway.Hosts;

public sealed class CheckHandshakeTests : IDisposable
{
    private const string Store = "/etc/clients.pem";

    private static readonly ClientCertificate s_certificate = new()
    {
        Pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n",
        SubjectDn = "CN=client,O=Org,C=US",
        IssuerDn = "CN=ca",
        SerialNumber = "a1:0b",
        NotBefore = "May 28 12:30:02 2019 GMT",
        NotAfter = "Aug  5 09:36:04 2021 GMT",
    };

    private readonly TestGateway _gateway = Gateway(isLoopback: false);
    private readonly TestGateway _onLoopback = Gateway(isLoopback: true);

    public void Dispose()
    {
        _gateway.Dispose();
        _onLoopback.Dispose();
    }

    [Fact]
    public void A_trusted_client_reaches_the_domain_and_is_named_to_its_integration()
    {
        FakeExchange answer = Ask(Mutual("secure.example.com"), "secure.example.com");
        Assert.Equal(200, answer.Response.Status);
        Assert.Equal("CN=client,O=Org,C=US", answer.ResponseField("Subject"));
        Assert.Equal("CN=ca", answer.ResponseField("Issuer"));
        Assert.Equal("a1:0b", answer.ResponseField("Serial"));
        Assert.Equal("May 28 12:30:02 2019 GMT", answer.ResponseField("From"));
        Assert.Equal("Aug  5 09:36:04 2021 GMT", answer.ResponseField("Until"));
        Assert.Equal("TLSv1.3", answer.ResponseField("Version"));
        Assert.Equal("TLS_AES_128_GCM_SHA256", answer.ResponseField("Suite"));
    }

    [Theory]
    [InlineData(ClientCertificateVerdict.Missing)]
    [InlineData(ClientCertificateVerdict.Untrusted)]
    [InlineData(ClientCertificateVerdict.Expired)]
    [InlineData(ClientCertificateVerdict.NotYetValid)]
    [InlineData(ClientCertificateVerdict.Weak)]
    [InlineData(ClientCertificateVerdict.Revoked)]
    [InlineData(ClientCertificateVerdict.Malformed)]
    [InlineData(ClientCertificateVerdict.NotAsked)]
    public void Any_other_client_is_answered_403(ClientCertificateVerdict verdict)
    {
        FakeExchange answer = Ask(Mutual("secure.example.com", verdict), "secure.example.com");
        Assert.Equal(403, answer.Response.Status);
        Assert.Equal("""{"message":"Forbidden"}""", answer.SentText);
        Assert.Equal("1", _gateway.Metric("""edgeproxy_auth_failures_total{api_id="",reason="mtls"}"""));
    }

    [Fact]
    public void A_domain_that_cuts_gives_no_answer_at_all()
    {
        FakeExchange answer = Ask(Mutual("cut.example.com", ClientCertificateVerdict.Missing), "cut.example.com");
        Assert.Equal(AbortReason.ClientRefused, answer.Aborted);
        Assert.False(answer.ResponseStarted);
    }

    [Fact]
    public void Plain_text_never_reaches_a_domain_that_asks_for_certificates()
    {
        Assert.Equal(403, Ask(tls: null, "secure.example.com").Response.Status);
        Assert.Equal(403, Ask(_onLoopback, tls: null, "secure.example.com").Response.Status);
    }

    [Theory]
    [InlineData("open.example.com", "secure.example.com", null)] // no certificate was asked for
    [InlineData("secure.example.com", "open.example.com", Store)] // a certificate shown here is not used there
    [InlineData("cut.example.com", "secure.example.com", Store)] // the same store, another domain
    [InlineData("secure.example.com", "elsewhere", Store)] // no domain at all
    [InlineData("secure.example.com", "abcde12345.execute-api.node", Store)]
    [InlineData(null, "secure.example.com", null)] // no name in the handshake
    [InlineData("a.b.wild.example.com", "a.wild.example.com", Store)]
    public void A_request_for_another_domain_than_the_handshake_is_misdirected(string? name, string host, string? store)
    {
        TlsFacts tls = Mutual(name) with { TrustStore = store, ClientVerdict = store is null ? ClientCertificateVerdict.NotAsked : ClientCertificateVerdict.Trusted };
        FakeExchange answer = Ask(tls, host);
        Assert.Equal(421, answer.Response.Status);
        Assert.Equal("""{"message":"Misdirected Request"}""", answer.SentText);
        Assert.False(answer.CloseAfterwards);
    }

    [Fact]
    public void After_the_trust_store_changed_the_client_is_sent_to_a_new_connection()
    {
        FakeExchange answer = Ask(Mutual("secure.example.com") with { TrustStore = "/etc/before.pem" }, "secure.example.com");
        Assert.Equal(421, answer.Response.Status);
        Assert.True(answer.CloseAfterwards);
    }

    [Fact]
    public void A_wildcard_is_one_domain_for_all_its_names()
    {
        Assert.Equal(200, Ask(Mutual("a.wild.example.com"), "B.wild.example.com:8443").Response.Status);
        Assert.Equal(421, Ask(Mutual("a.wild.example.com"), "secure.example.com").Response.Status);
    }

    [Fact]
    public void Domains_without_certificates_may_share_a_connection()
    {
        Assert.Equal(200, Ask(Plain("other.example.com"), "open.example.com").Response.Status);
        Assert.Equal(200, Ask(Plain(null), "open.example.com").Response.Status);
    }

    [Theory]
    [InlineData("strict.example.com", "strict.example.com", 200)]
    [InlineData("strict.example.com", "STRICT.example.com.:443", 200)]
    [InlineData("open.example.com", "strict.example.com", 403)]
    [InlineData(null, "strict.example.com", 403)]
    [InlineData("strict0001.execute-api.node", "strict0001.execute-api.node", 200)]
    [InlineData("open.example.com", "strict0001.execute-api.node", 403)]
    public void A_strict_endpoint_wants_the_name_of_the_handshake(string? name, string host, int status)
    {
        Assert.Equal(status, Ask(Plain(name), host, "/prod").Response.Status);
    }

    [Fact]
    public void A_strict_endpoint_is_not_served_in_plain_text_off_loopback()
    {
        Assert.Equal(403, Ask(tls: null, "strict.example.com").Response.Status);
        Assert.Equal(200, Ask(_onLoopback, tls: null, "strict.example.com").Response.Status);
    }

    [Fact]
    public void A_domain_without_any_API_answers_403()
    {
        Assert.Equal(403, Ask(Plain("empty.example.com"), "empty.example.com").Response.Status);
    }

    [Fact]
    public void A_certificate_that_was_not_verified_is_no_identity()
    {
        // Only the access log shows it; here the route is one that nothing protects.
        TlsFacts tls = Plain("open.example.com") with { ClientCertificate = s_certificate, ClientVerdict = ClientCertificateVerdict.Untrusted };
        FakeExchange answer = Ask(tls, "open.example.com");
        Assert.Equal(200, answer.Response.Status);
        Assert.Null(answer.ResponseField("Subject"));
        Assert.Null(answer.ResponseField("Serial"));
    }

    private static TlsFacts Plain(string? name) => new() { Version = TlsVersion.Tls13, CipherSuite = "TLS_AES_128_GCM_SHA256", ServerName = name };

    private static TlsFacts Mutual(string? name, ClientCertificateVerdict verdict = ClientCertificateVerdict.Trusted) => Plain(name) with
    {
        TrustStore = Store,
        ClientVerdict = verdict,
        ClientCertificate = verdict is ClientCertificateVerdict.Missing or ClientCertificateVerdict.NotAsked ? null : s_certificate,
    };

    private static TestGateway Gateway(bool isLoopback)
    {
        var gateway = new TestGateway(listener: new ListenerFacts("data", IsAdmin: false, IsTls: true, isLoopback, Port: 443));
        ParameterMapping[] facts =
        [
            MapBack("Subject", "context.identity.clientCert.subjectDN"), MapBack("Issuer", "context.identity.clientCert.issuerDN"),
            MapBack("Serial", "context.identity.clientCert.serialNumber"), MapBack("From", "context.identity.clientCert.validity.notBefore"),
            MapBack("Until", "context.identity.clientCert.validity.notAfter"), MapBack("Version", "context.tlsVersion"), MapBack("Suite", "context.cipherSuite"),
            MapBack("Pem", "context.identity.clientCert.clientCertPem"),
        ];
        gateway.Route("GET /", Mock(parameters: facts)).Route("GET /{proxy+}", Mock(parameters: facts));
        StagePlan stage = gateway.Stage();
        StagePlan strict = StagePlan.Build(
            new ApiFacts { Id = "strict0001", Name = "strict", Kind = ApiKind.Rest, IsStrict = true }, "prod", stage.Main.Plan, new StageVariables([]), gateway.Live);
        var mappings = new BasePathTable([("", stage)]);
        gateway.Snapshots.Swap(new GatewaySnapshot
        {
            Domains = new Utf8Table<DomainPlan>(
            [
                ("open.example.com", new DomainPlan(mappings)),
                ("other.example.com", new DomainPlan(mappings)),
                ("empty.example.com", new DomainPlan(BasePathTable.Empty)),
                ("strict.example.com", new DomainPlan(mappings) { IsStrict = true }),
                ("secure.example.com", new DomainPlan(mappings) { TrustStore = Store }),
                ("cut.example.com", new DomainPlan(mappings) { TrustStore = Store, CutsUntrusted = true }),
                ("*.wild.example.com", new DomainPlan(mappings) { TrustStore = Store }),
            ]),
            Apis = new Utf8Table<ApiEntry>([("abcde12345", new ApiEntry("abcde12345", [stage])), ("strict0001", new ApiEntry("strict0001", [strict]))]),
            Mounts = mappings,
        });
        return gateway;
    }

    private FakeExchange Ask(TlsFacts? tls, string host, string path = "/") => Ask(_gateway, tls, host, path);

    private static FakeExchange Ask(TestGateway gateway, TlsFacts? tls, string host, string path = "/")
    {
        gateway.Exchange.Over(tls);
        return gateway.Send($"GET {path} HTTP/1.1\nHost: {host}");
    }
}

using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Transport.Tls;

/// <summary>Mutual TLS: what is asked of clients, how their certificates are judged, in which words they are told (security.md 10).</summary>
public sealed class ClientCertificateTests : IDisposable
{
    private static readonly X509Certificate2 s_root = TestCertificates.Authority("client root");
    private static readonly X509Certificate2 s_middle = TestCertificates.Authority("client middle", s_root);
    private static readonly X509Certificate2 s_good = TestCertificates.Leaf("CN=client, O=Org, C=US", s_middle);
    private static readonly X509Certificate2 s_server = TestCertificates.Leaf("CN=server", null, ["api.example.com", "other.example.com", "open.example.com"]);

    private readonly TlsPair _pair = new(Contexts(Store(s_root, s_middle)));

    public void Dispose() => _pair.Dispose();

    [Fact]
    public void A_trusted_certificate_is_told_in_the_words_of_the_gateway()
    {
        TlsFacts facts = Show(s_good).Connection!.Tls!;
        Assert.Equal((ClientCertificateVerdict.Trusted, "store"), (facts.ClientVerdict, facts.TrustStore));
        ClientCertificate told = facts.ClientCertificate!;
        Assert.Equal("CN=client,O=Org,C=US", told.SubjectDn);
        Assert.Equal("CN=client middle", told.IssuerDn);
        Assert.Equal(s_good.ExportCertificatePem(), told.Pem.TrimEnd('\n'));
        Assert.EndsWith("\n", told.Pem, StringComparison.Ordinal);
        Assert.Equal(string.Join(':', s_good.SerialNumberBytes.ToArray().Select(b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture))), told.SerialNumber);
        DateTime end = s_good.NotAfter.ToUniversalTime();
        string expected = $"{end.ToString("MMM", System.Globalization.CultureInfo.InvariantCulture)} {end.Day,2} {end:HH:mm:ss} {end.Year} GMT";
        Assert.Equal(expected, told.NotAfter);
    }

    [Fact]
    public void A_name_without_a_trust_store_asks_for_none()
    {
        TlsFacts facts = Show(s_good, host: "open.example.com").Connection!.Tls!;
        Assert.Equal((ClientCertificateVerdict.NotAsked, null, null), (facts.ClientVerdict, facts.TrustStore, facts.ClientCertificate));
    }

    [Fact]
    public void No_certificate_is_missing() => Assert.Equal(ClientCertificateVerdict.Missing, Show((X509Certificate2?)null).Connection!.Tls!.ClientVerdict);

    [Fact]
    public void Each_fault_has_its_verdict_and_the_certificate_is_told_all_the_same()
    {
        Judged(ClientCertificateVerdict.Untrusted, TestCertificates.Leaf("CN=alien", TestCertificates.Authority("alien root")));
        Judged(ClientCertificateVerdict.Untrusted, TestCertificates.Leaf("CN=alone", null));
        Judged(ClientCertificateVerdict.Expired, TestCertificates.Leaf("CN=old", s_middle, fromDays: -30, untilDays: -1));
        Judged(ClientCertificateVerdict.NotYetValid, TestCertificates.Leaf("CN=new", s_middle, fromDays: 2, untilDays: 30));
        Judged(ClientCertificateVerdict.Weak, TestCertificates.Leaf("CN=short", s_middle, rsaBits: 1024));
        JudgedPem(ClientCertificateVerdict.Weak, TestCertificates.SignedWithSha1(s_good, s_middle), s_good);
    }

    [Fact]
    public void A_certificate_that_stands_in_the_store_itself_is_trusted()
    {
        X509Certificate2 own = TestCertificates.Leaf("CN=own", null);
        _pair.Server.Contexts = Contexts(Store(own));
        Assert.Equal(ClientCertificateVerdict.Trusted, Show(own).Connection!.Tls!.ClientVerdict);
    }

    [Fact]
    public void A_chain_of_four_is_taken_and_one_of_five_is_not()
    {
        X509Certificate2 third = TestCertificates.Authority("third", s_middle);
        X509Certificate2 fourth = TestCertificates.Authority("fourth", third);
        _pair.Server.Contexts = Contexts(Store(s_root, s_middle, third, fourth));
        Judged(ClientCertificateVerdict.Trusted, TestCertificates.Leaf("CN=four", third));
        Judged(ClientCertificateVerdict.Malformed, TestCertificates.Leaf("CN=five", fourth));
    }

    [Fact]
    public void A_revoked_certificate_is_refused_where_a_list_says_so()
    {
        X509Certificate2 revoked = TestCertificates.Leaf("CN=revoked", s_middle);
        var list = new CertificateRevocationListBuilder();
        list.AddEntry(revoked);
        byte[] der = list.Build(s_middle, 1, DateTimeOffset.UtcNow.AddDays(7), HashAlgorithmName.SHA256);
        byte[] pem = System.Text.Encoding.ASCII.GetBytes(PemEncoding.WriteString("X509 CRL", der));
        List<TlsProblem> problems = [];
        TrustStore store = TrustStore.ReadOrNull("store", TestCertificates.Pem(s_root, s_middle), [pem], "test", problems)!;
        Assert.Empty(problems);
        _pair.Server.Contexts = Contexts(store);
        Judged(ClientCertificateVerdict.Revoked, revoked);
        Judged(ClientCertificateVerdict.Trusted, s_good);
    }

    [Fact]
    public void The_verdict_and_the_certificate_survive_resumption()
    {
        X509Certificate2 alien = TestCertificates.Leaf("CN=alien", null);
        (X509Certificate2, ClientCertificateVerdict)[] cases = [(s_good, ClientCertificateVerdict.Trusted), (alien, ClientCertificateVerdict.Untrusted)];
        foreach ((X509Certificate2 certificate, ClientCertificateVerdict verdict) in cases)
        {
            UpstreamTls settings = Settings(certificate);
            Assert.False(Shake(settings).Resumed);
            for (int i = 0; i < 3; i++)
            {
                TlsFacts again = Shake(settings);
                Assert.True(again.Resumed);
                Assert.Equal(verdict, again.ClientVerdict);
                Assert.Equal(certificate.ExportCertificatePem(), again.ClientCertificate!.Pem.TrimEnd('\n'));
            }
        }
    }

    [Fact]
    public void A_session_is_not_taken_up_again_under_another_content_of_the_store()
    {
        UpstreamTls settings = Settings(s_good);
        Shake(settings);
        _pair.Server.Contexts = Contexts(Store(TestCertificates.Authority("replaced")));
        TlsFacts facts = Shake(settings);
        Assert.False(facts.Resumed);
        Assert.Equal(ClientCertificateVerdict.Untrusted, facts.ClientVerdict);
    }

    [Fact]
    public void A_session_of_one_name_gives_no_entry_to_another()
    {
        UpstreamTls settings = Settings(null) with { ServerName = "open.example.com" };
        Shake(settings);
        Assert.True(Shake(settings).Resumed);

        // The client's sessions go by name; a client that mixes them up is played by serving the other name's contexts under this one.
        _pair.Server.Contexts = new TlsServerContexts([Name("open.example.com", Store(s_root), ClientCertificateDemand.Judge)], null, 1);
        TlsFacts facts = Shake(settings);
        Assert.False(facts.Resumed);
        Assert.Equal(ClientCertificateVerdict.Missing, facts.ClientVerdict);
    }

    [Fact]
    public void Where_it_is_required_anything_but_trust_ends_the_handshake()
    {
        _pair.Server.Contexts = Contexts(Store(s_root, s_middle), ClientCertificateDemand.Require);
        Assert.Equal(TlsFailure.None, Show(s_good).Failure);
        Assert.Equal(TlsFailure.ClientCertificate, Show((X509Certificate2?)null).Failure);
        Assert.Equal(TlsFailure.ClientCertificate, Show(TestCertificates.Leaf("CN=alien", null)).Failure);
    }

    [Fact]
    public void Tls_1_2_judges_and_remembers_likewise()
    {
        _pair.Connector.Contexts = new UpstreamTlsContexts { Policy = new TlsPolicy("client", TlsVersion.Tls12, TlsVersion.Tls12, "ECDHE-ECDSA-AES128-GCM-SHA256") };
        UpstreamTls settings = Settings(s_good);
        Assert.Equal((TlsVersion.Tls12, ClientCertificateVerdict.Trusted, false), Of(Shake(settings)));
        Assert.Equal((TlsVersion.Tls12, ClientCertificateVerdict.Trusted, true), Of(Shake(settings)));

        static (TlsVersion Version, ClientCertificateVerdict Verdict, bool Resumed) Of(TlsFacts facts) => (facts.Version, facts.ClientVerdict, facts.Resumed);
    }

    private static TrustStore Store(params X509Certificate2[] authorities)
    {
        List<TlsProblem> problems = [];
        return TrustStore.ReadOrNull("store", TestCertificates.Pem(authorities), [], "test", problems)!;
    }

    private static TlsServerName Name(string name, TrustStore? store, ClientCertificateDemand demand) =>
        new() { Name = name, Certificates = [TestCertificates.Server(s_server)], TrustStore = store, Demand = demand };

    private static TlsServerContexts Contexts(TrustStore store, ClientCertificateDemand demand = ClientCertificateDemand.Judge) =>
        new([Name("api.example.com", store, demand), Name("open.example.com", null, demand)], null, 1);

    private void Judged(ClientCertificateVerdict verdict, X509Certificate2 certificate)
    {
        TlsAccepted accepted = Show(certificate);
        Assert.Equal(TlsFailure.None, accepted.Failure);
        Assert.Equal((certificate.Subject, verdict), (certificate.Subject, accepted.Connection!.Tls!.ClientVerdict));
        Assert.NotNull(accepted.Connection.Tls.ClientCertificate);
    }

    private void JudgedPem(ClientCertificateVerdict verdict, byte[] pem, X509Certificate2 key)
    {
        TlsAccepted accepted = Show(ServerCertificate.ReadUnchecked(pem, TestCertificates.Key(key)));
        Assert.Equal(verdict, accepted.Connection!.Tls!.ClientVerdict);
    }

    private UpstreamTls Settings(X509Certificate2? certificate) => new()
    {
        InsecureSkipVerification = true,
        ClientCertificateFile = certificate is null ? null : _pair.File($"{certificate.Thumbprint}.pem", [.. TestCertificates.Pem(certificate), .. TestCertificates.Key(certificate)]),
    };

    private TlsFacts Shake(UpstreamTls settings)
    {
        (TlsAccepted accepted, TlsConnectResult connected) = _pair.Shake(settings.ServerName ?? "api.example.com", settings);
        Assert.Equal(TlsFailure.None, accepted.Failure);
        _pair.ReadAll(connected.Connection!);
        return accepted.Connection!.Tls!;
    }

    // Through a client that shows whatever it is given: as a rule ours refuses to load what is ended or weak.
    private TlsAccepted Show(X509Certificate2? certificate, string host = "api.example.com") =>
        Show(certificate is null ? null : ServerCertificate.ReadUnchecked(TestCertificates.Pem(certificate), TestCertificates.Key(certificate)), host);

    private TlsAccepted Show(ServerCertificate? certificate, string host = "api.example.com")
    {
        _pair.Connector.Contexts = new UpstreamTlsContexts
        {
            Policy = new TlsPolicy("client", TlsVersion.Tls12, TlsVersion.Tls13, "DEFAULT:@SECLEVEL=0"),
            ClientCertificate = certificate,
        };
        return _pair.Shake(host, new UpstreamTls { InsecureSkipVerification = true }).Accepted;
    }
}

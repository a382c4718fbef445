using System.Security.Cryptography.X509Certificates;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Control;
using EdgeProxy.Definitions;
using EdgeProxy.Settings;
using EdgeProxy.Tests.Process.Settings;
using EdgeProxy.Tests.Transport.Tls;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Process.Control;

public sealed class TlsLoaderTests : IDisposable
{
    private static readonly X509Certificate2 s_authority = TestCertificates.Authority("Authority");

    private readonly SettingsFixture _fixture = new();
    private readonly ProblemList _problems = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public void Each_name_is_served_by_the_certificates_that_cover_it_best()
    {
        Write("wild", "*.example.com", "example.com");
        Write("exact", "api.example.com");
        Write("rsa", 2048, "api.example.com", "rsa.example.com");
        LoadedTls tls = Load("""
            tls:
              certificates:
                - {certificate: wild.pem, key: wild.key}
                - {certificate: exact.pem, key: exact.key}
                - {certificate: rsa.pem, key: rsa.key}
            """);
        Assert.Empty(_problems);
        Assert.Equal(["*.example.com", "api.example.com", "example.com", "rsa.example.com"], tls.Names.Select(name => name.Name).Order());

        // Of each kind of key the one made for the name; no certificate of RSA covers the wildcard.
        Assert.Equal([("exact.pem", false), ("rsa.pem", true)], Certificates(tls, "api.example.com"));
        Assert.Equal([("wild.pem", false), ("rsa.pem", true)], Certificates(tls, "rsa.example.com"));
        Assert.Equal([("wild.pem", false)], Certificates(tls, "*.example.com"));
        Assert.Null(tls.Fallback);
        Assert.All(tls.Names, name => Assert.Equal("TLS_1_2", name.Policy.Name));
    }

    [Fact]
    public void A_certificate_that_has_ended_gives_way_to_one_that_has_not_and_keeps_nothing_else_from_being_served()
    {
        Write("old", TestCertificates.Leaf("CN=old", s_authority, ["api.example.com", "old.example.com"], fromDays: -90, untilDays: -1));
        Write("wild", "*.example.com");
        LoadedTls tls = Load("tls: {certificates: [{certificate: old.pem, key: old.key}, {certificate: wild.pem, key: wild.key}]}");
        Assert.Equal((ProblemCode.CertificateNotValid, ProblemSeverity.Warning), (Assert.Single(_problems).Code, _problems.Single().Severity));
        Assert.Equal([("wild.pem", false)], Certificates(tls, "api.example.com"));
        Assert.Equal([("wild.pem", false)], Certificates(tls, "*.example.com"));
    }

    [Fact]
    public void The_certificates_of_a_folder_count_like_those_named_one_by_one()
    {
        Directory.CreateDirectory(At("certificates/b.example.com"));
        Write("certificates/a", "a.example.com");
        Write("certificates/b.example.com/fullchain", "b.example.com");
        File.Move(At("certificates/b.example.com/fullchain.key"), At("certificates/b.example.com/privkey.pem"));
        LoadedTls tls = Load("tls: {certificatesFolder: certificates, defaultCertificate: B.example.com}");
        Assert.Empty(_problems);
        Assert.Equal(["a.example.com", "b.example.com"], tls.Names.Select(name => name.Name).Order());
        Assert.Equal(["b.example.com"], tls.Fallback!.Certificates[0].Names);
    }

    [Fact]
    public void A_domain_has_its_own_certificate_policy_and_trust_store()
    {
        Write("wild", "*.example.com");
        Write("own", "own.example.com");
        Write("clients", TestCertificates.Pem(s_authority));
        LoadedTls tls = Load("""
            tls: {certificates: [{certificate: wild.pem, key: wild.key, arn: 'arn:w'}]}
            domains:
              - {name: own.example.com, certificate: own.pem, key: own.key, securityPolicy: SecurityPolicy_TLS13_1_3_2025_09, endpointAccessMode: BASIC}
              - {name: mutual.example.com, mutualTls: {truststore: clients, onFailure: abort}}
              - {name: '*.below.example.com', certificateArn: arn:w}
            """);
        Assert.Equal(ProblemCode.NameNotCovered, Assert.Single(_problems).Code); // the wildcard is for one label
        Assert.Equal("SecurityPolicy_TLS13_1_3_2025_09", Name(tls, "own.example.com").Policy.Name);
        Assert.Equal([("own.pem", false)], Certificates(tls, "own.example.com"));
        TlsServerName mutual = Name(tls, "mutual.example.com");
        Assert.Equal((At("clients"), ClientCertificateDemand.Require), (mutual.TrustStore!.Name, mutual.Demand));
        Assert.Null(Name(tls, "*.example.com").TrustStore);
    }

    [Fact]
    public void What_a_wildcard_domain_asks_for_holds_for_each_name_below_it()
    {
        Write("names", "*.example.com", "a.example.com");
        Write("clients", TestCertificates.Pem(s_authority));
        LoadedTls tls = Load("""
            tls: {certificates: [{certificate: names.pem, key: names.key}]}
            domains: [{name: '*.example.com', mutualTls: {truststore: clients}}]
            """);
        Assert.Empty(_problems);
        Assert.All(tls.Names, name => Assert.Equal(At("clients"), name.TrustStore!.Name));
        Assert.Equal(2, tls.Names.Count);
    }

    [Fact]
    public void An_APIs_own_policy_wins_on_its_domains_and_by_its_id()
    {
        Write("names", "api.example.com", "*.execute-api.node", "other.example.com");
        LoadedTls tls = Load("""
            tls: {certificates: [{certificate: names.pem, key: names.key}]}
            domains: [{name: api.example.com, securityPolicy: TLS_1_0}]
            apis: [{file: a.yaml, domains: API.example.com}]
            """, policy: "SecurityPolicy_TLS13_1_3_2025_09");
        Assert.Empty(_problems);
        Assert.Equal("SecurityPolicy_TLS13_1_3_2025_09", Name(tls, "api.example.com").Policy.Name);
        Assert.Equal("SecurityPolicy_TLS13_1_3_2025_09", Name(tls, "abcde12345.execute-api.node").Policy.Name);
        Assert.Equal("TLS_1_2", Name(tls, "*.execute-api.node").Policy.Name);
        Assert.Equal("TLS_1_2", Name(tls, "other.example.com").Policy.Name);
    }

    [Fact]
    public void Everything_wrong_is_told_at_once_and_where()
    {
        Write("ended", TestCertificates.Leaf("CN=ended", s_authority, ["ended.example.com"], fromDays: -60, untilDays: -1));
        Write("soon", TestCertificates.Leaf("CN=soon", s_authority, ["soon.example.com"], untilDays: 10));
        Write("one", "one.example.com");
        Write("two", "two.example.com");
        File.WriteAllText(At("nonsense"), "nonsense");
        Load("""
            listeners: [{url: 'https://127.0.0.1:0'}]
            tls:
              certificates:
                - {certificate: ended.pem, key: ended.key}
                - {certificate: soon.pem, key: soon.key}
                - {certificate: one.pem, key: two.key}
                - {certificate: missing.pem, key: one.key}
              defaultCertificate: nobody.example.com
              requirePq: true
            domains:
              - name: nobody.example.com
              - {name: other.example.com, certificate: two.pem, key: two.key}
              - {name: soon.example.com, mutualTls: {truststore: nonsense}}
              - {name: a.soon.example.com, securityPolicy: SecurityPolicy_TLS13_1_2_PQ_2025_09, endpointAccessMode: BASIC}
            upstream: {tls: {caFile: nonsense, clientCertificates: [{id: us, certificate: nonsense, key: nonsense}]}}
            apis: [{file: a.yaml, domains: [third.example.com]}]
            """);
        string[] lines = [.. _problems.Select(ProblemWriter.Line)];
        Line("edgeproxy.yaml:4:21: warning EP2002", "ended.pem ended on");
        Line("edgeproxy.yaml:6:21: error EP2001", "The key is not that of the first certificate");
        Line("edgeproxy.yaml:7:21: error EP1001", "missing.pem cannot be read");
        Line("edgeproxy.yaml:8:23: error EP2005", "nobody.example.com, which no certificate covers");
        Line("edgeproxy.yaml:11:11: error EP2005", "No certificate covers nobody.example.com");
        Line("edgeproxy.yaml:12:12: error EP2004", "does not cover other.example.com");
        Line("edgeproxy.yaml:13:12: error EP2001", "holds 0 certificates");
        Line("edgeproxy.yaml:14:12: error EP2007", "wants post-quantum key exchange");
        Line("edgeproxy.yaml:15:26: error EP2001", "nonsense holds 0 certificates");
        Line("error EP2001", "nonsense holds no certificate in PEM");
        Line("warning EP2003", "for soon.example.com ends in");
        Line("warning EP2005", "No certificate covers third.example.com");

        void Line(string start, string text) => Assert.True(
            Array.Exists(lines, line => line.Contains(start, StringComparison.Ordinal) && line.Contains(text, StringComparison.Ordinal)), $"{start} ... {text} is not in:\n{string.Join('\n', lines)}");
    }

    [Fact]
    public void Without_post_quantum_groups_such_a_policy_is_served_with_a_warning()
    {
        Write("one", "one.example.com");
        LoadedTls tls = Load("tls: {certificates: [{certificate: one.pem, key: one.key}], securityPolicy: SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09}");
        Problem warning = Assert.Single(_problems);
        Assert.Equal((ProblemCode.NoPostQuantum, ProblemSeverity.Warning), (warning.Code, warning.Severity));
        Assert.Contains("no post-quantum group in this build", warning.Message, StringComparison.Ordinal);
        Assert.Equal("SecurityPolicy_TLS13_1_2_PFS_PQ_2025_09", Name(tls, "one.example.com").Policy.Name);
    }

    [Fact]
    public void A_self_signed_certificate_is_for_whoever_comes()
    {
        (byte[] certificate, byte[] key) = SelfSignedCertificate.Create([]);
        LoadedTls tls = TlsLoader.Load(
            _fixture.Read("loops: 1"), [], ServerCertificate.ReadOrNull(certificate, key, null, [], "test", []), DateTimeOffset.UtcNow, _problems);
        Assert.Empty(_problems);
        Assert.Equal(["localhost"], tls.Names.Select(name => name.Name));
        Assert.Equal(["localhost", "127.0.0.1", "::1"], tls.Fallback!.Certificates[0].Names);
        Assert.Matches("^([0-9A-F]{2}:){31}[0-9A-F]{2}$", tls.Fallback.Certificates[0].Fingerprint);
    }

    [Fact]
    public void All_that_is_read_is_watched()
    {
        Directory.CreateDirectory(At("certificates/sub"));
        Write("certificates/a", "a.example.com");
        NodeSettings settings = _fixture.Read("""
            tls: {certificates: [{certificate: one.pem, key: one.key, ocsp: one.ocsp}], certificatesFolder: certificates}
            domains: [{name: a, certificate: a.pem, key: a.key, mutualTls: {truststore: store, crl: crl}}]
            upstream: {tls: {caFile: ca, clientCertificates: [{id: us, certificate: us.pem, key: us.key}]}}
            """);
        string[] files = ["one.pem", "one.key", "one.ocsp", "a.pem", "a.key", "certificates/a.pem", "certificates/a.key", "store", "crl", "ca", "us.pem", "us.key"];
        Assert.Equal(files.Select(At), TlsFiles.Of(settings));
        Assert.Equal([At("certificates"), At("certificates/sub")], TlsFiles.FoldersOf(settings));
    }

    [Fact]
    public void What_was_stored_of_a_domain_of_settings_holds_in_its_handshake_and_is_no_error()
    {
        Write("names", "*.example.com");
        Write("clients", TestCertificates.Pem(s_authority));
        LoadedTls tls = Load("tls: {certificates: [{certificate: names.pem, key: names.key}]}\ndomains: [{name: a.example.com}, {name: b.example.com}]", null,
            new DomainDefinition { Name = "a.example.com", SecurityPolicy = "TLS_1_0", MutualTls = new MutualTlsDefinition(At("clients"), null, CutsUntrusted: false) },
            new DomainDefinition { Name = "b.example.com", MutualTls = new MutualTlsDefinition(At("missing"), null, CutsUntrusted: false) });
        Assert.All(_problems, static problem => Assert.Equal(ProblemSeverity.Warning, problem.Severity));
        Assert.Equal((At("clients"), "TLS_1_0"), (Name(tls, "a.example.com").TrustStore!.Name, Name(tls, "a.example.com").Policy.Name));
        Assert.Equal(At("missing"), Name(tls, "b.example.com").TrustStore!.Name); // so that requests are refused, not taken for another domain's
    }

    [Fact]
    public void Where_post_quantum_is_required_a_stored_domain_that_wants_it_is_not_served_without()
    {
        Write("names", "a.example.com", "b.example.com", "c.example.com");
        DomainDefinition a = new() { Name = "a.example.com", SecurityPolicy = "SecurityPolicy_TLS13_1_2_PQ_2025_09" };
        LoadedTls tls = Load("tls: {certificates: [{certificate: names.pem, key: names.key}], requirePq: true}", null, a, a with { Name = "b.example.com" });
        Assert.Equal(["c.example.com"], tls.Names.Select(static name => name.Name));
    }

    private static TlsServerName Name(LoadedTls tls, string name) => tls.Names.Single(served => served.Name == name);

    private (string, bool)[] Certificates(LoadedTls tls, string name) =>
        [.. Name(tls, name).Certificates.Select(certificate => (FileOf(tls, certificate), certificate.IsRsa))];

    // A domain's own certificate is loaded for it alone; the subject tells.
    private static string FileOf(LoadedTls tls, ServerCertificate certificate) => Path.GetFileName(tls.Certificates.First(loaded => loaded.Certificate.Subject == certificate.Subject).File);

    private LoadedTls Load(string yaml, string? policy = null, params DomainDefinition[] stored)
    {
        NodeSettings settings = _fixture.Read(yaml);
        LoadedApi[] apis = [.. settings.Apis.Select(api => new LoadedApi(
            api,
            new ApiDefinition { Id = "abcde12345", Name = "a", Kind = ApiKind.Rest, Endpoint = policy is null ? null : new EndpointDefinition(false, [], policy, null, null) },
            "/",
            new object()))];
        return TlsLoader.Load(settings, apis, selfSigned: null, DateTimeOffset.UtcNow, _problems, [.. stored.Select(static domain => new StoredDomain(domain, null, null))]);
    }

    private string At(string file) => Path.Combine(_fixture.Directory_, file);

    private void Write(string name, params string[] names) => Write(name, 0, names);

    private void Write(string name, int rsaBits, params string[] names) => Write(name, TestCertificates.Leaf($"CN={Path.GetFileName(name)}", s_authority, names, rsaBits));

    private void Write(string name, X509Certificate2 leaf)
    {
        File.WriteAllBytes(At(name + ".pem"), TestCertificates.Pem(leaf, s_authority));
        File.WriteAllBytes(At(name + ".key"), TestCertificates.Key(leaf));
    }

    private void Write(string name, byte[] content) => File.WriteAllBytes(At(name), content);
}

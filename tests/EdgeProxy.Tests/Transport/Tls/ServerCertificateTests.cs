using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Tests.Transport.Tls;

/// <summary>What is said of certificates before they are served, and that no file makes anything throw.</summary>
public sealed class ServerCertificateTests
{
    private static readonly X509Certificate2 s_root = TestCertificates.Authority("root");
    private static readonly X509Certificate2 s_middle = TestCertificates.Authority("middle", s_root);
    private static readonly X509Certificate2 s_leaf = TestCertificates.Leaf("CN=leaf", s_middle, ["api.example.com", "*.example.org", "10.0.0.1"]);

    [Fact]
    public void A_whole_chain_has_no_problem_and_is_described()
    {
        ServerCertificate loaded = Load(TestCertificates.Pem(s_leaf, s_middle), TestCertificates.Key(s_leaf), out List<TlsProblem> problems)!;
        Assert.Empty(problems);
        Assert.Equal(["api.example.com", "*.example.org", "10.0.0.1"], loaded.Names);
        Assert.Equal("CN=leaf", loaded.Subject);
        Assert.False(loaded.IsRsa);
        Assert.InRange(loaded.NotAfter - s_leaf.NotAfter.ToUniversalTime(), TimeSpan.FromSeconds(-5), TimeSpan.FromSeconds(5));
        Assert.True(loaded.Covers("api.example.com") && loaded.Covers("x.example.org"));
        Assert.False(loaded.Covers("example.org") || loaded.Covers("a.b.example.org") || loaded.Covers("example.com"));
    }

    [Fact]
    public void Keys_of_every_usual_form_are_read()
    {
        using RSA rsa = RSA.Create(2048);
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] ofRsa = Pem(new CertificateRequest("CN=a", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1));
        byte[] ofEc = Pem(new CertificateRequest("CN=a", ec, HashAlgorithmName.SHA256));
        Assert.NotNull(Load(ofRsa, Encoding.ASCII.GetBytes(rsa.ExportPkcs8PrivateKeyPem()), out _));
        Assert.NotNull(Load(ofRsa, Encoding.ASCII.GetBytes(rsa.ExportRSAPrivateKeyPem()), out _));
        Assert.NotNull(Load(ofEc, Encoding.ASCII.GetBytes(ec.ExportPkcs8PrivateKeyPem()), out _));
        Assert.NotNull(Load(ofEc, Encoding.ASCII.GetBytes(ec.ExportECPrivateKeyPem()), out _));

        static byte[] Pem(CertificateRequest request) => TestCertificates.Pem(request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1)));
    }

    [Fact]
    public void A_key_under_a_passphrase_is_refused_and_not_asked_for()
    {
        using ECDsa ec = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        byte[] sealedKey = Encoding.ASCII.GetBytes(ec.ExportEncryptedPkcs8PrivateKeyPem("secret", new PbeParameters(PbeEncryptionAlgorithm.Aes256Cbc, HashAlgorithmName.SHA256, 1000)));
        Refused(TlsProblemCode.NoKey, TestCertificates.Pem(s_leaf, s_middle), sealedKey);
    }

    [Fact]
    public void Each_fault_has_its_problem()
    {
        byte[] key = TestCertificates.Key(s_leaf);
        Refused(TlsProblemCode.NoCertificate, "nothing"u8.ToArray(), key);
        Refused(TlsProblemCode.NoCertificate, Encoding.ASCII.GetBytes("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n"), key);
        Refused(TlsProblemCode.NoKey, TestCertificates.Pem(s_leaf, s_middle), "nothing"u8.ToArray());
        Refused(TlsProblemCode.KeyMismatch, TestCertificates.Pem(s_leaf, s_middle), TestCertificates.Key(s_middle));
        Refused(TlsProblemCode.BrokenChain, TestCertificates.Pem(s_leaf, s_root), key);
        X509Certificate2 early = TestCertificates.Leaf("CN=early", s_middle, ["api.example.com"], fromDays: 3);
        Refused(TlsProblemCode.NotYetValid, TestCertificates.Pem(early, s_middle), TestCertificates.Key(early));
        X509Certificate2 weak = TestCertificates.Leaf("CN=weak", null, ["api.example.com"], rsaBits: 1024);
        Refused(TlsProblemCode.UnusableKey, TestCertificates.Pem(weak), TestCertificates.Key(weak));
        Refused(TlsProblemCode.NameNotCovered, TestCertificates.Pem(s_leaf, s_middle), key, "www.example.com");
    }

    [Fact]
    public void A_certificate_that_has_ended_is_served_with_a_warning()
    {
        X509Certificate2 ended = TestCertificates.Leaf("CN=ended", s_middle, ["api.example.com"], fromDays: -9, untilDays: -1);
        Assert.NotNull(Load(TestCertificates.Pem(ended, s_middle), TestCertificates.Key(ended), out List<TlsProblem> problems));
        Assert.Equal((TlsProblemCode.Expired, true), (Assert.Single(problems).Code, problems[0].IsWarning));
    }

    [Fact]
    public void A_leaf_alone_is_served_with_a_warning()
    {
        Assert.NotNull(Load(TestCertificates.Pem(s_leaf), TestCertificates.Key(s_leaf), out List<TlsProblem> problems));
        Assert.Equal((TlsProblemCode.BrokenChain, true), (Assert.Single(problems).Code, problems[0].IsWarning));
    }

    [Fact]
    public void A_staple_that_is_none_is_refused()
    {
        List<TlsProblem> problems = [];
        Assert.Null(ServerCertificate.ReadOrNull(TestCertificates.Pem(s_leaf, s_middle), TestCertificates.Key(s_leaf), [1, 2, 3], [], "test", problems));
        Assert.Equal(TlsProblemCode.BadStaple, Assert.Single(problems).Code);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_problem()
    {
        List<TlsProblem> problems = [];
        Assert.Null(ServerCertificate.LoadOrNull("/nowhere/a.pem", "/nowhere/b.pem", null, [], problems));
        Assert.All(problems, problem => Assert.Equal(TlsProblemCode.UnreadableFile, problem.Code));
        Assert.Equal(2, problems.Count);
    }

    [Fact]
    public void A_self_signed_certificate_is_for_this_machine_and_what_is_named()
    {
        (byte[] certificate, byte[] key) = SelfSignedCertificate.Create(["dev.example.com", "10.9.8.7", "*.test"]);
        ServerCertificate loaded = Load(certificate, key, out List<TlsProblem> problems)!;
        Assert.Empty(problems);
        Assert.Equal(["localhost", "127.0.0.1", "::1", "dev.example.com", "10.9.8.7", "*.test"], loaded.Names);
        using X509Certificate2 read = X509CertificateLoader.LoadCertificate(X509Certificate2.CreateFromPem(Encoding.ASCII.GetString(certificate)).RawData);
        Assert.Equal("CN=EdgeProxy self-signed", read.Subject);
        Assert.Throws<ArgumentException>(() => SelfSignedCertificate.Create(["two words"]));
        Assert.Throws<ArgumentException>(() => SelfSignedCertificate.Create(["a,DNS:b"]));
    }

    private static ServerCertificate? Load(byte[] certificate, byte[] key, out List<TlsProblem> problems)
    {
        problems = [];
        return ServerCertificate.ReadOrNull(certificate, key, null, [], "test", problems);
    }

    private static void Refused(TlsProblemCode code, byte[] certificate, byte[] key, params string[] names)
    {
        List<TlsProblem> problems = [];
        Assert.Null(ServerCertificate.ReadOrNull(certificate, key, null, names, "test", problems));
        Assert.Contains(problems, problem => problem.Code == code && !problem.IsWarning);
    }
}

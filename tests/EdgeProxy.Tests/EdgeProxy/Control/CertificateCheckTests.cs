using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Tests.Transport.Tls;

namespace EdgeProxy.Tests.Process.Control;

public sealed class CertificateCheckTests : IDisposable
{
    private const string Name = "api.example.com";

    private readonly StoredNode _node = new("management: { limits: { certificate: 16KB } }");
    private readonly X509Certificate2 _authority = TestCertificates.Authority("Root");

    public void Dispose()
    {
        _authority.Dispose();
        _node.Dispose();
    }

    [Fact]
    public void A_certificate_with_its_chain_and_key_is_taken()
    {
        using X509Certificate2 middle = TestCertificates.Authority("Middle", _authority);
        using X509Certificate2 leaf = TestCertificates.Leaf("CN=a", middle, ["*.example.com"]);
        (int status, WireValue answer) = Give(leaf, leaf, middle, _authority);
        Assert.Equal((201, "AVAILABLE"), (status, answer.TextOf("domainNameStatus")));
    }

    [Fact]
    public void What_no_handshake_could_use_is_refused_at_the_call()
    {
        using X509Certificate2 leaf = TestCertificates.Leaf("CN=a", _authority, [Name]);
        using X509Certificate2 other = TestCertificates.Leaf("CN=b", _authority, [Name]);
        using X509Certificate2 ended = TestCertificates.Leaf("CN=c", _authority, [Name], fromDays: -20, untilDays: -2);
        using X509Certificate2 early = TestCertificates.Leaf("CN=d", _authority, [Name], fromDays: 2);
        using X509Certificate2 elsewhere = TestCertificates.Leaf("CN=e", _authority, ["www.example.com"]);
        using X509Certificate2 weak = TestCertificates.Leaf("CN=f", _authority, [Name], rsaBits: 1024);
        using X509Certificate2 stranger = TestCertificates.Authority("Stranger");

        Assert.Equal("The key is not that of the first certificate in certificateBody.", Refusal(leaf, other));
        Assert.Contains("ended on", Refusal(ended, ended), StringComparison.Ordinal);
        Assert.Contains("begins on", Refusal(early, early), StringComparison.Ordinal);
        Assert.Equal("The certificate in certificateBody does not cover api.example.com; it is for www.example.com.", Refusal(elsewhere, elsewhere));
        Assert.Contains("neither RSA of 2048 bits", Refusal(weak, weak), StringComparison.Ordinal);
        Assert.Contains("certificate 2 has not issued certificate 1", Refusal(leaf, leaf, stranger), StringComparison.Ordinal);
        Assert.Equal("certificateBody holds no certificate in PEM.", Refusal("-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----", Key(leaf), null));
        Assert.Equal("The key of certificateBody is no private key in PEM without a passphrase.", Refusal(Pem(leaf), "-----BEGIN PRIVATE KEY-----\nsecret\n-----END PRIVATE KEY-----", null));
        Assert.Equal("with its chain and key it must be at most 16384 bytes.", Refusal(Pem(leaf), Key(leaf), new string('x', 16_384)));
        Assert.Equal(404, _node.TryCall("GET", "/domainnames/" + Name).Status);
    }

    [Fact]
    public void Which_certificates_there_are_is_what_settings_say_by_now()
    {
        using X509Certificate2 leaf = TestCertificates.Leaf("CN=a", _authority, [Name]);
        _node.Work.Write("a.pem", Pem(leaf));
        _node.Work.Write("a.key", Key(leaf));
        const string Body = """{"domainName":"NAME","endpointConfiguration":{"types":["REGIONAL"]},"regionalCertificateArn":"arn:mine"}""";
        Assert.Equal("No certificate of this node has the ARN arn:mine: name one in tls.certificates.", _node.Call("POST", "/domainnames", Body.Replace("NAME", Name, StringComparison.Ordinal)).TextOf("domainNameStatusMessage"));
        _node.Reload("tls: { certificates: [{ certificate: a.pem, key: a.key, arn: 'arn:mine' }] }");
        Assert.Null(_node.Call("POST", "/domainnames", Body.Replace("NAME", "b.example.com", StringComparison.Ordinal)).TextOf("domainNameStatusMessage"));
    }

    private string Refusal(X509Certificate2 leaf, X509Certificate2 key, params X509Certificate2[] chain) => Refusal(Pem(leaf), Key(key), chain.Length == 0 ? null : Pem(chain));

    private string Refusal(string certificate, string key, string? chain)
    {
        (int status, WireValue answer) = Give(certificate, key, chain);
        Assert.Equal(400, status);
        const string Begin = "Invalid certificate specified: ";
        Assert.StartsWith(Begin, answer.TextOf("message"), StringComparison.Ordinal);
        return answer.TextOf("message")![Begin.Length..];
    }

    private (int Status, WireValue Answer) Give(X509Certificate2 leaf, X509Certificate2 key, params X509Certificate2[] chain) => Give(Pem(leaf), Key(key), Pem(chain));

    private (int Status, WireValue Answer) Give(string certificate, string key, string? chain)
    {
        WireValue body = WireValue.NewObject().Set("domainName", Name).Set("certificateName", "mine").Set("certificateBody", certificate).Set("certificatePrivateKey", key);
        if (chain is not null) body.Set("certificateChain", chain);
        return _node.TryCall("POST", "/domainnames", body.ToString());
    }

    private static string Pem(params X509Certificate2[] certificates) => Encoding.ASCII.GetString(TestCertificates.Pem(certificates));

    private static string Key(X509Certificate2 certificate) => Encoding.ASCII.GetString(TestCertificates.Key(certificate));
}

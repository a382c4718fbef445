using System.Net;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using EdgeProxy.Transport.Tls;
using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Tests.Transport.Tls;

/// <summary>Certificates made by the class library, so that what reads and judges them is not what made them.</summary>
internal static unsafe partial class TestCertificates
{
    private static int s_serial;

    /// <summary>An authority, itself signed or issued by another.</summary>
    public static X509Certificate2 Authority(string name, X509Certificate2? issuer = null, int rsaBits = 0, int validDays = 365, HashAlgorithmName? digest = null)
    {
        (CertificateRequest request, AsymmetricAlgorithm key) = Request($"CN={name}", rsaBits, digest);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        return Issue(request, key, issuer, DateTimeOffset.UtcNow.AddDays(Math.Min(-1, validDays - 30)), DateTimeOffset.UtcNow.AddDays(validDays));
    }

    /// <summary>A leaf for names, issued by an authority or signed by itself.</summary>
    public static X509Certificate2 Leaf(
        string subject, X509Certificate2? issuer, string[]? names = null, int rsaBits = 0, int fromDays = -1, int untilDays = 90, HashAlgorithmName? digest = null, ECCurve? curve = null)
    {
        (CertificateRequest request, AsymmetricAlgorithm key) = Request(subject, rsaBits, digest, curve);
        if (names is not null)
        {
            var alternatives = new SubjectAlternativeNameBuilder();
            foreach (string name in names)
            {
                if (IPAddress.TryParse(name, out IPAddress? address)) alternatives.AddIpAddress(address);
                else alternatives.AddDnsName(name);
            }

            request.CertificateExtensions.Add(alternatives.Build());
        }

        return Issue(request, key, issuer, DateTimeOffset.UtcNow.AddDays(fromDays), DateTimeOffset.UtcNow.AddDays(untilDays));
    }

    /// <summary>The PEM of certificates, one after another.</summary>
    public static byte[] Pem(params X509Certificate2[] certificates) =>
        Encoding.ASCII.GetBytes(string.Join('\n', certificates.Select(certificate => certificate.ExportCertificatePem())) + "\n");

    /// <summary>The PKCS#8 PEM of a certificate's key.</summary>
    public static byte[] Key(X509Certificate2 certificate)
    {
        AsymmetricAlgorithm key = certificate.GetRSAPrivateKey() ?? (AsymmetricAlgorithm)certificate.GetECDsaPrivateKey()!;
        return Encoding.ASCII.GetBytes(key.ExportPkcs8PrivateKeyPem());
    }

    /// <summary>As the server loads it.</summary>
    public static ServerCertificate Server(X509Certificate2 leaf, params X509Certificate2[] chain)
    {
        List<TlsProblem> problems = [];
        ServerCertificate? loaded = ServerCertificate.ReadOrNull(Pem([leaf, .. chain]), Key(leaf), null, [], "test", problems);
        Assert.True(loaded is not null, string.Join(" ", problems.Select(problem => problem.Text)));
        return loaded;
    }

    /// <summary>A certificate signed anew over SHA-1, which the class library no longer does.</summary>
    public static byte[] SignedWithSha1(X509Certificate2 certificate, X509Certificate2 issuer)
    {
        nint key;
        fixed (byte* pem = Key(issuer))
        {
            nint bio = LibCrypto.BIO_new_mem_buf(pem, Key(issuer).Length);
            key = LibCrypto.PEM_read_bio_PrivateKey(bio, null, &OpenSsl.NoPassphrase, null);
            LibCrypto.BIO_free(bio);
        }

        NativeReference copy = X509.ReadAll(Pem(certificate), out _)[0];
        Assert.True(LibCrypto.X509_sign(copy.Pointer, key, EVP_sha1()) > 0);
        LibCrypto.EVP_PKEY_free(key);
        byte[] signed = Encoding.ASCII.GetBytes(X509.PemOf(copy.Pointer));
        GC.KeepAlive(copy);
        return signed;
    }

    [LibraryImport("libcrypto")]
    private static partial nint EVP_sha1();

    private static (CertificateRequest Request, AsymmetricAlgorithm Key) Request(string subject, int rsaBits, HashAlgorithmName? digest, ECCurve? curve = null)
    {
        HashAlgorithmName chosen = digest ?? HashAlgorithmName.SHA256;
        if (rsaBits > 0)
        {
            RSA rsa = RSA.Create(rsaBits);
            return (new CertificateRequest(subject, rsa, chosen, RSASignaturePadding.Pkcs1), rsa);
        }

        ECDsa ec = ECDsa.Create(curve ?? ECCurve.NamedCurves.nistP256);
        return (new CertificateRequest(subject, ec, chosen), ec);
    }

    private static X509Certificate2 Issue(CertificateRequest request, AsymmetricAlgorithm key, X509Certificate2? issuer, DateTimeOffset from, DateTimeOffset until)
    {
        if (issuer is null) return request.CreateSelfSigned(from, until);
        byte[] serial = BitConverter.GetBytes(Interlocked.Increment(ref s_serial) + 0x0A000000);
        Array.Reverse(serial);
        X509SignatureGenerator signer = issuer.GetRSAPrivateKey() is { } rsa
            ? X509SignatureGenerator.CreateForRSA(rsa, RSASignaturePadding.Pkcs1)
            : X509SignatureGenerator.CreateForECDsa(issuer.GetECDsaPrivateKey()!);
        X509Certificate2 issued = request.Create(issuer.SubjectName, signer, from, until, serial);
        return key is RSA rsaKey ? issued.CopyWithPrivateKey(rsaKey) : issued.CopyWithPrivateKey((ECDsa)key);
    }
}

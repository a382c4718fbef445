using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace EdgeProxy.Scenarios.Tests.Harness;

/// <summary>A certificate authority of one scenario, and the files of what it issues.</summary>
internal sealed class Authority : IDisposable
{
    private readonly Temporary _files;
    private readonly X509Certificate2 _certificate;
    private readonly string _name;
    private int _serial = 1000;

    /// <param name="files">The folder the certificates are written to.</param>
    /// <param name="name">Its name, and that of its files.</param>
    public Authority(Temporary files, string name = "ca")
    {
        _files = files;
        _name = name;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign | X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1000), DateTimeOffset.UtcNow.AddDays(365));
        files.Write($"{name}.pem", _certificate.ExportCertificatePem() + "\n");
        files.Write($"{name}.key", key.ExportPkcs8PrivateKeyPem() + "\n");
    }

    /// <summary>The PEM file of the authority itself.</summary>
    public string File => _files.PathOf(_name + ".pem");

    /// <summary>The PEM file of the authority's key.</summary>
    public string KeyFile => _files.PathOf(_name + ".key");

    /// <summary>Issues a certificate and writes it, the authority behind it, as <c>name.pem</c> and <c>name.key</c>.</summary>
    /// <returns>The certificate's serial number in hex, as OpenSSL prints it.</returns>
    public string Issue(string name, string[] names, int rsaBits = 0, int fromDays = -400, int untilDays = 90)
    {
        (string certificate, string key, string serial) = Make(name, names, rsaBits, fromDays, untilDays);
        _files.Write($"{name}.pem", certificate);
        _files.Write($"{name}.key", key);
        return serial;
    }

    /// <summary>Issues a certificate without writing it.</summary>
    public (string Certificate, string Key, string Serial) Make(string subject, string[] names, int rsaBits = 0, int fromDays = -400, int untilDays = 90)
    {
        using RSA? rsa = rsaBits > 0 ? RSA.Create(rsaBits) : null;
        using ECDsa? ec = rsa is null ? ECDsa.Create(ECCurve.NamedCurves.nistP256) : null;
        CertificateRequest request = rsa is not null
            ? new CertificateRequest($"CN={subject}", rsa, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            : new CertificateRequest($"CN={subject}", ec!, HashAlgorithmName.SHA256);
        var alternatives = new SubjectAlternativeNameBuilder();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address)) alternatives.AddIpAddress(address);
            else alternatives.AddDnsName(name);
        }

        if (names.Length > 0) request.CertificateExtensions.Add(alternatives.Build());
        byte[] serial = BitConverter.GetBytes(Interlocked.Increment(ref _serial) + 0x0A000000);
        Array.Reverse(serial);
        using ECDsa signer = _certificate.GetECDsaPrivateKey()!;
        using X509Certificate2 issued = request.Create(
            _certificate.SubjectName, X509SignatureGenerator.CreateForECDsa(signer), DateTimeOffset.UtcNow.AddDays(fromDays), DateTimeOffset.UtcNow.AddDays(untilDays), serial);
        AsymmetricAlgorithm key = (AsymmetricAlgorithm?)rsa ?? ec!;
        return (issued.ExportCertificatePem() + "\n" + _certificate.ExportCertificatePem() + "\n", key.ExportPkcs8PrivateKeyPem() + "\n", Convert.ToHexString(serial));
    }

    public void Dispose() => _certificate.Dispose();
}

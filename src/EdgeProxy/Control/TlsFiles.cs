using EdgeProxy.Compiler.Problems;
using EdgeProxy.Settings;

namespace EdgeProxy.Control;

/// <summary>The files that TLS is loaded from, and the folders where more may appear: what is watched.</summary>
internal static class TlsFiles
{
    public static IReadOnlyList<string> Of(NodeSettings settings)
    {
        var files = new List<string?>();
        IEnumerable<CertificateSettings> certificates = [.. settings.Tls.Certificates, .. settings.Domains.Select(domain => domain.Certificate).OfType<CertificateSettings>()];
        if (settings.Tls.CertificatesFolder is { } folder) certificates = certificates.Concat(CertificateFolder.Find(folder, origin: null, new ProblemList()));
        foreach (CertificateSettings certificate in certificates) files.AddRange([certificate.Certificate, certificate.Key, certificate.Ocsp]);
        foreach (DomainSettings domain in settings.Domains) files.AddRange([domain.Definition.MutualTls?.Truststore, domain.Definition.MutualTls?.Crl]);
        files.Add(settings.UpstreamTls.CaFile);
        foreach (ClientCertificateSettings certificate in settings.UpstreamTls.ClientCertificates) files.AddRange([certificate.Certificate, certificate.Key]);
        return [.. files.OfType<string>().Distinct(StringComparer.Ordinal)];
    }

    public static IReadOnlyList<string> FoldersOf(NodeSettings settings) =>
        settings.Tls.CertificatesFolder is { } folder ? CertificateFolder.FoldersOf(folder) : [];
}

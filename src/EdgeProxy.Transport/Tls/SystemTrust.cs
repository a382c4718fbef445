namespace EdgeProxy.Transport.Tls;

/// <summary>Finds the machine's own authorities, where OpenSSL and Go look for them.</summary>
public static class SystemTrust
{
    private static readonly string[] s_files =
    [
        "/etc/ssl/certs/ca-certificates.crt", // Debian, Ubuntu, Alpine
        "/etc/pki/tls/certs/ca-bundle.crt", // Fedora, RHEL 6
        "/etc/ssl/ca-bundle.pem", // openSUSE
        "/etc/pki/tls/cacert.pem",
        "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", // RHEL 7
        "/etc/ssl/cert.pem",
    ];

    /// <summary>The file that <c>SSL_CERT_FILE</c> names, else the first of the usual ones that is there; null when the machine has none.</summary>
    public static string? FindFileOrNull() =>
        Environment.GetEnvironmentVariable("SSL_CERT_FILE") is { Length: > 0 } named ? named : s_files.FirstOrDefault(File.Exists);
}

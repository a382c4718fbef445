using System.Text;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Control;

/// <summary>Judges the certificate that a call gives a custom domain, as handshakes would find it.</summary>
internal static class CertificateCheck
{
    private const string Source = "certificateBody";

    /// <summary>What is wrong; null for nothing.</summary>
    /// <param name="certificate">PEM: the leaf, then the chain.</param>
    /// <param name="key">PEM of its key.</param>
    /// <param name="name">The domain name that it must cover.</param>
    public static string? Run(string certificate, string key, string name)
    {
        var found = new List<TlsProblem>();
        _ = ServerCertificate.ReadOrNull(Encoding.UTF8.GetBytes(certificate), Encoding.UTF8.GetBytes(key), null, [name], Source, found);
        foreach (TlsProblem problem in found)
        {
            // A node starts with a certificate that ended meanwhile, and warns; nobody gives a new one that has.
            if (!problem.IsWarning || problem.Code is TlsProblemCode.Expired) return problem.Text;
        }

        return null;
    }
}

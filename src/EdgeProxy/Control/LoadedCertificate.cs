using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Control;

/// <summary>A certificate as it was loaded.</summary>
/// <param name="File">Where from, for messages.</param>
/// <param name="Certificate">The certificate.</param>
internal sealed record LoadedCertificate(string File, ServerCertificate Certificate)
{
    /// <summary>What metrics call it: the first name it is for, else its subject.</summary>
    public string Domain => Certificate.Names.Count > 0 ? Certificate.Names[0] : Certificate.Subject;

    /// <summary>The kind of its key, for metrics.</summary>
    public string Key => Certificate.IsRsa ? "rsa" : "ecdsa";
}

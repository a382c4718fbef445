using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Control;

/// <summary>What TLS listeners are to serve, as it was loaded.</summary>
/// <param name="Names">Each name once.</param>
/// <param name="Fallback">For clients that ask for no name or an unknown one; null to refuse them.</param>
/// <param name="Certificates">All certificates, used or not.</param>
internal sealed record LoadedTls(IReadOnlyList<TlsServerName> Names, TlsServerName? Fallback, IReadOnlyList<LoadedCertificate> Certificates)
{
    public static LoadedTls None { get; } = new([], null, []);
}

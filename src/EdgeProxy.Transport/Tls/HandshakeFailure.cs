using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>Finds the reason of a failed handshake in OpenSSL's error queue.</summary>
internal static class HandshakeFailure
{
    private const int FirstAlert = 1000; // SSL_AD_REASON_OFFSET: the other side's alert of that number

    private const int CertificateNotYetValid = 9;
    private const int CertificateExpired = 10;
    private const int HostMismatch = 62;
    private const int IpMismatch = 64;

    public static TlsFailure Of(nint ssl, bool isClient)
    {
        int reason = OpenSsl.SslReason();
        return reason switch
        {
            134 when isClient => OfCertificate((int)LibSsl.SSL_get_verify_result(ssl)), // certificate verify failed
            134 or 199 => TlsFailure.ClientCertificate, // ... or none was shown
            191 or 258 or 166 or 396 or 266 or 1070 => TlsFailure.NoCommonVersion,
            193 or 101 or 118 or 297 or 295 or 1071 => TlsFailure.NoCommonCipher,
            235 or 1120 => TlsFailure.NoCommonProtocol,
            156 or 267 => TlsFailure.NotTls, // plain HTTP, or no version at all
            > FirstAlert and < FirstAlert + 256 => TlsFailure.RefusedByPeer,
            _ => TlsFailure.Violation,
        };
    }

    private static TlsFailure OfCertificate(int result) => result switch
    {
        CertificateExpired or CertificateNotYetValid => TlsFailure.Expired,
        HostMismatch or IpMismatch => TlsFailure.NameMismatch,
        _ => TlsFailure.UntrustedCertificate,
    };
}

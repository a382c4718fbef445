using System.Runtime.InteropServices;
using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>Verifies an upstream whose authority nobody asks for: dates and name still count (specification rest-api.md, <c>insecureSkipVerification</c>).</summary>
internal static unsafe class UpstreamVerification
{
    private const int SelfSigned = 18;
    private const int SelfSignedInChain = 19;
    private const int NoIssuer = 2;
    private const int NoLocalIssuer = 20;
    private const int NoLeafSignature = 21;
    private const int InvalidAuthority = 24;
    private const int InvalidPurpose = 26;
    private const int Untrusted = 27;
    private const int PathLength = 25;

    /// <summary>For <c>SSL_CTX_set_cert_verify_callback</c>.</summary>
    [UnmanagedCallersOnly]
    public static int VerifyWithoutAuthority(nint verification, void* argument)
    {
        LibCrypto.X509_STORE_CTX_set_verify_cb(verification, &TolerateAuthority);
        return LibCrypto.X509_verify_cert(verification) == 1 ? 1 : 0;
    }

    [UnmanagedCallersOnly]
    private static int TolerateAuthority(int ok, nint verification)
    {
        if (ok == 1) return 1;
        bool tolerated = LibCrypto.X509_STORE_CTX_get_error(verification)
            is SelfSigned or SelfSignedInChain or NoIssuer or NoLocalIssuer or NoLeafSignature or InvalidAuthority or InvalidPurpose or Untrusted or PathLength;
        if (tolerated) LibCrypto.X509_STORE_CTX_set_error(verification, 0);
        return tolerated ? 1 : 0;
    }
}

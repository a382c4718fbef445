namespace EdgeProxy.Transport.Tls.Native;

/// <summary>One reference to an OpenSSL object that counts its own, given back when nothing managed holds it any more.</summary>
/// <remarks>
/// OpenSSL's objects that use this one hold references of their own, so only the call that hands it over has to keep this alive.
/// </remarks>
internal sealed unsafe class NativeReference(nint pointer, delegate*<nint, void> free)
{
    private readonly delegate*<nint, void> _free = free;

    ~NativeReference()
    {
        if (Pointer != 0) _free(Pointer);
    }

    public nint Pointer { get; } = pointer;

    public static NativeReference OfCertificate(nint certificate) => new(certificate, &LibCrypto.X509_free);

    public static NativeReference OfKey(nint key) => new(key, &LibCrypto.EVP_PKEY_free);

    public static NativeReference OfStore(nint store) => new(store, &LibCrypto.X509_STORE_free);

    public static NativeReference OfContext(nint context) => new(context, &LibSsl.SSL_CTX_free);

    public static NativeReference OfSession(nint session) => new(session, &LibSsl.SSL_SESSION_free);

    /// <summary>A stack of certificates; only the stack is owned, its certificates have references of their own.</summary>
    public static NativeReference OfStack(nint stack) => new(stack, &LibCrypto.OPENSSL_sk_free);
}

using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>The authorities that upstreams' certificates are verified by. Immutable; any thread.</summary>
public sealed class AuthorityStore
{
    private const int LargestFile = 16 * 1024 * 1024;

    private readonly NativeReference _store;

    private AuthorityStore(NativeReference store, int count)
    {
        _store = store;
        Count = count;
    }

    /// <summary>Authorities in it.</summary>
    public int Count { get; }

    internal nint Store => _store.Pointer;

    /// <summary>Reads PEM certificates; null, with a problem, when there is none in the file.</summary>
    public static AuthorityStore? LoadOrNull(string file, List<TlsProblem> problems)
    {
        OpenSsl.EnsureStarted();
        if (TlsFile.ReadOrNull(file, LargestFile, problems) is not { } pem) return null;
        List<NativeReference> certificates = X509.ReadAll(pem, out bool brokeOff);
        if (brokeOff) problems.Add(new TlsProblem(TlsProblemCode.BadTrustEntry, true, $"Entry {certificates.Count + 1} of {file} cannot be read; it and what follows is not used."));
        if (certificates.Count == 0)
        {
            problems.Add(new TlsProblem(TlsProblemCode.NoCertificate, false, $"{file} holds no certificate in PEM."));
            return null;
        }

        nint store = LibCrypto.X509_STORE_new();
        foreach (NativeReference certificate in certificates) LibCrypto.X509_STORE_add_cert(store, certificate.Pointer);
        GC.KeepAlive(certificates);
        return new AuthorityStore(NativeReference.OfStore(store), certificates.Count);
    }
}

using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>The authorities that certificates of clients are judged by (specification security.md 10). Immutable; any thread.</summary>
public sealed class TrustStore
{
    private const int LargestFile = 4 * 1024 * 1024;
    private const int MostAuthorities = 1000;
    private const int LongestHint = 50;
    private const int MostChain = 4;

    private const int ErrorMissingCrl = 3;
    private const int ErrorNotYetValid = 9;
    private const int ErrorExpired = 10;
    private const int ErrorRevoked = 23;

    private readonly NativeReference _store;
    private readonly NativeReference[] _authorities;
    private readonly bool _checksRevocation;

    private TrustStore(string name, NativeReference store, NativeReference[] authorities, bool checksRevocation, byte[] fingerprint)
    {
        Name = name;
        _store = store;
        _authorities = authorities;
        _checksRevocation = checksRevocation;
        Fingerprint = fingerprint;
    }

    /// <summary>What <see cref="TlsFacts.TrustStore"/> calls it.</summary>
    public string Name { get; }

    /// <summary>Digest of all its content: a session judged by other content is not taken up again.</summary>
    internal byte[] Fingerprint { get; }

    internal nint Store => _store.Pointer;

    /// <summary>Reads a bundle and revocation lists from files.</summary>
    /// <param name="name">What facts call it.</param>
    /// <param name="bundleFile">PEM certificates: whole chains up to their roots.</param>
    /// <param name="revocationFiles">PEM revocation lists; empty for no check of revocation.</param>
    /// <param name="problems">What is wrong; warnings leave the rest of the bundle in use (<c>truststoreWarnings</c>).</param>
    public static TrustStore? LoadOrNull(string name, string bundleFile, IReadOnlyList<string> revocationFiles, List<TlsProblem> problems)
    {
        byte[]? bundle = TlsFile.ReadOrNull(bundleFile, LargestFile, problems);
        List<byte[]> lists = [];
        bool whole = true;
        foreach (string file in revocationFiles)
        {
            byte[]? list = TlsFile.ReadOrNull(file, LargestFile, problems);
            if (list is null) whole = false;
            else lists.Add(list);
        }

        return bundle is null || !whole ? null : ReadOrNull(name, bundle, lists, bundleFile, problems);
    }

    /// <summary>One that trusts nobody: certificates are asked for, and all of them are refused.</summary>
    /// <param name="name">What facts call it.</param>
    public static TrustStore OfNobody(string name)
    {
        OpenSsl.EnsureStarted();
        return new TrustStore(name, NativeReference.OfStore(LibCrypto.X509_STORE_new()), [], checksRevocation: false, OpenSsl.Sha256([]));
    }

    /// <summary>As <see cref="LoadOrNull"/>, from text in memory.</summary>
    public static TrustStore? ReadOrNull(string name, ReadOnlySpan<byte> bundlePem, IReadOnlyList<byte[]> revocationLists, string source, List<TlsProblem> problems)
    {
        OpenSsl.EnsureStarted();
        List<NativeReference> certificates = X509.ReadAll(bundlePem, out bool brokeOff);
        if (brokeOff) problems.Add(new TlsProblem(TlsProblemCode.BadTrustEntry, true, $"Entry {certificates.Count + 1} of {source} cannot be read; it and what follows is not used."));
        if (certificates.Count is 0 or > MostAuthorities)
        {
            problems.Add(new TlsProblem(TlsProblemCode.NoCertificate, false, $"{source} holds {certificates.Count} certificates; 1 to {MostAuthorities} are needed."));
            return null;
        }

        nint store = LibCrypto.X509_STORE_new();
        for (int i = 0; i < certificates.Count; i++)
        {
            nint certificate = certificates[i].Pointer;
            LibCrypto.X509_STORE_add_cert(store, certificate);
            if (X509.IsExpired(certificate)) Warn("has ended");
            else if (X509.IsNotYetValid(certificate)) Warn("is not valid yet");
            else if (!X509.HasStrongKey(certificate) || (!X509.IsSelfSigned(certificate) && !X509.HasStrongSignature(certificate))) Warn("has a key or a signature that is too weak");
            else if (LibCrypto.X509_check_ca(certificate) == 0 && !X509.IsSelfSigned(certificate)) Warn("is no authority's");

            void Warn(string what) => problems.Add(new TlsProblem(TlsProblemCode.BadTrustEntry, true, $"Certificate {i + 1} of {source}, {X509.SubjectOf(certificate)}, {what}."));
        }

        foreach (byte[] list in revocationLists)
        {
            if (AddLists(store, list)) continue;
            problems.Add(new TlsProblem(TlsProblemCode.BadRevocationList, false, $"A revocation list of {source} is no CRL in PEM."));
            LibCrypto.X509_STORE_free(store);
            return null;
        }

        List<byte> digests = [.. OpenSsl.Sha256(bundlePem)];
        foreach (byte[] list in revocationLists) digests.AddRange(OpenSsl.Sha256(list));
        LibCrypto.ERR_clear_error();
        return new TrustStore(name, NativeReference.OfStore(store), [.. certificates], revocationLists.Count > 0, OpenSsl.Sha256([.. digests]));
    }

    /// <summary>Tells clients whom certificates may come from, unless that would make a long list.</summary>
    internal void Announce(nint context)
    {
        if (_authorities.Length > LongestHint) return;
        foreach (NativeReference authority in _authorities) LibSsl.SSL_CTX_add_client_CA(context, authority.Pointer);
        GC.KeepAlive(this);
    }

    /// <summary>Judges the chain that a verification has gathered.</summary>
    /// <param name="verification">OpenSSL's <c>X509_STORE_CTX</c>, made with this store.</param>
    internal unsafe ClientCertificateVerdict Judge(nint verification)
    {
        nint parameters = LibCrypto.X509_STORE_CTX_get0_param(verification);
        LibCrypto.X509_VERIFY_PARAM_set_auth_level(parameters, 0); // strength is judged below, so that it has a verdict of its own
        if (_checksRevocation)
        {
            _ = LibCrypto.X509_VERIFY_PARAM_set_flags(parameters, LibCrypto.VerifyCrlCheck | LibCrypto.VerifyCrlCheckAll);
            LibCrypto.X509_STORE_CTX_set_verify_cb(verification, &TolerateMissingList);
        }

        if (LibCrypto.X509_verify_cert(verification) != 1)
        {
            return LibCrypto.X509_STORE_CTX_get_error(verification) switch
            {
                ErrorExpired => ClientCertificateVerdict.Expired,
                ErrorNotYetValid => ClientCertificateVerdict.NotYetValid,
                ErrorRevoked => ClientCertificateVerdict.Revoked,
                _ => ClientCertificateVerdict.Untrusted,
            };
        }

        nint chain = LibCrypto.X509_STORE_CTX_get0_chain(verification);
        int length = LibCrypto.OPENSSL_sk_num(chain);
        if (length > MostChain) return ClientCertificateVerdict.Malformed;
        for (int i = 0; i < length; i++)
        {
            nint certificate = LibCrypto.OPENSSL_sk_value(chain, i);
            if (!X509.HasStrongKey(certificate)) return ClientCertificateVerdict.Weak;

            // A root vouches for itself by being in the bundle, not by its signature.
            bool isRoot = i == length - 1 && i > 0;
            if (!isRoot && !X509.HasStrongSignature(certificate)) return ClientCertificateVerdict.Weak;
        }

        return ClientCertificateVerdict.Trusted;
    }

    // An authority without a list says nothing about its certificates; a list that is out of date is no list to trust.
    [System.Runtime.InteropServices.UnmanagedCallersOnly]
    private static int TolerateMissingList(int ok, nint verification) => ok == 1 || LibCrypto.X509_STORE_CTX_get_error(verification) == ErrorMissingCrl ? 1 : 0;

    private static unsafe bool AddLists(nint store, byte[] pem)
    {
        int added = 0;
        fixed (byte* start = pem)
        {
            nint bio = LibCrypto.BIO_new_mem_buf(start, pem.Length);
            while (true)
            {
                nint list = LibCrypto.PEM_read_bio_X509_CRL(bio, null, &OpenSsl.NoPassphrase, null);
                if (list == 0) break;
                if (LibCrypto.X509_STORE_add_crl(store, list) == 1) added++;
                LibCrypto.X509_CRL_free(list);
            }

            LibCrypto.BIO_free(bio);
        }

        return added > 0;
    }
}

using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>A certificate with its chain and key, checked, ready to be shown to clients. Immutable; any thread.</summary>
public sealed unsafe class ServerCertificate
{
    private const int LargestFile = 1024 * 1024;

    private readonly NativeReference _leaf;
    private readonly NativeReference _key;
    private readonly NativeReference _stack;
    private readonly NativeReference[] _chain;

    private ServerCertificate(NativeReference leaf, NativeReference key, NativeReference[] chain, byte[]? staple)
    {
        _leaf = leaf;
        _key = key;
        _chain = chain;
        _stack = NativeReference.OfStack(LibCrypto.OPENSSL_sk_new_null());
        foreach (NativeReference certificate in chain) LibCrypto.OPENSSL_sk_push(_stack.Pointer, certificate.Pointer);
        Staple = staple;
        Names = X509.NamesOf(leaf.Pointer);
        NotAfter = X509.EndOf(leaf.Pointer);
        Subject = X509.SubjectOf(leaf.Pointer);
        IsRsa = LibCrypto.EVP_PKEY_get_base_id(key.Pointer) is LibCrypto.EvpPkeyRsa or LibCrypto.EvpPkeyRsaPss;
    }

    /// <summary>The names it covers: DNS names in lower case, perhaps with a wildcard as first label, and IP addresses.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The subject like RFC 2253, for logs.</summary>
    public string Subject { get; }

    /// <summary>When it ends.</summary>
    public DateTimeOffset NotAfter { get; }

    /// <summary>Whether the key is RSA; else it is of an elliptic curve. One name may have one of each.</summary>
    public bool IsRsa { get; }

    /// <summary>The SHA-256 digest of the certificate in hex pairs with colons, as browsers show it.</summary>
    public string Fingerprint
    {
        get
        {
            string[] lines = X509.PemOf(_leaf.Pointer).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            byte[] der = Convert.FromBase64String(string.Concat(lines[1..^1]));
            return string.Join(':', Convert.ToHexString(OpenSsl.Sha256(der)).Chunk(2).Select(pair => new string(pair)));
        }
    }

    internal byte[]? Staple { get; }

    internal nint Leaf => _leaf.Pointer;

    /// <summary>Reads and checks a certificate. Fatal problems give no certificate; warnings come beside one. Never throws for a bad file.</summary>
    /// <param name="certificateFile">PEM: the leaf, then the chain towards the root.</param>
    /// <param name="keyFile">PEM: PKCS#8, PKCS#1 or SEC 1, without passphrase; may be the same file.</param>
    /// <param name="ocspFile">A DER OCSP response to staple; null for none.</param>
    /// <param name="domainNames">Names it must cover, <c>*.example.com</c> or whole; empty to ask for none.</param>
    public static ServerCertificate? LoadOrNull(
        string certificateFile, string keyFile, string? ocspFile, IReadOnlyList<string> domainNames, List<TlsProblem> problems)
    {
        byte[]? certificate = TlsFile.ReadOrNull(certificateFile, LargestFile, problems);
        byte[]? key = TlsFile.ReadOrNull(keyFile, LargestFile, problems);
        byte[]? staple = ocspFile is null ? null : TlsFile.ReadOrNull(ocspFile, LargestFile, problems);
        if (certificate is null || key is null || (ocspFile is not null && staple is null)) return null;
        return ReadOrNull(certificate, key, staple, domainNames, certificateFile, problems);
    }

    /// <summary>As <see cref="LoadOrNull"/>, from text in memory.</summary>
    /// <param name="certificatePem">The leaf, then the chain.</param>
    /// <param name="keyPem">The key.</param>
    /// <param name="staple">A DER OCSP response; null for none.</param>
    /// <param name="domainNames">Names it must cover.</param>
    /// <param name="source">What problems call it.</param>
    /// <param name="problems">What is wrong is added here.</param>
    public static ServerCertificate? ReadOrNull(
        ReadOnlySpan<byte> certificatePem, ReadOnlySpan<byte> keyPem, byte[]? staple, IReadOnlyList<string> domainNames, string source, List<TlsProblem> problems)
    {
        OpenSsl.EnsureStarted();
        int before = problems.Count;
        List<NativeReference> certificates = X509.ReadAll(certificatePem, out bool brokeOff);
        if (certificates.Count == 0 || brokeOff)
        {
            problems.Add(new TlsProblem(
                TlsProblemCode.NoCertificate, false, certificates.Count == 0 ? $"{source} holds no certificate in PEM." : $"{source} holds a certificate that cannot be read."));
        }

        NativeReference? key = ReadKeyOrNull(keyPem);
        if (key is null) problems.Add(new TlsProblem(TlsProblemCode.NoKey, false, $"The key of {source} is no private key in PEM without a passphrase."));
        if (key is not null && certificates.Count > 0) Check(certificates, key.Pointer, domainNames, source, problems);
        if (staple is not null && !IsStaple(staple)) problems.Add(new TlsProblem(TlsProblemCode.BadStaple, false, $"The OCSP response of {source} is none, or not a successful one."));
        for (int i = before; i < problems.Count; i++)
        {
            if (!problems[i].IsWarning) return null;
        }

        return new ServerCertificate(certificates[0], key!, [.. certificates.Skip(1)], staple);
    }

    /// <summary>As <see cref="ReadOrNull"/>, whatever is wrong with it short of being unreadable: for tests of those who judge.</summary>
    internal static ServerCertificate ReadUnchecked(ReadOnlySpan<byte> certificatePem, ReadOnlySpan<byte> keyPem)
    {
        OpenSsl.EnsureStarted();
        List<NativeReference> certificates = X509.ReadAll(certificatePem, out _);
        return new ServerCertificate(certificates[0], ReadKeyOrNull(keyPem)!, [.. certificates.Skip(1)], staple: null);
    }

    /// <summary>Whether it is for a host name, itself or by a wildcard of one label.</summary>
    public bool Covers(string name) => Covers(Names, name);

    /// <summary>Puts it on a connection; one of each kind of key may follow the other.</summary>
    internal bool Use(nint ssl)
    {
        bool used = LibSsl.SSL_use_cert_and_key(ssl, _leaf.Pointer, _key.Pointer, _stack.Pointer, overrides: 1) == 1;
        GC.KeepAlive(this);
        GC.KeepAlive(_chain);
        return used;
    }

    /// <summary>Makes it the certificate of a context for connections to upstreams.</summary>
    internal bool UseInContext(nint context)
    {
        bool used = LibSsl.SSL_CTX_use_cert_and_key(context, _leaf.Pointer, _key.Pointer, _stack.Pointer, overrides: 1) == 1;
        GC.KeepAlive(this);
        return used;
    }

    private static bool Covers(IReadOnlyList<string> names, string name)
    {
        foreach (string candidate in names)
        {
            if (candidate == name) return true;
            int dot = name.IndexOf('.');
            if (dot > 0 && candidate.StartsWith("*.", StringComparison.Ordinal) && candidate.AsSpan(1).SequenceEqual(name.AsSpan(dot))) return true;
        }

        return false;
    }

    private static NativeReference? ReadKeyOrNull(ReadOnlySpan<byte> pem)
    {
        fixed (byte* start = pem)
        {
            nint bio = LibCrypto.BIO_new_mem_buf(start, pem.Length);
            nint key = LibCrypto.PEM_read_bio_PrivateKey(bio, null, &OpenSsl.NoPassphrase, null);
            LibCrypto.BIO_free(bio);
            LibCrypto.ERR_clear_error();
            return key == 0 ? null : NativeReference.OfKey(key);
        }
    }

    private static void Check(List<NativeReference> certificates, nint key, IReadOnlyList<string> domainNames, string source, List<TlsProblem> problems)
    {
        nint leaf = certificates[0].Pointer;
        if (LibCrypto.X509_check_private_key(leaf, key) != 1) problems.Add(new TlsProblem(TlsProblemCode.KeyMismatch, false, $"The key is not that of the first certificate in {source}."));
        if (!X509.HasStrongKey(leaf)) problems.Add(new TlsProblem(TlsProblemCode.UnusableKey, false, $"The key of {source} is neither RSA of 2048 bits or more nor an elliptic curve of 256 or more."));

        // One certificate that nobody renewed must not keep all the others, and every change of the node, from being served.
        if (X509.IsExpired(leaf)) problems.Add(new TlsProblem(TlsProblemCode.Expired, true, $"The certificate in {source} ended on {X509.TimeText(LibCrypto.X509_get0_notAfter(leaf))}; its clients refuse it. Renew it."));
        if (X509.IsNotYetValid(leaf)) problems.Add(new TlsProblem(TlsProblemCode.NotYetValid, false, $"The certificate in {source} begins on {X509.TimeText(LibCrypto.X509_get0_notBefore(leaf))}."));
        string[] names = X509.NamesOf(leaf);
        foreach (string name in domainNames)
        {
            if (!Covers(names, name.ToLowerInvariant())) problems.Add(new TlsProblem(TlsProblemCode.NameNotCovered, false, $"The certificate in {source} does not cover {name}; it is for {string.Join(", ", names)}."));
        }

        CheckChain(certificates, source, problems);
        LibCrypto.ERR_clear_error();
    }

    private static void CheckChain(List<NativeReference> certificates, string source, List<TlsProblem> problems)
    {
        for (int i = 1; i < certificates.Count; i++)
        {
            nint issuer = certificates[i].Pointer;
            if (LibCrypto.X509_check_issued(issuer, certificates[i - 1].Pointer) != 0)
            {
                problems.Add(new TlsProblem(TlsProblemCode.BrokenChain, false, $"In {source} certificate {i + 1} has not issued certificate {i}: put the leaf first, then its issuer, and so on."));
                return;
            }

            if (X509.IsExpired(issuer)) problems.Add(new TlsProblem(TlsProblemCode.Expired, true, $"Certificate {i + 1} in {source} ended on {X509.TimeText(LibCrypto.X509_get0_notAfter(issuer))}; clients refuse the chain. Replace it."));
        }

        // A leaf alone may come straight from a root that its clients know, as private authorities do it; public ones never do.
        if (certificates.Count == 1 && !X509.IsSelfSigned(certificates[0].Pointer))
        {
            problems.Add(new TlsProblem(TlsProblemCode.BrokenChain, true, $"{source} holds no certificate of its issuer; clients that do not have it will refuse the certificate."));
        }
    }

    private static bool IsStaple(byte[] response)
    {
        fixed (byte* start = response)
        {
            byte* position = start;
            nint parsed = LibCrypto.d2i_OCSP_RESPONSE(null, &position, response.Length);
            LibCrypto.ERR_clear_error();
            if (parsed == 0) return false;
            bool successful = LibCrypto.OCSP_response_status(parsed) == 0;
            LibCrypto.OCSP_RESPONSE_free(parsed);
            return successful;
        }
    }
}

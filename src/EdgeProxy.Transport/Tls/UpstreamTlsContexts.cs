using System.Collections.Concurrent;
using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>What connections to upstreams are secured with: OpenSSL contexts by settings, made when first needed and shared by all loops.</summary>
/// <remarks>
/// Reading files blocks, so it is done off the loops, by <see cref="TryPrepare"/> when a configuration is loaded; a connector that meets
/// settings nobody prepared does it itself, once. A reload that changes files makes another of these.
/// </remarks>
public sealed unsafe class UpstreamTlsContexts
{
    private readonly string? _defaultCaFile;
    private readonly UpstreamTlsContexts? _before;
    private readonly Lock _gate = new();

    // Of settings that nothing served has any more: plans of requests under way may, and they have the shared object, so that a context lives as long as the last of them.
    private readonly List<(WeakReference<UpstreamTls> Settings, NativeReference Context)> _retired = [];
    private ConcurrentDictionary<UpstreamTls, NativeReference?> _contexts = new();
    private AuthorityStore? _defaultAuthorities;
    private int _adopted;

    /// <param name="defaultCaFile">PEM authorities where settings name none; null for the machine's own (<see cref="SystemTrust"/>).</param>
    public UpstreamTlsContexts(string? defaultCaFile = null)
    {
        OpenSsl.EnsureStarted();
        _defaultCaFile = defaultCaFile;
    }

    private UpstreamTlsContexts(UpstreamTlsContexts before, IReadOnlyDictionary<string, (byte[] Certificate, byte[] Key)>? kept)
        : this(before._defaultCaFile)
    {
        _before = before;
        _defaultAuthorities = before._defaultAuthorities;
        Policy = before.Policy;
        ClientCertificate = before.ClientCertificate;
        Kept = kept ?? before.Kept;
    }

    /// <summary>Certificates and keys in memory, by the name that stands for them in <see cref="UpstreamTls.ClientCertificateFile"/>. Set before they are asked for.</summary>
    public IReadOnlyDictionary<string, (byte[] Certificate, byte[] Key)> Kept { get; set; } = new Dictionary<string, (byte[], byte[])>();

    /// <summary>Settings there are contexts of, failed ones included.</summary>
    public int Count => Volatile.Read(ref _contexts).Count;

    /// <summary>Contexts that are kept for requests under way.</summary>
    public int Retired
    {
        get
        {
            lock (_gate) return _retired.Count;
        }
    }

    /// <summary>How often what <see cref="Next"/> made was put in force.</summary>
    internal int Adopted => Volatile.Read(ref _adopted);

    /// <summary>Versions and suites to offer.</summary>
    internal TlsPolicy Policy { get; init; } = TlsPolicy.Upstream;

    /// <summary>Shown where settings name no certificate; null for none.</summary>
    internal ServerCertificate? ClientCertificate { get; init; }

    /// <summary>What is to follow, made aside: it takes over what is asked for and was read already. Nothing of it shows until <see cref="Adopt"/>.</summary>
    /// <param name="kept">What <see cref="Kept"/> is going to be; null where it stays.</param>
    public UpstreamTlsContexts Next(IReadOnlyDictionary<string, (byte[] Certificate, byte[] Key)>? kept) => new(this, kept);

    /// <summary>Puts in force what <see cref="Next"/> made. What it was not asked for goes, with the last plan that has it.</summary>
    public void Adopt(UpstreamTlsContexts next)
    {
        lock (_gate)
        {
            ConcurrentDictionary<UpstreamTls, NativeReference?> made = next._contexts;
            _retired.RemoveAll(retired => !retired.Settings.TryGetTarget(out UpstreamTls? settings) || made.ContainsKey(settings));
            foreach ((UpstreamTls settings, NativeReference? context) in _contexts)
            {
                if (context is not null && !made.ContainsKey(settings)) _retired.Add((new WeakReference<UpstreamTls>(UpstreamTls.Shared(settings)), context));
            }

            Kept = next.Kept;
            _defaultAuthorities ??= next._defaultAuthorities;
            Volatile.Write(ref _contexts, made);
            Volatile.Write(ref _adopted, _adopted + 1);
        }
    }

    /// <summary>Reads the files that settings name. False with problems when they cannot be used; connections then fail with <see cref="TlsFailure.Settings"/>.</summary>
    /// <param name="settings">The settings.</param>
    /// <param name="problems">Gets what is wrong.</param>
    public bool TryPrepare(UpstreamTls settings, List<TlsProblem> problems)
    {
        lock (_gate) return FindOrMake(settings, problems) is not null;
    }

    /// <summary>Whether something that is served has these settings.</summary>
    internal bool Serves(UpstreamTls settings) => Volatile.Read(ref _contexts).ContainsKey(settings);

    /// <summary>The context of settings; null when their files cannot be used.</summary>
    internal NativeReference? FindOrNull(UpstreamTls settings)
    {
        if (Volatile.Read(ref _contexts).TryGetValue(settings, out NativeReference? context)) return context;
        lock (_gate)
        {
            foreach ((WeakReference<UpstreamTls> retired, NativeReference held) in _retired)
            {
                if (retired.TryGetTarget(out UpstreamTls? known) && known == settings) return held;
            }

            return FindOrMake(settings, []);
        }
    }

    private NativeReference? FindOrMake(UpstreamTls settings, List<TlsProblem> problems)
    {
        if (_contexts.TryGetValue(settings, out NativeReference? known) && known is not null) return known;
        return _contexts[settings] = _before?.ReadOrNull(settings, Kept) ?? NewContextOrNull(settings, Kept, problems);
    }

    // A certificate that was made anew under a name that another had is another.
    private NativeReference? ReadOrNull(UpstreamTls settings, IReadOnlyDictionary<string, (byte[] Certificate, byte[] Key)> kept)
    {
        if (!Volatile.Read(ref _contexts).TryGetValue(settings, out NativeReference? context)) return null;
        if (settings.ClientCertificateFile is not { } name || !kept.TryGetValue(name, out (byte[] Certificate, byte[] Key) now)) return context;
        return Kept.TryGetValue(name, out (byte[] Certificate, byte[] Key) before) && before.Certificate.AsSpan().SequenceEqual(now.Certificate) ? context : null;
    }

    private NativeReference? NewContextOrNull(UpstreamTls settings, IReadOnlyDictionary<string, (byte[] Certificate, byte[] Key)> inMemory, List<TlsProblem> problems)
    {
        AuthorityStore? authorities = null;
        if (!settings.InsecureSkipVerification)
        {
            authorities = settings.CaFile is null ? DefaultAuthoritiesOrNull(problems) : AuthorityStore.LoadOrNull(settings.CaFile, problems);
            if (authorities is null) return null;
        }

        ServerCertificate? certificate = ClientCertificate;
        if (settings.ClientCertificateFile is { } file)
        {
            certificate = inMemory.TryGetValue(file, out (byte[] Certificate, byte[] Key) kept)
                ? ServerCertificate.ReadOrNull(kept.Certificate, kept.Key, null, [], file, problems)
                : ServerCertificate.LoadOrNull(file, settings.ClientKeyFile ?? file, null, [], problems);
            if (certificate is null) return null;
        }

        var context = NativeReference.OfContext(TlsContext.New(LibSsl.TLS_client_method(), Policy));
        nint pointer = context.Pointer;

        // Sessions are kept by the connector, the newest of each upstream, and handed out by it.
        LibSsl.SSL_CTX_ctrl(pointer, LibSsl.CtrlSessionCacheMode, LibSsl.SessionCacheClient | LibSsl.SessionCacheNoInternal, null);
        LibSsl.SSL_CTX_sess_set_new_cb(pointer, &TlsLoop.TakeSession);
        if (authorities is not null)
        {
            LibCrypto.X509_STORE_up_ref(authorities.Store);
            LibSsl.SSL_CTX_set_cert_store(pointer, authorities.Store);
            GC.KeepAlive(authorities);
        }

        LibSsl.SSL_CTX_set_verify(pointer, LibSsl.VerifyPeer, 0);
        if (settings.InsecureSkipVerification) LibSsl.SSL_CTX_set_cert_verify_callback(pointer, &UpstreamVerification.VerifyWithoutAuthority, null);
        if (certificate is not null && !certificate.UseInContext(pointer))
        {
            problems.Add(new TlsProblem(TlsProblemCode.UnusableKey, false, $"OpenSSL does not take the certificate in {settings.ClientCertificateFile}."));
            return null;
        }

        return context;
    }

    private AuthorityStore? DefaultAuthoritiesOrNull(List<TlsProblem> problems)
    {
        if (_defaultAuthorities is not null) return _defaultAuthorities;
        string? file = _defaultCaFile ?? SystemTrust.FindFileOrNull();
        if (file is null)
        {
            problems.Add(new TlsProblem(TlsProblemCode.NoCertificate, false, "This machine has no file of trusted authorities; name one."));
            return null;
        }

        return _defaultAuthorities = AuthorityStore.LoadOrNull(file, problems);
    }
}

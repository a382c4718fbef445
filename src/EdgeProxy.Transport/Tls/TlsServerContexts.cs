using System.Text;
using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>All that a node's TLS listeners serve: names, their certificates, policies and trust stores. Immutable; a reload makes another.</summary>
/// <remarks>
/// OpenSSL's contexts are made for each policy, trust store and loop when the loop first needs one: a context's counters and locks are
/// then never shared. Certificates are put on each connection, so that thousands of names cost no context each.
/// </remarks>
public sealed unsafe class TlsServerContexts
{
    private const int LargestClientChain = 32 * 1024;

    private readonly Dictionary<string, Entry> _exact = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Entry> _wildcards = new(StringComparer.Ordinal);
    private readonly Entry? _fallback;
    private readonly NativeReference?[][] _contexts;
    private readonly int _kinds;

    /// <param name="names">Every name once.</param>
    /// <param name="fallback">Serves clients that ask for another name, or for none; null refuses them with <c>unrecognized_name</c>.</param>
    /// <param name="loops">Loops there are; their ordinals are below it.</param>
    /// <exception cref="ArgumentException">A name stands there twice, or has no certificate.</exception>
    public TlsServerContexts(IReadOnlyList<TlsServerName> names, TlsServerName? fallback, int loops)
    {
        OpenSsl.EnsureStarted();
        List<(TlsPolicy Policy, TrustStore? Store, ClientCertificateDemand Demand)> kinds = [];
        foreach (TlsServerName name in names)
        {
            string key = name.Name.ToLowerInvariant();
            bool isWildcard = key.StartsWith("*.", StringComparison.Ordinal);
            if (!(isWildcard ? _wildcards : _exact).TryAdd(isWildcard ? key[2..] : key, Make(name))) throw new ArgumentException($"{name.Name} is served twice.", nameof(names));
        }

        _fallback = fallback is null ? null : Make(fallback);
        _kinds = kinds.Count;
        _contexts = new NativeReference?[loops][];
        for (int i = 0; i < loops; i++) _contexts[i] = new NativeReference?[_kinds];

        Entry Make(TlsServerName name)
        {
            if (name.Certificates.Count == 0) throw new ArgumentException($"{name.Name} has no certificate.", nameof(names));
            (TlsPolicy Policy, TrustStore? Store, ClientCertificateDemand Demand) kind = (name.Policy, name.TrustStore, name.TrustStore is null ? default : name.Demand);
            int index = kinds.IndexOf(kind);
            if (index < 0)
            {
                index = kinds.Count;
                kinds.Add(kind);
            }

            return new Entry(name with { Name = name.Name.ToLowerInvariant() }, index, SessionContext(name));
        }
    }

    /// <summary>How a name is served, or null: the name itself, else the wildcard one label up, else the default.</summary>
    /// <param name="serverName">In lower case without a dot at its end; null when the client named none.</param>
    public TlsServerName? FindOrNull(string? serverName) => FindEntryOrNull(serverName)?.Name;

    internal Entry? FindEntryOrNull(string? serverName)
    {
        if (serverName is null) return _fallback;
        if (_exact.TryGetValue(serverName, out Entry? entry)) return entry;
        int dot = serverName.IndexOf('.');
        if (dot > 0 && _wildcards.TryGetValue(serverName[(dot + 1)..], out entry)) return entry;
        return _fallback;
    }

    /// <summary>A connection object for one client, with the name's certificates; 0 when OpenSSL has no memory.</summary>
    internal nint NewConnection(Entry entry, int loop)
    {
        NativeReference context = _contexts[loop][entry.Kind] ??= NativeReference.OfContext(NewContext(entry.Name));
        nint ssl = LibSsl.SSL_new(context.Pointer);
        GC.KeepAlive(context);
        if (ssl == 0) return 0;
        bool ready = true;
        foreach (ServerCertificate certificate in entry.Name.Certificates) ready &= certificate.Use(ssl);
        fixed (byte* session = entry.SessionContext)
        {
            ready &= LibSsl.SSL_set_session_id_context(ssl, session, (uint)entry.SessionContext.Length) == 1;
        }

        LibSsl.SSL_set_accept_state(ssl);
        if (ready) return ssl;
        LibSsl.SSL_free(ssl);
        return 0;
    }

    // A session is taken up again only under the policy, the trust store (as it was read) and the name that it was begun under.
    private static byte[] SessionContext(TlsServerName name) => OpenSsl.Sha256(
        [.. Encoding.UTF8.GetBytes($"{name.Policy.Name}\n{name.TrustStore?.Name}\n{name.Name.ToLowerInvariant()}\n"), .. name.TrustStore?.Fingerprint ?? []]);

    private static nint NewContext(TlsServerName name)
    {
        nint context = TlsContext.New(LibSsl.TLS_server_method(), name.Policy);
        LibSsl.SSL_CTX_set_options(context, LibSsl.OptionServerPreference | LibSsl.OptionPrioritizeChaCha);
        LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlSessionCacheMode, LibSsl.SessionCacheOff, null);
        LibSsl.SSL_CTX_set_timeout(context, (nint)TicketKeys.Period.TotalSeconds);
        LibSsl.SSL_CTX_set_num_tickets(context, 1);
        LibSsl.SSL_CTX_set_tlsext_ticket_key_evp_cb(context, &ServerHandshake.SealTicket);
        LibSsl.SSL_CTX_set_alpn_select_cb(context, &ServerHandshake.SelectProtocol, null);
        LibSsl.SSL_CTX_callback_ctrl(context, LibSsl.CtrlStatusCallback, &ServerHandshake.Staple);
        if (name.TrustStore is not { } trustStore) return context;

        LibCrypto.X509_STORE_up_ref(trustStore.Store);
        LibSsl.SSL_CTX_set_cert_store(context, trustStore.Store);
        trustStore.Announce(context);
        LibSsl.SSL_CTX_ctrl(context, LibSsl.CtrlMaxCertList, LargestClientChain, null);
        LibSsl.SSL_CTX_set_verify(context, LibSsl.VerifyPeer | (name.Demand == ClientCertificateDemand.Require ? LibSsl.VerifyFailIfNone : 0), 0);
        LibSsl.SSL_CTX_set_cert_verify_callback(context, &ServerHandshake.Verify, null);
        LibSsl.SSL_CTX_set_session_ticket_cb(context, &ServerHandshake.NoteVerdict, null, null);
        return context;
    }

    /// <summary>A name with the kind of context it needs.</summary>
    internal sealed record Entry(TlsServerName Name, int Kind, byte[] SessionContext);
}

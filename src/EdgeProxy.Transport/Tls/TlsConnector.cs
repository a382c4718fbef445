using System.Net;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>Connects one loop to upstreams by TLS 1.2 or 1.3, verifying who they are. Loop thread only.</summary>
public sealed class TlsConnector
{
    private const int MostSessions = 4096;

    private readonly EventLoop _loop;
    private readonly IConnector _connector;
    private readonly TlsMetrics _metrics;
    private readonly Dictionary<SessionKey, UpstreamSession> _sessions = [];
    private readonly Dictionary<(TlsVersion, bool), Counter> _agreed = [];
    private readonly Counter?[] _failed = new Counter?[Enum.GetValues<TlsFailure>().Length];
    private UpstreamTlsContexts _contexts;
    private UpstreamTlsContexts? _sessionsOf;
    private int _adopted;

    /// <param name="loop">The loop the connections live on.</param>
    /// <param name="connector">Opens the plain connections.</param>
    /// <param name="contexts">Authorities and certificates by settings.</param>
    /// <param name="metrics">What is counted.</param>
    public TlsConnector(EventLoop loop, IConnector connector, UpstreamTlsContexts contexts, TlsMetrics metrics)
    {
        _loop = loop;
        _connector = connector;
        _contexts = contexts;
        _metrics = metrics;
    }

    /// <summary>What connections are secured with; a swap holds for those that begin afterwards. Any thread.</summary>
    public UpstreamTlsContexts Contexts
    {
        get => Volatile.Read(ref _contexts);
        set => Volatile.Write(ref _contexts, value);
    }

    /// <summary>Connects and runs the handshake.</summary>
    /// <param name="endpoint">Where to.</param>
    /// <param name="host">The upstream's name or address: sent as SNI unless it is an address, and verified, unless settings name another.</param>
    /// <param name="settings">How.</param>
    /// <param name="protocols">What to offer by ALPN; None for no offer. What was agreed stands in <see cref="Connection.Tls"/>.</param>
    /// <param name="deadline">For both together, in monotonic nanoseconds.</param>
    public async LoopTask<TlsConnectResult> ConnectAsync(IpEndpoint endpoint, string host, UpstreamTls settings, ApplicationProtocols protocols, long deadline)
    {
        ConnectResult connected = await _connector.ConnectAsync(endpoint, deadline);
        if (connected.Connection is not { } transport) return new TlsConnectResult(connected.Status, TlsFailure.None, null);
        return await SecureAsync(transport, host, settings, protocols, deadline);
    }

    /// <summary>Runs the client's handshake on a plain connection that is open, which is closed when it fails.</summary>
    public async LoopTask<TlsConnectResult> SecureAsync(Connection transport, string host, UpstreamTls settings, ApplicationProtocols protocols, long deadline)
    {
        TlsConnection? connection = BeginOrNull(transport, host, settings, protocols);
        TlsFailure failure = TlsFailure.Settings;
        if (connection is null) transport.Close();
        else failure = await connection.HandshakeAsync(turns: null, deadline);
        Count(failure, connection);
        return failure switch
        {
            TlsFailure.None => new TlsConnectResult(IoStatus.Ok, failure, connection),
            TlsFailure.TimedOut => new TlsConnectResult(IoStatus.TimedOut, failure, null),
            TlsFailure.Aborted => new TlsConnectResult(IoStatus.Aborted, failure, null),
            _ => new TlsConnectResult(IoStatus.Reset, failure, null),
        };
    }

    private TlsConnection? BeginOrNull(Connection transport, string host, UpstreamTls settings, ApplicationProtocols protocols)
    {
        UpstreamTlsContexts contexts = Contexts;
        if (contexts.FindOrNull(settings) is not { } context) return null;
        if (!ReferenceEquals(_sessionsOf, contexts))
        {
            _sessions.Clear(); // they were begun with other authorities and certificates
            _sessionsOf = contexts;
        }
        else if (_adopted != contexts.Adopted)
        {
            // A session must not keep settings that nothing serves any more, and with them their context.
            foreach (SessionKey known in _sessions.Keys)
            {
                if (!contexts.Serves(known.Settings)) _sessions.Remove(known);
            }
        }

        _adopted = contexts.Adopted;

        nint ssl = LibSsl.SSL_new(context.Pointer);
        GC.KeepAlive(context);
        if (ssl == 0) return null;
        string name = (settings.ServerName ?? host).TrimEnd('.'); // neither SNI nor certificates have the root's dot (RFC 6066, 3)
        if (!Prepare(ssl, name, protocols))
        {
            LibSsl.SSL_free(ssl);
            return null;
        }

        var key = new SessionKey(settings, name, protocols, transport.Peer.Port);
        if (!_sessions.TryGetValue(key, out UpstreamSession? session))
        {
            if (_sessions.Count >= MostSessions) _sessions.Clear(); // cheaper than an order of use, and as good when it never happens
            _sessions[key] = session = new UpstreamSession();
        }

        session.OfferOn(ssl);
        return TlsConnection.Connect(transport, ssl, name, session);
    }

    private static unsafe bool Prepare(nint ssl, string name, ApplicationProtocols protocols)
    {
        LibSsl.SSL_set_connect_state(ssl);
        ReadOnlySpan<byte> offer = ApplicationProtocolNames.Offer(protocols);
        if (offer.Length > 0)
        {
            fixed (byte* list = offer)
            {
                if (LibSsl.SSL_set_alpn_protos(ssl, list, (uint)offer.Length) != 0) return false; // 0 is success here
            }
        }

        nint parameters = LibSsl.SSL_get0_param(ssl);
        fixed (byte* text = OpenSsl.Terminated(name))
        {
            if (IPAddress.TryParse(name, out _)) return LibCrypto.X509_VERIFY_PARAM_set1_ip_asc(parameters, text) == 1; // no SNI for addresses (RFC 6066, 3)
            LibCrypto.X509_VERIFY_PARAM_set_hostflags(parameters, LibCrypto.CheckHostNoPartialWildcards);
            return LibCrypto.X509_VERIFY_PARAM_set1_host(parameters, text, 0) == 1
                && LibSsl.SSL_ctrl(ssl, LibSsl.CtrlHostName, LibSsl.HostNameType, text) == 1;
        }
    }

    private void Count(TlsFailure failure, TlsConnection? connection)
    {
        Counter? counter;
        if (failure == TlsFailure.None && connection!.Tls is { } facts)
        {
            if (!_agreed.TryGetValue((facts.Version, facts.Resumed), out counter))
            {
                _agreed[(facts.Version, facts.Resumed)] = counter = _metrics.Upstream(facts.VersionText, facts.Resumed ? "resumed" : "full");
            }
        }
        else
        {
            counter = _failed[(int)failure] ??= _metrics.Upstream("", TlsMetrics.LabelOf(failure));
        }

        counter.Increment(_loop.Ordinal);
    }

    private readonly record struct SessionKey(UpstreamTls Settings, string Name, ApplicationProtocols Protocols, int Port);
}

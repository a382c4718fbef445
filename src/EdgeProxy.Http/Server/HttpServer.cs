using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Http2;
using EdgeProxy.Http.Messages;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Listeners;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Http.Server;

/// <summary>The client connections of one listener on one loop, whatever version of HTTP they speak.</summary>
/// <remarks>Loop thread only, except <see cref="Options"/>, which a reload may swap.</remarks>
public sealed class HttpServer : IConnectionAcceptor
{
    private static readonly string[] s_protocols = ["opening", "http/1.1", "h2"];
    private static readonly string[] s_reasons =
        ["agreed", "client_closed", "client_reset", "idle_timeout", "head_timeout", "violation", "body_unread", "aborted", "drained", "error", "refused", "handshake_failed"];

    private readonly Stack<InboundBuffer> _freeInbound = [];
    private readonly Action<Exception> _onHandlerFailed;
    private readonly Gauge[] _openGauges;
    private readonly Counter _accepted;
    private readonly Counter[] _closed;
    private readonly byte[] _dateField = new byte["Date: "u8.Length + HttpDate.Length + 2];
    private ClientConnection? _first;
    private ServerOptions _options;
    private long _dateUntil;

    /// <param name="loop">The loop the connections live on.</param>
    /// <param name="listener">What handlers are told of the listener.</param>
    /// <param name="handler">Answers the requests.</param>
    /// <param name="options">Limits and time-outs.</param>
    /// <param name="limits">The counts that connections enter and leave.</param>
    /// <param name="metrics">What is counted.</param>
    /// <param name="onHandlerFailed">Told of exceptions out of the handler: bugs, to be logged.</param>
    /// <param name="tls">Takes the loop's TLS handshakes; null for a listener in plain text.</param>
    public HttpServer(
        EventLoop loop,
        ListenerFacts listener,
        IRequestHandler handler,
        ServerOptions options,
        ConnectionLimits limits,
        ServerMetrics metrics,
        Action<Exception> onHandlerFailed,
        TlsAcceptor? tls = null)
    {
        Loop = loop;
        Listener = listener;
        Handler = handler;
        _options = options;
        IsBehindProxy = options.ProxyProtocol;
        Limits = limits;
        Metrics = metrics;
        Tls = tls;
        _onHandlerFailed = onHandlerFailed;
        _openGauges = Array.ConvertAll(s_protocols, protocol => metrics.Connections(listener.Name, protocol));
        _accepted = metrics.Accepted(listener.Name);
        _closed = Array.ConvertAll(s_reasons, reason => metrics.Closed(listener.Name, reason));
        Http1Exchanges = new ExchangePool<Http1Exchange>(() => new Http1Exchange(this));
        Http2Exchanges = new ExchangePool<Http2Exchange>(() => new Http2Exchange(this));
        "Date: "u8.CopyTo(_dateField);
        "\r\n"u8.CopyTo(_dateField.AsSpan(_dateField.Length - 2));
    }

    public EventLoop Loop { get; }

    public ListenerFacts Listener { get; }

    public IRequestHandler Handler { get; }

    public ServerMetrics Metrics { get; }

    /// <summary>The counts that connections enter and leave.</summary>
    public ConnectionLimits Limits { get; }

    public bool IsBehindProxy { get; }

    /// <summary>Takes the TLS handshakes; null for a listener in plain text.</summary>
    public TlsAcceptor? Tls { get; }

    /// <summary>Limits and time-outs; a change holds from the next head on.</summary>
    public ServerOptions Options
    {
        get => Volatile.Read(ref _options);
        set => Volatile.Write(ref _options, value);
    }

    /// <summary>Whether responses announce the end of their connection.</summary>
    public bool IsDraining { get; private set; }

    /// <summary>Connections open on this loop.</summary>
    public int Open { get; private set; }

    internal ExchangePool<Http1Exchange> Http1Exchanges { get; }

    internal ExchangePool<Http2Exchange> Http2Exchanges { get; }

    public void OnAccepted(Connection connection)
    {
        Open++;
        _accepted.Increment(Loop.Ordinal);
        IpAddress? counted = IsBehindProxy ? null : connection.Peer.Address;
        if (IsBehindProxy || Tls is not null)
        {
            var opening = new OpeningConnection(this, connection, counted);
            Link(opening);
            opening.Start();
            return;
        }

        var client = new Http1Connection(this, connection, counted, local: null);
        Link(client);
        client.Start();
    }

    public ReadOnlySpan<byte> RefusalFor(ConnectionRefusal refusal)
    {
        Metrics.Count(Loop.Ordinal, refusal);
        if (Tls is not null) return default; // in TLS there are no words before the handshake
        return "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: 33\r\nRetry-After: 1\r\nConnection: close\r\n\r\n{\"message\":\"Service Unavailable\"}"u8;
    }

    /// <summary>From now on every response closes its connection; idle connections stay until <see cref="CloseIdle"/>.</summary>
    public void BeginDrain() => IsDraining = true;

    /// <summary>Closes the connections that serve nothing.</summary>
    public void CloseIdle() => ForEach(static connection => connection.Drain());

    /// <summary>Cuts the connections that are left.</summary>
    public void CutAll() => ForEach(static connection => connection.Cut());

    /// <summary>Goes on with a connection that is open now.</summary>
    /// <param name="opening">What opened it, and ends here.</param>
    /// <param name="transport">Its bytes: those of the opening one, or what TLS makes of them.</param>
    /// <param name="counted">The address it was counted under.</param>
    /// <param name="local">The address the client connected to, where it is known.</param>
    /// <param name="inbound">What came behind; belongs to the connection from here on.</param>
    internal void OnOpened(OpeningConnection opening, Connection transport, IpAddress counted, LocalAddress? local, InboundBuffer inbound)
    {
        // In plain text the first bytes tell (Http1Connection looks at them); over TLS it was agreed on (RFC 9113, 3.2).
        if (transport.Tls is { Protocol: ApplicationProtocol.Http2 })
        {
            var http2 = new Http2Connection(this, transport, counted, local);
            Replace(opening, http2);
            http2.Start(inbound);
            return;
        }

        var client = new Http1Connection(this, transport, counted, local);
        Replace(opening, client);
        client.Start(inbound);
    }

    /// <summary>Puts the next stage of a connection in the place of the last.</summary>
    internal void Replace(ClientConnection last, ClientConnection next)
    {
        Unlink(last);
        Link(next);
    }

    /// <summary>A buffer for what a connection receives, without content.</summary>
    internal InboundBuffer RentInbound() => _freeInbound.TryPop(out InboundBuffer? inbound) ? inbound : new InboundBuffer(Loop.Buffers);

    /// <summary>Takes a buffer back and forgets its content.</summary>
    internal void ReturnInbound(InboundBuffer inbound)
    {
        inbound.Clear();
        _freeInbound.Push(inbound);
    }

    internal void OnHandlerFailed(Exception exception) => _onHandlerFailed(exception);

    internal void Count(Exchange exchange)
    {
        if (exchange.RequestBytes > 0) Metrics.PayloadIn.Add(Loop.Ordinal, exchange.RequestBytes);
        if (exchange.ResponseBytes > 0) Metrics.PayloadOut.Add(Loop.Ordinal, exchange.ResponseBytes);
    }

    internal void OnClosed(ClientConnection connection, CloseReason reason)
    {
        Open--;
        _closed[(int)reason].Increment(Loop.Ordinal);
        Unlink(connection);
    }

    /// <summary>The Date field line, made once a second.</summary>
    internal ReadOnlySpan<byte> DateField()
    {
        if (Loop.Now < _dateUntil) return _dateField;
        long ticks = DateTime.UtcNow.Ticks - DateTime.UnixEpoch.Ticks;
        HttpDate.Format(ticks / TimeSpan.TicksPerSecond, _dateField.AsSpan("Date: "u8.Length));
        _dateUntil = Loop.Now + ((TimeSpan.TicksPerSecond - (ticks % TimeSpan.TicksPerSecond)) * 100);
        return _dateField;
    }

    private void Link(ClientConnection connection)
    {
        _openGauges[(int)connection.Protocol].Add(Loop.Ordinal, 1);
        connection.Next = _first;
        if (_first is not null) _first.Previous = connection;
        _first = connection;
    }

    private void Unlink(ClientConnection connection)
    {
        _openGauges[(int)connection.Protocol].Add(Loop.Ordinal, -1);
        if (connection.Previous is { } previous) previous.Next = connection.Next;
        else _first = connection.Next;
        if (connection.Next is { } next) next.Previous = connection.Previous;
        connection.Next = connection.Previous = null;
    }

    private void ForEach(Action<ClientConnection> act)
    {
        for (ClientConnection? connection = _first; connection is not null;)
        {
            ClientConnection? next = connection.Next;
            act(connection);
            connection = next;
        }
    }
}

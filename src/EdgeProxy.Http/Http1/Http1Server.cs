using System.Diagnostics;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Listeners;

namespace EdgeProxy.Http.Http1;

/// <summary>The client connections of one listener on one loop.</summary>
/// <remarks>Loop thread only, except <see cref="Options"/>, which a reload may swap.</remarks>
public sealed class Http1Server : IConnectionAcceptor
{
    private static readonly string[] s_reasons =
        ["agreed", "client_closed", "client_reset", "idle_timeout", "head_timeout", "violation", "body_unread", "aborted", "drained", "error", "refused"];

    private readonly Stack<Http1Exchange> _free = [];
    private readonly Action<Exception> _onHandlerFailed;
    private readonly Gauge _openGauge;
    private readonly Counter _accepted;
    private readonly Counter[] _closed;
    private readonly byte[] _dateField = new byte["Date: "u8.Length + HttpDate.Length + 2];
    private Http1Connection? _first;
    private ServerOptions _options;
    private long _dateUntil;

    /// <param name="loop">The loop the connections live on.</param>
    /// <param name="listener">What handlers are told of the listener.</param>
    /// <param name="handler">Answers the requests.</param>
    /// <param name="options">Limits and time-outs.</param>
    /// <param name="limits">The counts that connections enter and leave.</param>
    /// <param name="metrics">What is counted.</param>
    /// <param name="onHandlerFailed">Told of exceptions out of the handler: bugs, to be logged.</param>
    public Http1Server(
        EventLoop loop,
        ListenerFacts listener,
        IRequestHandler handler,
        ServerOptions options,
        ConnectionLimits limits,
        ServerMetrics metrics,
        Action<Exception> onHandlerFailed)
    {
        Loop = loop;
        Listener = listener;
        Handler = handler;
        _options = options;
        IsBehindProxy = options.ProxyProtocol;
        Limits = limits;
        Metrics = metrics;
        _onHandlerFailed = onHandlerFailed;
        _openGauge = metrics.Connections(listener.Name);
        _accepted = metrics.Accepted(listener.Name);
        _closed = Array.ConvertAll(s_reasons, reason => metrics.Closed(listener.Name, reason));
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

    public void OnAccepted(Connection connection)
    {
        var client = new Http1Connection(this, connection);
        Open++;
        _openGauge.Add(Loop.Ordinal, 1);
        _accepted.Increment(Loop.Ordinal);
        client.Next = _first;
        if (_first is not null) _first.Previous = client;
        _first = client;
        client.Start();
    }

    public ReadOnlySpan<byte> RefusalFor(ConnectionRefusal refusal)
    {
        Metrics.Count(Loop.Ordinal, refusal);
        return "HTTP/1.1 503 Service Unavailable\r\nContent-Type: application/json\r\nContent-Length: 33\r\nRetry-After: 1\r\nConnection: close\r\n\r\n{\"message\":\"Service Unavailable\"}"u8;
    }

    /// <summary>From now on every response closes its connection; idle connections stay until <see cref="CloseIdle"/>.</summary>
    public void BeginDrain() => IsDraining = true;

    /// <summary>Closes the connections that serve nothing.</summary>
    public void CloseIdle() => ForEach(static connection => connection.Drain());

    /// <summary>Cuts the connections that are left.</summary>
    public void CutAll() => ForEach(static connection => connection.Cut());

    internal Http1Exchange Rent() => _free.TryPop(out Http1Exchange? exchange) ? exchange : new Http1Exchange(this);

    internal void Return(Http1Exchange exchange) => _free.Push(exchange);

    internal void OnHandlerFailed(Exception exception) => _onHandlerFailed(exception);

    internal void Count(Http1Exchange exchange)
    {
        if (exchange.RequestBytes > 0) Metrics.PayloadIn.Add(Loop.Ordinal, exchange.RequestBytes);
        if (exchange.ResponseBytes > 0) Metrics.PayloadOut.Add(Loop.Ordinal, exchange.ResponseBytes);
    }

    internal void OnClosed(Http1Connection connection, CloseReason reason)
    {
        Open--;
        _openGauge.Add(Loop.Ordinal, -1);
        _closed[(int)reason].Increment(Loop.Ordinal);
        if (connection.Previous is { } previous) previous.Next = connection.Next;
        else _first = connection.Next;
        if (connection.Next is { } next) next.Previous = connection.Previous;
        connection.Next = connection.Previous = null;
    }

    /// <summary>Answers a request that no handler sees, and announces the end of the connection.</summary>
    internal void Refuse(Http1Exchange exchange, Connection transport, int status)
    {
        ReadOnlySpan<byte> reason = StatusText.Of(status);
        Span<byte> answer = stackalloc byte[512];
        var writer = new ByteWriter(answer);
        Http1Writer.WriteStatusLine(ref writer, status);
        writer.Write("Content-Type: application/json\r\n"u8);
        writer.Write(DateField());
        Http1Writer.WriteContentLength(ref writer, reason.Length + 14);
        writer.Write("Connection: close\r\n\r\n{\"message\":\""u8);
        writer.Write(reason);
        writer.Write("\"}"u8);
        exchange.Outbound.Send(transport, writer.Written);
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

    private void ForEach(Action<Http1Connection> act)
    {
        for (Http1Connection? connection = _first; connection is not null;)
        {
            Http1Connection? next = connection.Next;
            act(connection);
            connection = next;
        }
    }
}

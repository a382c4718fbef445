using System.Text;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Http2;
using EdgeProxy.Http.Messages;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Listeners;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Http.Server;

/// <summary>What connections count, before and beside any API (specification observability.md 3.5).</summary>
public sealed class ServerMetrics
{
    private readonly CounterFamily _desync;
    private readonly CounterFamily _limits;
    private readonly GaugeFamily _connections;
    private readonly CounterFamily _accepted;
    private readonly CounterFamily _closed;
    private readonly Counter _handshakeTimeouts;
    private readonly Counter _handshakesTotal;
    private readonly Counter?[] _violations = new Counter?[byte.MaxValue + 1];
    private readonly Counter?[] _ambiguous = new Counter?[byte.MaxValue + 1];
    private readonly Counter?[] _acceptable = new Counter?[byte.MaxValue + 1];

    public ServerMetrics(MetricRegistry registry)
    {
        _desync = registry.Counter("edgeproxy_desync_total", "Requests whose bytes broke a framing rule.", "tier", "reason");
        _limits = registry.Counter("edgeproxy_limit_hits_total", "Requests and connections that met a limit.", "limit");
        _connections = registry.Gauge("edgeproxy_connections", "Open client connections.", "listener", "protocol");
        _accepted = registry.Counter("edgeproxy_connections_accepted_total", "Client connections accepted.", "listener");
        _closed = registry.Counter("edgeproxy_connections_closed_total", "Client connections closed, by reason.", "listener", "reason");
        HeadTimeouts = _limits.With("timeouts.headers");
        BodyRateTimeouts = _limits.With("timeouts.bodyMinRate");
        BodyTimeouts = _limits.With("timeouts.body");
        WriteTimeouts = _limits.With("timeouts.write");
        _handshakeTimeouts = _limits.With("timeouts.handshake");
        _handshakesTotal = _limits.With("tls.maxHandshakes");
        IdleTimeouts = _limits.With("timeouts.idle");
        BodyTooLarge = _limits.With("limits.body");
        RequestsPerConnection = _limits.With("limits.requestsPerConnection");
        ConnectionsTotal = _limits.With("connections.total");
        ConnectionsPerAddress = _limits.With("connections.perIp");
        Http2 = new Http2Metrics(registry, _limits);
        PayloadIn = registry.Counter("edgeproxy_received_body_bytes_total", "Request body bytes received.").With();
        PayloadOut = registry.Counter("edgeproxy_sent_body_bytes_total", "Response body bytes sent.").With();
        foreach (ViolationCode code in Enum.GetValues<ViolationCode>()) _violations[(int)code] = Find(code);
    }

    /// <summary>The family <c>edgeproxy_limit_hits_total</c>, for those above connections who have limits of their own; the label is the setting.</summary>
    public CounterFamily Limits => _limits;

    public Counter HeadTimeouts { get; }

    /// <summary>Bodies that stopped coming.</summary>
    public Counter BodyTimeouts { get; }

    /// <summary>Bodies that came too slowly, without having stopped.</summary>
    public Counter BodyRateTimeouts { get; }

    public Counter WriteTimeouts { get; }

    public Counter IdleTimeouts { get; }

    public Counter BodyTooLarge { get; }

    public Counter RequestsPerConnection { get; }

    public Counter ConnectionsTotal { get; }

    public Counter ConnectionsPerAddress { get; }

    /// <summary>What only HTTP/2 connections count.</summary>
    public Http2Metrics Http2 { get; }

    public Counter PayloadIn { get; }

    public Counter PayloadOut { get; }

    /// <summary>Counts a limit that was met beyond connections, by the setting that says it.</summary>
    public void CountLimit(int stripe, string setting) => _limits.With(setting).Increment(stripe);

    /// <summary>The open connections of one listener that speak one protocol.</summary>
    public Gauge Connections(string listener, string protocol) => _connections.With(listener, protocol);

    /// <summary>The accepted connections of one listener.</summary>
    public Counter Accepted(string listener) => _accepted.With(listener);

    /// <summary>The connections of one listener that ended for one reason.</summary>
    public Counter Closed(string listener, string reason) => _closed.With(listener, reason);

    /// <summary>Counts wrong bytes, as a limit or as a broken rule.</summary>
    public void Count(int stripe, ViolationCode code) => _violations[(int)code]?.Increment(stripe);

    /// <summary>Counts a request that was taken although its bytes leave a doubt: only outside <c>desync.mode: strict</c>.</summary>
    public void CountTolerated(int stripe, DesyncTier tier, ViolationCode reason)
    {
        // Kept from the first on; loops that race for it are given the same series.
        Counter?[] known = tier == DesyncTier.Ambiguous ? _ambiguous : _acceptable;
        Counter counter = known[(int)reason] ??= _desync.With(ReferenceEquals(known, _ambiguous) ? "ambiguous" : "acceptable", Encoding.ASCII.GetString(ViolationAnswers.LabelOf(reason)));
        counter.Increment(stripe);
    }

    /// <summary>Counts a handshake that met a limit; how handshakes end otherwise is counted where they run.</summary>
    public void Count(int stripe, TlsFailure failure)
    {
        if (failure == TlsFailure.TimedOut) _handshakeTimeouts.Increment(stripe);
        else if (failure == TlsFailure.TooMany) _handshakesTotal.Increment(stripe);
    }

    /// <summary>Counts a connection that a limit refused.</summary>
    public void Count(int stripe, ConnectionRefusal refusal) =>
        (refusal == ConnectionRefusal.Total ? ConnectionsTotal : ConnectionsPerAddress).Increment(stripe);

    private Counter? Find(ViolationCode code)
    {
        string? limit = code switch
        {
            ViolationCode.None => "",
            ViolationCode.UriTooLong => "limits.requestLine",
            ViolationCode.HeadTooLarge => "limits.headerBytes",
            ViolationCode.TooManyHeaders => "limits.headerCount",
            ViolationCode.BodyTooLarge => "limits.body",
            ViolationCode.TrailersTooLarge => "limits.trailers",
            ViolationCode.ChunkExtensionTooLong => "limits.chunkExtension",
            _ => null,
        };
        if (limit is { Length: 0 }) return null;
        return limit is null ? _desync.With("refused", Encoding.ASCII.GetString(ViolationAnswers.LabelOf(code))) : _limits.With(limit);
    }
}

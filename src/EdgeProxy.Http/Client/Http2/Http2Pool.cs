using System.Diagnostics;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Http.Client.Http2;

/// <summary>One loop's HTTP/2 connections to one upstream, and the calls that wait for room on one of them.</summary>
/// <remarks>
/// The connection that had room last is filled first, so that what is not needed grows old and closes. Another is opened when all
/// are full and more calls wait than those being opened will take. Loop thread only.
/// </remarks>
internal sealed class Http2Pool : IUpstreamPool
{
    /// <summary>How many streams a new connection is trusted with before its upstream has said how many it takes (RFC 9113, 6.5.2, recommends no fewer).</summary>
    public const int FirstStreams = 100;

    private readonly Http2Client _client;
    private readonly UpstreamDialer _dialer;
    private readonly List<Http2UpstreamConnection> _connections = [];
    private readonly Gauge _openGauge;
    private readonly Gauge _idleGauge;
    private readonly Counter _queued;
    private readonly Counter _queueFull;
    private Http2UpstreamConnection? _withRoom;
    private Http2Call? _firstWaiting;
    private Http2Call? _lastWaiting;
    private int _waiting;
    private int _connecting;
    private int _idle;
    private long _emptySince;

    public Http2Pool(Http2Client client, UpstreamName name)
    {
        _client = client;
        Name = name;
        string label = name.ToString();
        UpstreamMetrics metrics = client.Metrics;
        _dialer = new UpstreamDialer(client.Loop, client.Connector, client.Secure, client.Resolver, metrics, name);
        _openGauge = metrics.Open(label);
        _idleGauge = metrics.Idle(label);
        _queued = metrics.Queued(label);
        _queueFull = metrics.QueueFull(label);
        Reused = metrics.Reused(label);
        Retried = metrics.Retried(label);
        Streams = metrics.Streams(label);
        ResetsReceived = metrics.Resets(label, "upstream");
        ResetsSent = metrics.Resets(label, "gateway");
        GoAwaysReceived = metrics.GoAways(label, "upstream");
        GoAwaysSent = metrics.GoAways(label, "gateway");
        _emptySince = client.Loop.Now;
        ExpectedStreams = FirstStreams;
    }

    public UpstreamName Name { get; }

    public EventLoop Loop => _client.Loop;

    public UpstreamOptions Options => _client.Options;

    /// <summary>Whether connections end with their last call.</summary>
    public bool IsClosing => _client.IsClosing;

    public Counter Reused { get; }

    public Counter Retried { get; }

    public Gauge Streams { get; }

    public Counter ResetsReceived { get; }

    public Counter ResetsSent { get; }

    public Counter GoAwaysReceived { get; }

    public Counter GoAwaysSent { get; }

    /// <summary>How many streams the last connection that said so takes: so many calls one more connection will serve.</summary>
    public int ExpectedStreams { get; set; }

    public int Stripe => _client.Loop.Ordinal;

    public bool IsEmptySince(long moment) => _connections.Count == 0 && _connecting == 0 && _waiting == 0 && _emptySince <= moment;

    /// <summary>A connection with room for one more stream, which is taken; null when there is none.</summary>
    public Http2UpstreamConnection? TakeOrNull()
    {
        // Who waits comes first; a connection with room and calls that wait do not last beyond the call that finds them.
        if (_withRoom is not { } connection) return null;
        Reused.Increment(Stripe);
        connection.TakeRoom();
        return connection;
    }

    /// <summary>Waits for room on a connection: Ok with <see cref="Http2Call.Granted"/>, or why there is none.</summary>
    public async LoopTask<UpstreamOutcome> WaitAsync(Http2Call call)
    {
        if (call.Deadline <= Loop.Now) return UpstreamOutcome.TimedOut;

        // Those whom connections being opened will take are not counted as a queue: an upstream called for the first time has none.
        bool canOpen = _connections.Count + _connecting < Options.MaxConnections;
        if (_waiting - ((long)_connecting * ExpectedStreams) >= Options.Queue && !canOpen)
        {
            _queueFull.Increment(Stripe);
            return UpstreamOutcome.PoolExhausted;
        }

        LoopWait wait = Loop.RentWait();
        call.QueueWait = wait;
        call.WaitingFor = this;
        LoopTask<IoStatus> waiting = wait.Start();
        Append(call);
        OpenMore();
        if (_waiting > (long)_connecting * ExpectedStreams) _queued.Increment(Stripe);
        IoStatus status = await waiting;
        return status switch
        {
            IoStatus.Ok => call.QueueOutcome,
            IoStatus.TimedOut => UpstreamOutcome.TimedOut,
            _ => UpstreamOutcome.Aborted,
        };
    }

    /// <summary>Lets a call wait no longer.</summary>
    public void Leave(Http2Call call, IoStatus status)
    {
        Debug.Assert(call.WaitingFor == this, "a call left a queue in which it did not stand");
        Unlink(call);
        End(call, status);
    }

    /// <summary>Offers a connection that has room: to who waits, else to who comes.</summary>
    public void Offer(Http2UpstreamConnection connection)
    {
        while (_firstWaiting is { } call && connection.HasRoom)
        {
            Unlink(call);
            connection.TakeRoom();
            if (connection.WasUsed) Reused.Increment(Stripe);
            call.Granted = connection;
            call.QueueOutcome = UpstreamOutcome.Ok;
            End(call, IoStatus.Ok);
        }

        if (!connection.HasRoom || connection.IsOffered) return;
        connection.IsOffered = true;
        connection.OfferedBefore = null;
        connection.OfferedAfter = _withRoom;
        if (_withRoom is not null) _withRoom.OfferedBefore = connection;
        _withRoom = connection;
    }

    /// <summary>Takes a connection that has no room any more out of the offer.</summary>
    public void Withdraw(Http2UpstreamConnection connection)
    {
        if (!connection.IsOffered) return;
        connection.IsOffered = false;
        if (connection.OfferedBefore is { } before) before.OfferedAfter = connection.OfferedAfter;
        else _withRoom = connection.OfferedAfter;
        if (connection.OfferedAfter is { } after) after.OfferedBefore = connection.OfferedBefore;
        connection.OfferedBefore = connection.OfferedAfter = null;
    }

    /// <summary>Notes that a connection has no stream any more; false when there are enough such and it should close.</summary>
    public bool TryKeepIdle()
    {
        if (_idle >= Options.MaxIdle || IsClosing) return false;
        CountIdle(1);
        return true;
    }

    public void CountIdle(int change)
    {
        _idle += change;
        _idleGauge.Add(Stripe, change);
    }

    /// <summary>Forgets a connection that has closed; calls that waited for it get another.</summary>
    public void OnClosed(Http2UpstreamConnection connection)
    {
        Withdraw(connection);
        _connections.Remove(connection);
        _openGauge.Add(Stripe, -1);
        if (_connections.Count == 0) _emptySince = Loop.Now;
        if (_waiting > 0) OpenMore();
    }

    /// <summary>Closes connections without streams.</summary>
    public void Close()
    {
        for (int i = _connections.Count - 1; i >= 0; i--) _connections[i].CloseWhenIdle();
    }

    /// <summary>Takes a new connection into the pool.</summary>
    public void Adopt(Connection transport)
    {
        var connection = new Http2UpstreamConnection(this, transport);
        _connections.Add(connection);
        _openGauge.Add(Stripe, 1);
        connection.Start();
        if (!connection.IsClosed && connection.Active == 0) connection.BecomeIdle();
    }

    private void OpenMore()
    {
        while (_waiting > (long)_connecting * ExpectedStreams && _connections.Count + _connecting < Options.MaxConnections)
        {
            _connecting++;
            OpenAsync().Forget();
        }
    }

    private async LoopTask OpenAsync()
    {
        // Nobody in particular waits for this connection; each call leaves the queue at its own deadline.
        UpstreamDialer.Dialed dialed = await _dialer.DialAsync(Options, Loop.Now + (4 * Options.ConnectTimeout), ApplicationProtocols.Http2);
        _connecting--;
        if (dialed.Connection is { } transport)
        {
            // Over TLS HTTP/2 is spoken only where ALPN agreed on it (RFC 9113, 3.2).
            if (!Name.IsTls || transport.Tls is { Protocol: ApplicationProtocol.Http2 })
            {
                Adopt(transport);
                return;
            }

            transport.Close();
            dialed = new UpstreamDialer.Dialed(UpstreamOutcome.TlsFailed, null);
        }

        // With another connection open or under way, those who wait still have something to hope for.
        if (_connecting > 0 || _connections.Count > 0) return;
        _emptySince = Loop.Now;
        FailWaiting(dialed.Outcome);
    }

    private void FailWaiting(UpstreamOutcome outcome)
    {
        while (_firstWaiting is { } call)
        {
            Unlink(call);
            call.QueueOutcome = outcome;
            End(call, IoStatus.Ok);
        }
    }

    private static void End(Http2Call call, IoStatus status)
    {
        LoopWait wait = call.QueueWait!;
        call.QueueWait = null;
        call.WaitingFor = null;
        wait.Complete(status);
    }

    private void Append(Http2Call call)
    {
        call.WaitsBefore = _lastWaiting;
        if (_lastWaiting is null) _firstWaiting = call;
        else _lastWaiting.WaitsAfter = call;
        _lastWaiting = call;
        _waiting++;
    }

    private void Unlink(Http2Call call)
    {
        if (call.WaitsBefore is { } before) before.WaitsAfter = call.WaitsAfter;
        else _firstWaiting = call.WaitsAfter;
        if (call.WaitsAfter is { } after) after.WaitsBefore = call.WaitsBefore;
        else _lastWaiting = call.WaitsBefore;
        call.WaitsBefore = call.WaitsAfter = null;
        _waiting--;
    }
}

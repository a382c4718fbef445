using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Listeners;

namespace EdgeProxy.Http.Http1;

/// <summary>A client's HTTP/1.1 connection: reads heads, has them answered in order, and between requests is only this object.</summary>
/// <remarks>
/// <code>
///   Idle --bytes--> Serving (an exchange is leased) --nothing more to read--> Idle
///                      \--violation, close, time-out--> Lingering --> Closed
/// </code>
/// </remarks>
internal sealed class Http1Connection : IConnectionOwner
{
    private const int RequestsPerTurn = 32;
    private const int LingerBytes = 1024 * 1024;
    private const long LingerNanoseconds = 2_000_000_000;

    private readonly Http1Server _server;
    private Http1Exchange? _exchange;
    private int _requests;
    private ProxiedTo? _proxiedTo; // an object of its own, so that other connections do not carry it
    private bool _proxyHeaderDue;
    private bool _addressCounted;

    internal Http1Connection? Previous;
    internal Http1Connection? Next;

    public Http1Connection(Http1Server server, Connection transport)
    {
        _server = server;
        Transport = transport;
        CountedFor = transport.Peer.Address;
        _proxyHeaderDue = server.IsBehindProxy;
        _addressCounted = !_proxyHeaderDue;
    }

    public Connection Transport { get; }

    /// <summary>The address that counts against <c>connections.perIp</c>: the socket's, or the one PROXY protocol named.</summary>
    public IpAddress CountedFor { get; private set; }

    /// <summary>The address the client connected to, as far as it is known.</summary>
    public IpEndpoint Local => _proxiedTo?.Endpoint ?? new IpEndpoint(IpAddress.None, (ushort)_server.Listener.Port);

    /// <summary>Whether no further request is taken: the node drains, or the connection has served its share.</summary>
    public bool MustClose => _server.IsDraining || (_server.Options.RequestsPerConnection > 0 && _requests >= _server.Options.RequestsPerConnection);

    /// <summary>Whether no request is being served.</summary>
    public bool IsIdle => _exchange is null;

    /// <summary>Begins with the connection. Until its first byte it is an idle one; a head's time counts from there.</summary>
    public void Start()
    {
        Transport.Owner = this;
        Transport.SetIdleDeadline(Transport.Loop.Now + _server.Options.IdleTimeout);
    }

    public void OnReadable()
    {
        if (_exchange is null) ServeAsync().Forget();

        // Otherwise a handler is at work: what came is read when it is done.
    }

    public void OnReset()
    {
        if (_exchange is null) Close(CloseReason.ClientReset);
        else _exchange.Abort(AbortReason.ClientGone);
    }

    public void OnDeadline()
    {
        if (_exchange is not null) return;
        _server.Metrics.IdleTimeouts.Increment(Transport.Loop.Ordinal);
        Close(CloseReason.IdleTimeout);
    }

    /// <summary>Ends an idle connection, or makes the current request its last.</summary>
    public void Drain()
    {
        if (_exchange is null) Close(CloseReason.Drained);
    }

    /// <summary>Cuts whatever goes on: the drain's time is over.</summary>
    public void Cut()
    {
        if (_exchange is null) Close(CloseReason.Drained);
        else _exchange.Abort(AbortReason.Drained);
    }

    private async LoopTask ServeAsync()
    {
        Http1Exchange exchange = _server.Rent();
        _exchange = exchange;
        exchange.Attach(this);
        CloseReason reason = CloseReason.Error;
        bool linger = false;
        bool failed = false;
        try
        {
            int inTurn = 0;
            while (true)
            {
                HeadOutcome head = ReadHead(exchange, out ViolationCode violation);
                if (head == HeadOutcome.Incomplete)
                {
                    if (exchange.Outbound.Pending > 0 && await exchange.Outbound.DrainAsync(Transport, _server.Options.WriteRate) != IoStatus.Ok)
                    {
                        reason = CloseReason.ClientReset;
                        break;
                    }

                    if (exchange.Inbound.Length == 0 && exchange.HeadStarted == 0)
                    {
                        // It has more, but has had its share of this turn.
                        if (Transport.MayReceive)
                        {
                            await Transport.Loop.YieldAsync();
                            continue;
                        }

                        if (_server.IsDraining)
                        {
                            reason = CloseReason.Drained;
                            break;
                        }

                        GoIdle(exchange);
                        return;
                    }

                    IoStatus status = await Transport.ReadableAsync(exchange.HeadStarted + _server.Options.HeadTimeout);
                    if (status == IoStatus.Ok) continue;
                    if (status == IoStatus.TimedOut)
                    {
                        _server.Metrics.HeadTimeouts.Increment(Transport.Loop.Ordinal);
                        _server.Refuse(exchange, Transport, 408);
                        reason = CloseReason.HeadTimeout;
                        linger = true;
                    }

                    break;
                }

                if (head == HeadOutcome.Ended)
                {
                    reason = CloseReason.ClientClosed;
                    break;
                }

                if (head == HeadOutcome.Refused)
                {
                    exchange.Outbound.Send(Transport, _server.RefusalFor(ConnectionRefusal.PerAddress));
                    reason = CloseReason.Refused;
                    linger = true;
                    break;
                }

                if (head == HeadOutcome.Violation)
                {
                    _server.Metrics.Count(Transport.Loop.Ordinal, violation);
                    _server.Refuse(exchange, Transport, ViolationAnswers.StatusOf(violation));
                    reason = CloseReason.Violation;
                    linger = true;
                    break;
                }

                _requests++;
                if (_server.Options.RequestsPerConnection > 0 && _requests == _server.Options.RequestsPerConnection)
                {
                    _server.Metrics.RequestsPerConnection.Increment(Transport.Loop.Ordinal);
                }

                if (exchange.Request.Tier != DesyncTier.Compliant) _server.Metrics.CountTolerated(Transport.Loop.Ordinal, exchange.Request.Tier, exchange.Request.Reason);
                exchange.Begin(Transport.Loop.Now);
                LoopTask handling = _server.Handler.HandleAsync(exchange);
                if (!handling.IsCompleted && exchange.Outbound.Pending > 0) exchange.Outbound.Flush(Transport); // earlier answers must not wait for this one
                await handling;
                _server.Count(exchange);

                if (exchange.Aborted != AbortReason.None || !exchange.ResponseEnded)
                {
                    reason = CloseReason.Aborted;
                    break;
                }

                if (exchange.HasUnreadBody && !exchange.ClosesConnection)
                {
                    exchange.Outbound.Flush(Transport); // the answer must not wait for a body that may never come
                    if (exchange.ContinueUnanswered || !await exchange.DiscardBodyAsync())
                    {
                        reason = CloseReason.BodyUnread;
                        linger = true;
                        break;
                    }
                }

                if (exchange.ClosesConnection)
                {
                    linger = exchange.HasUnreadBody || exchange.Inbound.Length > 0 || Transport.MayReceive;
                    reason = CloseReason.AsAgreed;
                    break;
                }

                if (++inTurn >= RequestsPerTurn && exchange.Inbound.Length > 0)
                {
                    inTurn = 0;
                    exchange.Outbound.Flush(Transport);
                    await Transport.Loop.YieldAsync();
                }
            }

            if (exchange.Outbound.Pending > 0 && exchange.Aborted == AbortReason.None) await exchange.Outbound.DrainAsync(Transport, _server.Options.WriteRate);
            if (linger) await LingerAsync(exchange);
        }
        catch (Exception exception)
        {
            _server.OnHandlerFailed(exception);
            if (!exchange.ResponseStarted && exchange.Aborted == AbortReason.None)
            {
                _server.Refuse(exchange, Transport, 500);
                failed = true;
            }
            else if (exchange.Aborted == AbortReason.None)
            {
                exchange.Abort(AbortReason.HandlerFailed);
            }
        }

        if (failed)
        {
            await exchange.Outbound.DrainAsync(Transport, _server.Options.WriteRate);
            await LingerAsync(exchange);
        }

        bool cut = exchange.Aborted is not (AbortReason.None or AbortReason.ClientGone) && exchange.ResponseStarted;
        _exchange = null;
        exchange.Detach();
        _server.Return(exchange);

        // A response cut short must not look like one that ended: the connection is reset rather than closed.
        if (cut) Transport.Break();
        Close(reason);
    }

    private HeadOutcome ReadHead(Http1Exchange exchange, out ViolationCode violation)
    {
        violation = ViolationCode.None;
        bool fresh = exchange.Inbound.Length > 0;
        while (true)
        {
            if (fresh)
            {
                if (exchange.HeadStarted == 0) exchange.HeadStarted = Transport.Loop.Now;
                if (_proxyHeaderDue)
                {
                    HeadOutcome outcome = ReadProxyHeader(exchange, out violation);
                    if (outcome is HeadOutcome.Violation or HeadOutcome.Refused) return outcome;
                    if (outcome == HeadOutcome.Complete && exchange.Inbound.Length == 0)
                    {
                        exchange.HeadStarted = 0;
                        fresh = false;
                        continue;
                    }
                }

                if (!_proxyHeaderDue)
                {
                    exchange.Request.Clear();
                    ParseResult result = Http1RequestParser.Parse(exchange.Inbound.Unread, _server.Options.Head, _server.Options.Parse, exchange.Request);
                    if (result.Status == ParseStatus.Complete)
                    {
                        exchange.Inbound.Consume(result.Consumed);
                        return HeadOutcome.Complete;
                    }

                    if (result.Status == ParseStatus.Violation)
                    {
                        violation = result.Violation;
                        return HeadOutcome.Violation;
                    }
                }
            }

            IoResult received = exchange.Inbound.Receive(Transport);
            if (received.Status == IoStatus.WouldBlock) return HeadOutcome.Incomplete;
            if (!received.IsOk) return HeadOutcome.Ended;
            fresh = true;
        }
    }

    private HeadOutcome ReadProxyHeader(Http1Exchange exchange, out ViolationCode violation)
    {
        violation = ViolationCode.None;
        ProxyHeader header = ProxyProtocol.Parse(exchange.Inbound.Unread);
        if (header.Status == ProxyHeaderStatus.Incomplete) return HeadOutcome.Incomplete;
        if (header.Status == ProxyHeaderStatus.Violation)
        {
            violation = ViolationCode.BadProxyHeader;
            return HeadOutcome.Violation;
        }

        exchange.Inbound.Consume(header.Consumed);
        _proxyHeaderDue = false;
        if (header.HasAddresses)
        {
            Transport.Peer = header.Source;
            _proxiedTo = new ProxiedTo(header.Destination);
        }

        return TryCountAddress() ? HeadOutcome.Complete : HeadOutcome.Refused;
    }

    // What the balancer says for itself (LOCAL: its own health checks) counts as its own.
    private bool TryCountAddress()
    {
        if (!_server.Limits.TryEnterAddress(Transport.Peer.Address)) return false;
        CountedFor = Transport.Peer.Address;
        _addressCounted = true;
        return true;
    }

    private void GoIdle(Http1Exchange exchange)
    {
        _exchange = null;
        exchange.Detach();
        _server.Return(exchange);
        Transport.SetIdleDeadline(Transport.Loop.Now + _server.Options.IdleTimeout);
    }

    /// <summary>Reads what still comes before closing: closing with unread bytes would reset the connection and may destroy the answer.</summary>
    private async LoopTask LingerAsync(Http1Exchange exchange)
    {
        Transport.ShutdownSend();
        long deadline = Transport.Loop.Now + LingerNanoseconds;
        int discarded = 0;
        exchange.Inbound.Clear();
        while (discarded < LingerBytes)
        {
            IoResult received = exchange.Inbound.Receive(Transport);
            exchange.Inbound.Consume(exchange.Inbound.Length);
            if (received.IsOk)
            {
                discarded += received.Count;
                continue;
            }

            if (received.Status != IoStatus.WouldBlock || await Transport.ReadableAsync(deadline) != IoStatus.Ok) return;
        }
    }

    private void Close(CloseReason reason)
    {
        if (!Transport.IsClosed) Transport.Close();
        if (_addressCounted) _server.Limits.Leave(CountedFor);
        else _server.Limits.Leave();
        _server.OnClosed(this, reason);
    }
}

/// <summary>Where a client connected to, by PROXY protocol.</summary>
internal sealed record ProxiedTo(IpEndpoint Endpoint);

/// <summary>What reading a head came to.</summary>
internal enum HeadOutcome : byte
{
    Complete,
    Incomplete,
    Violation,

    /// <summary>The address that PROXY protocol named has all the connections it may have.</summary>
    Refused,
    Ended,
}

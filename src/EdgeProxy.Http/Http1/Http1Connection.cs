using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Http2;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Http1;

/// <summary>A client's HTTP/1.1 connection: reads heads, has them answered in order, and between requests is only this object.</summary>
/// <remarks>
/// <code>
///   Idle --bytes--> Serving (an exchange is leased) --nothing more to read--> Idle
///                      \--violation, close, time-out--> Lingering --> Closed
/// </code>
/// </remarks>
internal sealed class Http1Connection : ClientConnection
{
    private const int RequestsPerTurn = 32;

    private Http1Exchange? _exchange;
    private int _requests;

    public Http1Connection(HttpServer server, Connection transport, IpAddress? counted, LocalAddress? local)
        : base(server, transport, counted, local)
    {
    }

    public override ClientProtocol Protocol => ClientProtocol.Http1;

    /// <summary>Whether no further request is taken: the node drains, or the connection has served its share.</summary>
    public bool MustClose => Server.IsDraining || (Server.Options.RequestsPerConnection > 0 && _requests >= Server.Options.RequestsPerConnection);

    /// <summary>Begins with the connection. Until its first byte it is an idle one; a head's time counts from there.</summary>
    public void Start()
    {
        Transport.Owner = this;
        Transport.SetIdleDeadline(Transport.Loop.Now + Server.Options.IdleTimeout);
        if (Transport.MayReceive) OnReadable(); // what opening it has read ahead will not be told again
    }

    /// <summary>Begins with bytes that came behind what opened the connection.</summary>
    public void Start(InboundBuffer inbound)
    {
        if (inbound.Length == 0)
        {
            Server.ReturnInbound(inbound);
            Start();
            return;
        }

        Transport.Owner = this;
        Http1Exchange exchange = Server.Http1Exchanges.Rent();
        Server.ReturnInbound(exchange.SwapInbound(inbound));
        ServeAsync(exchange).Forget();
    }

    public override void OnReadable()
    {
        if (_exchange is null) ServeAsync(Server.Http1Exchanges.Rent()).Forget();

        // Otherwise a handler is at work: what came is read when it is done.
    }

    public override void OnReset()
    {
        if (_exchange is null) Close(CloseReason.ClientReset);
        else _exchange.Abort(AbortReason.ClientGone);
    }

    public override void OnDeadline()
    {
        if (_exchange is not null) return;
        Server.Metrics.IdleTimeouts.Increment(Transport.Loop.Ordinal);
        Close(CloseReason.IdleTimeout);
    }

    public override void Drain()
    {
        if (_exchange is null) Close(CloseReason.Drained);
    }

    public override void Cut()
    {
        if (_exchange is null) Close(CloseReason.Drained);
        else _exchange.Abort(AbortReason.Drained);
    }

    private async LoopTask ServeAsync(Http1Exchange exchange)
    {
        _exchange = exchange;
        exchange.Attach(this);
        CloseReason reason = CloseReason.Error;
        bool linger = false;
        bool failed = false;
        int before = _requests;
        try
        {
            int inTurn = 0;
            while (true)
            {
                HeadOutcome head = ReadHead(exchange, out ViolationCode violation);
                if (head == HeadOutcome.Incomplete)
                {
                    if (exchange.Outbound.Pending > 0 && await exchange.Outbound.DrainAsync(Transport, Server.Options.WriteRate) != IoStatus.Ok)
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

                        if (Server.IsDraining)
                        {
                            reason = CloseReason.Drained;
                            break;
                        }

                        // What held nothing of a request, as half a record of TLS, buys no further time.
                        GoIdle(exchange, startsAnew: _requests != before);
                        return;
                    }

                    IoStatus status = await Transport.ReadableAsync(exchange.HeadStarted + Server.Options.HeadTimeout);
                    if (status == IoStatus.Ok) continue;
                    if (status == IoStatus.TimedOut)
                    {
                        Server.Metrics.HeadTimeouts.Increment(Transport.Loop.Ordinal);
                        Refuse(exchange, 408);
                        reason = CloseReason.HeadTimeout;
                        linger = true;
                    }

                    break;
                }

                if (head == HeadOutcome.Http2)
                {
                    GoOnAsHttp2(exchange);
                    return;
                }

                if (head == HeadOutcome.Ended)
                {
                    reason = CloseReason.ClientClosed;
                    break;
                }

                if (head == HeadOutcome.Violation)
                {
                    Server.Metrics.Count(Transport.Loop.Ordinal, violation);
                    Refuse(exchange, ViolationAnswers.StatusOf(violation));
                    reason = CloseReason.Violation;
                    linger = true;
                    break;
                }

                _requests++;
                if (Server.Options.RequestsPerConnection > 0 && _requests == Server.Options.RequestsPerConnection)
                {
                    Server.Metrics.RequestsPerConnection.Increment(Transport.Loop.Ordinal);
                }

                if (exchange.Request.Tier != DesyncTier.Compliant) Server.Metrics.CountTolerated(Transport.Loop.Ordinal, exchange.Request.Tier, exchange.Request.Reason);
                exchange.Begin(Transport.Loop.Now);
                LoopTask handling = Server.Handler.HandleAsync(exchange);
                if (!handling.IsCompleted && exchange.Outbound.Pending > 0 && !exchange.HoldsEarlierAnswers) exchange.Outbound.Flush(Transport); // earlier answers must not wait for this one
                await handling;
                Server.Count(exchange);

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

            if (exchange.Outbound.Pending > 0 && exchange.Aborted == AbortReason.None) await exchange.Outbound.DrainAsync(Transport, Server.Options.WriteRate);
            if (linger) await LingerAsync(exchange.Inbound);
        }
        catch (Exception exception)
        {
            Server.OnHandlerFailed(exception);
            if (!exchange.ResponseStarted && exchange.Aborted == AbortReason.None)
            {
                Refuse(exchange, 500);
                failed = true;
            }
            else if (exchange.Aborted == AbortReason.None)
            {
                exchange.Abort(AbortReason.HandlerFailed);
            }
        }

        if (failed)
        {
            await exchange.Outbound.DrainAsync(Transport, Server.Options.WriteRate);
            await LingerAsync(exchange.Inbound);
        }

        bool cut = exchange.Aborted is not (AbortReason.None or AbortReason.ClientGone) && exchange.ResponseStarted;
        _exchange = null;
        exchange.Detach();
        Server.Http1Exchanges.Return(exchange);

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
                PrefaceMatch preface = _requests == 0 && MayBeHttp2 ? Preface.Match(exchange.Inbound.Unread) : PrefaceMatch.Other;
                if (preface == PrefaceMatch.Whole) return HeadOutcome.Http2;
                exchange.Request.Clear();
                ParseResult result = preface == PrefaceMatch.Partial ? ParseResult.Incomplete : Http1RequestParser.Parse(exchange.Inbound.Unread, Server.Options.Head, Server.Options.Parse, exchange.Request);
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

            IoResult received = exchange.Inbound.Receive(Transport);
            if (received.Status == IoStatus.WouldBlock) return HeadOutcome.Incomplete;
            if (!received.IsOk) return HeadOutcome.Ended;
            fresh = true;
        }
    }

    // The client speaks HTTP/2 by prior knowledge (RFC 9113, 3.3).
    private void GoOnAsHttp2(Http1Exchange exchange)
    {
        InboundBuffer inbound = exchange.SwapInbound(Server.RentInbound());
        _exchange = null;
        exchange.Detach();
        Server.Http1Exchanges.Return(exchange);
        var next = new Http2Connection(this);
        Server.Replace(this, next);
        next.Start(inbound);
    }

    // Where a handshake could have agreed on HTTP/2 and did not, the preface is a wrong request like any other (RFC 9113, 3.3).
    private bool MayBeHttp2 => Server.Options.ServesHttp2 && Transport.Tls is null;

    private void Refuse(Http1Exchange exchange, int status)
    {
        Span<byte> answer = stackalloc byte[Http1Refusal.MaximumLength];
        exchange.Outbound.Send(Transport, Http1Refusal.Write(answer, status, Server.DateField()));
    }

    private void GoIdle(Http1Exchange exchange, bool startsAnew)
    {
        _exchange = null;
        exchange.Detach();
        Server.Http1Exchanges.Return(exchange);
        if (startsAnew) Transport.SetIdleDeadline(Transport.Loop.Now + Server.Options.IdleTimeout);
    }
}

using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Listeners;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Http.Server;

/// <summary>A connection before its first byte of HTTP: a PROXY header or a TLS handshake has to come.</summary>
internal sealed class OpeningConnection : ClientConnection
{
    private readonly InboundBuffer _inbound;
    private long _started;
    private bool _serving;
    private bool _handshaking;

    public OpeningConnection(HttpServer server, Connection transport, IpAddress? counted)
        : base(server, transport, counted, local: null) => _inbound = server.RentInbound();

    public override ClientProtocol Protocol => ClientProtocol.Opening;

    /// <summary>Whether the handshake is what comes first: a client of TLS speaks first, and at once.</summary>
    private bool Greets => Server is { Tls: not null, IsBehindProxy: false };

    /// <summary>Begins with the connection. Until its first byte it is an idle one; the header's time counts from there.</summary>
    public void Start()
    {
        Transport.Owner = this;
        Transport.SetIdleDeadline(Transport.Loop.Now + (Greets ? Server.Tls!.HandshakeTimeout : Server.Options.IdleTimeout));
        if (Transport.MayReceive) OnReadable();
    }

    public override void OnReadable()
    {
        if (!_serving) OpenAsync().Forget();
    }

    public override void OnReset()
    {
        if (_serving) Transport.AbortWaits();
        else End(CloseReason.ClientReset);
    }

    public override void OnDeadline()
    {
        if (_serving) return;
        if (Greets)
        {
            Server.Tls!.CountSilent();
            Server.Metrics.Count(Transport.Loop.Ordinal, TlsFailure.TimedOut);
            End(CloseReason.HandshakeFailed);
            return;
        }

        Server.Metrics.IdleTimeouts.Increment(Transport.Loop.Ordinal);
        End(CloseReason.IdleTimeout);
    }

    public override void Drain()
    {
        if (!_serving) End(CloseReason.Drained);
    }

    public override void Cut()
    {
        if (_handshaking) Transport.Close(); // ends the handshake, which then ends this
        else if (_serving) Transport.AbortWaits();
        else End(CloseReason.Drained);
    }

    private async LoopTask OpenAsync()
    {
        _serving = true;
        _started = Transport.Loop.Now;
        LocalAddress? local = null;
        if (Server.IsBehindProxy)
        {
            ProxyHeader? header = await ReadProxyHeaderAsync();
            if (header is null) return;
            if (header.Value.HasAddresses) local = new LocalAddress(header.Value.Destination);
        }

        if (Server.Tls is null)
        {
            Server.OnOpened(this, Transport, CountedFor, local, _inbound);
            return;
        }

        _handshaking = true;
        TlsAccepted accepted = await Server.Tls.AcceptAsync(Transport, _inbound.Unread, Server.Options.ServesHttp2 ? ApplicationProtocols.Both : ApplicationProtocols.Http11);
        if (accepted.Connection is null)
        {
            Server.Metrics.Count(Transport.Loop.Ordinal, accepted.Failure);
            End(CloseReason.HandshakeFailed);
            return;
        }

        _inbound.Clear();
        Server.OnOpened(this, accepted.Connection, CountedFor, local, _inbound);
    }

    // Null when it ended the connection.
    private async LoopTask<ProxyHeader?> ReadProxyHeaderAsync()
    {
        while (true)
        {
            IoResult received = _inbound.Receive(Transport);
            if (received.Status == IoStatus.WouldBlock)
            {
                IoStatus status = await Transport.ReadableAsync(_started + Server.Options.HeadTimeout);
                if (status == IoStatus.Ok) continue;
                if (status != IoStatus.TimedOut)
                {
                    End(CloseReason.ClientReset);
                    return null;
                }

                Server.Metrics.HeadTimeouts.Increment(Transport.Loop.Ordinal);
                Refuse(408);
                await EndAfterAnswerAsync(CloseReason.HeadTimeout);
                return null;
            }

            if (!received.IsOk)
            {
                End(CloseReason.ClientClosed);
                return null;
            }

            ProxyHeader header = ProxyProtocol.Parse(_inbound.Unread);
            if (header.Status == ProxyHeaderStatus.Incomplete) continue;
            if (header.Status == ProxyHeaderStatus.Violation)
            {
                Server.Metrics.Count(Transport.Loop.Ordinal, ViolationCode.BadProxyHeader);
                Refuse(ViolationAnswers.StatusOf(ViolationCode.BadProxyHeader));
                await EndAfterAnswerAsync(CloseReason.Violation);
                return null;
            }

            _inbound.Consume(header.Consumed);
            if (header.HasAddresses) Transport.Peer = header.Source;

            // What the balancer says for itself (LOCAL: its own health checks) counts as its own.
            if (!Server.Limits.TryEnterAddress(Transport.Peer.Address))
            {
                ReadOnlySpan<byte> words = Server.RefusalFor(ConnectionRefusal.PerAddress);
                if (!words.IsEmpty) Transport.TrySend(words);
                await EndAfterAnswerAsync(CloseReason.Refused);
                return null;
            }

            CountFor(Transport.Peer.Address);
            return header;
        }
    }

    // The words of HTTP mean nothing to a client that expects TLS.
    // The answer fits the empty send buffer of a new connection.
    private void Refuse(int status)
    {
        if (Server.Tls is not null) return;
        Span<byte> answer = stackalloc byte[Http1Refusal.MaximumLength];
        Transport.TrySend(Http1Refusal.Write(answer, status, Server.DateField()));
    }

    private async LoopTask EndAfterAnswerAsync(CloseReason reason)
    {
        await LingerAsync(_inbound);
        End(reason);
    }

    private void End(CloseReason reason)
    {
        Server.ReturnInbound(_inbound);
        Close(reason);
    }
}

using EdgeProxy.Core.Concurrency;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Connections;
using EdgeProxy.Transport.Tls.Native;

namespace EdgeProxy.Transport.Tls;

/// <summary>Takes the handshakes of one loop's clients: reads what they ask for, chooses what they are served, runs the handshake.</summary>
/// <remarks>
/// The ClientHello is read before OpenSSL is given anything: the version, the certificate and the trust store are settled by its
/// server name when the connection object is made, and a client that sends nothing costs none. Loop thread only.
/// </remarks>
public sealed class TlsAcceptor
{
    private static readonly byte[] s_unrecognizedName = [21, 3, 1, 0, 2, 2, 112]; // a fatal alert (RFC 6066, 3)
    private static readonly byte[] s_decodeError = [21, 3, 1, 0, 2, 2, 50];

    private readonly EventLoop _loop;
    private readonly TlsServer _server;
    private readonly HandshakeTurns _turns;
    private readonly byte[] _message = new byte[ClientHello.MaximumLength + InitialRoom];
    private readonly Dictionary<(string Domain, TlsVersion Version, string Cipher, bool Resumed), Counter> _agreed = [];
    private readonly Dictionary<(string Domain, TlsFailure Failure), Counter> _failed = [];

    private const int InitialRoom = 4 * 1024;

    /// <param name="loop">The loop whose connections are accepted.</param>
    /// <param name="server">What is served.</param>
    public TlsAcceptor(EventLoop loop, TlsServer server)
    {
        OpenSsl.EnsureStarted();
        _loop = loop;
        _server = server;
        _turns = new HandshakeTurns(loop);
    }

    /// <summary>Longest handshake, in nanoseconds.</summary>
    public long HandshakeTimeout => _server.Options.HandshakeTimeout;

    /// <summary>Handshakes under way on this loop.</summary>
    public int UnderWay { get; private set; }

    /// <summary>
    /// Runs the server's side of a handshake on an accepted connection, which is the acceptor's until the task ends. After a failure it is
    /// closed; closing it meanwhile ends the task with Aborted.
    /// </summary>
    /// <param name="transport">The plain connection.</param>
    /// <param name="received">What was received on it already, behind a PROXY header; copied.</param>
    /// <param name="protocols">What the listener offers by ALPN.</param>
    public LoopTask<TlsAccepted> AcceptAsync(Connection transport, ReadOnlySpan<byte> received, ApplicationProtocols protocols)
    {
        TlsOptions options = _server.Options;
        if (UnderWay >= options.MaxHandshakes)
        {
            transport.Close();
            return Count("", TlsFailure.TooMany);
        }

        byte[] block = _loop.Buffers.Rent(ClientHello.MaximumLength);
        if (received.Length > block.Length)
        {
            _loop.Buffers.Return(block);
            transport.Close();
            return Count("", TlsFailure.HelloTooLarge);
        }

        received.CopyTo(block);
        return AcceptAsync(transport, block, received.Length, protocols, _loop.Now + options.HandshakeTimeout);
    }

    /// <summary>Counts a client that never sent the first byte of its handshake, and was closed when the time for it was over.</summary>
    public void CountSilent() => Count("", TlsFailure.TimedOut);

    private async LoopTask<TlsAccepted> AcceptAsync(Connection transport, byte[] block, int length, ApplicationProtocols protocols, long deadline)
    {
        UnderWay++;
        _server.Metrics.UnderWay.Add(_loop.Ordinal, 1);
        string domain = "";
        TlsFailure failure = TlsFailure.None;
        TlsConnection? connection = null;
        ClientHello hello = default;
        while (failure == TlsFailure.None)
        {
            hello = ClientHello.Read(block.AsSpan(0, length), _message);
            if (hello.Status != ClientHelloStatus.Incomplete) break;
            IoResult received = transport.TryReceive(block.AsSpan(length));
            if (received.IsOk)
            {
                length += received.Count;
                continue;
            }

            IoStatus status = received.Status == IoStatus.WouldBlock ? await transport.ReadableAsync(deadline) : received.Status;
            failure = status switch
            {
                IoStatus.Ok => TlsFailure.None,
                IoStatus.TimedOut => TlsFailure.TimedOut,
                IoStatus.Closed => TlsFailure.Closed,
                IoStatus.Aborted => TlsFailure.Aborted,
                _ => TlsFailure.Reset,
            };
        }

        if (failure == TlsFailure.None) failure = FailureOf(hello.Status);
        if (failure == TlsFailure.None)
        {
            connection = BeginOrNull(transport, hello.ServerName, block.AsSpan(0, length), protocols, out domain, out failure);
        }
        else if (failure == TlsFailure.Violation)
        {
            transport.TrySend(s_decodeError);
        }

        _loop.Buffers.Return(block);
        if (connection is not null) failure = await connection.HandshakeAsync(_turns, deadline);
        else transport.Close();
        UnderWay--;
        _server.Metrics.UnderWay.Add(_loop.Ordinal, -1);
        return failure == TlsFailure.None ? Count(domain, connection!) : Count(domain, failure);
    }

    private static TlsFailure FailureOf(ClientHelloStatus status) => status switch
    {
        ClientHelloStatus.Complete => TlsFailure.None,
        ClientHelloStatus.NotTls => TlsFailure.NotTls,
        ClientHelloStatus.TooLarge => TlsFailure.HelloTooLarge,
        _ => TlsFailure.Violation,
    };

    private TlsConnection? BeginOrNull(
        Connection transport, string? serverName, ReadOnlySpan<byte> received, ApplicationProtocols protocols, out string domain, out TlsFailure failure)
    {
        domain = "";
        TlsServerContexts contexts = _server.Contexts;
        if (contexts.FindEntryOrNull(serverName) is not { } entry)
        {
            transport.TrySend(s_unrecognizedName);
            failure = TlsFailure.UnknownName;
            return null;
        }

        domain = entry.Name.Name;
        nint ssl = contexts.NewConnection(entry, _loop.Ordinal);
        if (ssl == 0)
        {
            failure = TlsFailure.Aborted;
            return null;
        }

        failure = TlsFailure.None;
        var handshake = new ServerHandshake(entry.Name, serverName, protocols, _server.TicketKeys.Current);
        return TlsConnection.Accept(transport, ssl, handshake, _server.Metrics.Renegotiations, received);
    }

    private TlsAccepted Count(string domain, TlsConnection connection)
    {
        TlsFacts facts = connection.Tls!;
        (string, TlsVersion, string, bool) key = (domain, facts.Version, facts.CipherSuite, facts.Resumed);
        if (!_agreed.TryGetValue(key, out Counter? counter)) _agreed[key] = counter = _server.Metrics.Agreed(domain, facts);
        counter.Increment(_loop.Ordinal);
        return new TlsAccepted(TlsFailure.None, connection);
    }

    private TlsAccepted Count(string domain, TlsFailure failure)
    {
        if (!_failed.TryGetValue((domain, failure), out Counter? counter)) _failed[(domain, failure)] = counter = _server.Metrics.Failed(domain, failure);
        counter.Increment(_loop.Ordinal);
        return new TlsAccepted(failure, null);
    }
}

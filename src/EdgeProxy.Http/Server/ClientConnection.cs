using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Server;

/// <summary>A client's connection at one stage of its life: being opened, or speaking one version of HTTP.</summary>
/// <remarks>
/// <code>
///   accepted --PROXY header or TLS to come--> OpeningConnection --ALPN, first bytes--> Http1Connection --preface--> Http2Connection
///      \-------------------------plain------------------------------------------------>/
/// </code>
/// Each step hands the transport on to the next by <see cref="HttpServer.Replace"/>; the last one closes it. What is counted for the
/// connection (limits, address) goes along.
/// </remarks>
internal abstract class ClientConnection : IConnectionOwner
{
    private const int LingerBytes = 1024 * 1024;
    private const long LingerNanoseconds = 2_000_000_000;

    private readonly LocalAddress? _local; // an object of its own, so that most connections do not carry it

    internal ClientConnection? Previous;
    internal ClientConnection? Next;

    /// <param name="server">The server that accepted it.</param>
    /// <param name="transport">Its bytes.</param>
    /// <param name="counted">The address it was counted under, or null when it was counted without one.</param>
    /// <param name="local">The address the client connected to, where it is known.</param>
    protected ClientConnection(HttpServer server, Connection transport, IpAddress? counted, LocalAddress? local)
    {
        Server = server;
        Transport = transport;
        IsAddressCounted = counted is not null;
        CountedFor = counted ?? IpAddress.None;
        _local = local;
    }

    /// <summary>Takes over from an earlier stage.</summary>
    protected ClientConnection(ClientConnection earlier)
        : this(earlier.Server, earlier.Transport, earlier.IsAddressCounted ? earlier.CountedFor : null, earlier._local)
    {
    }

    public HttpServer Server { get; }

    public Connection Transport { get; }

    /// <summary>The address the client connected to, as far as it is known.</summary>
    public IpEndpoint Local => _local?.Endpoint ?? new IpEndpoint(IpAddress.None, (ushort)Server.Listener.Port);

    /// <summary>What it speaks, for metrics.</summary>
    public abstract ClientProtocol Protocol { get; }

    /// <summary>Whether <see cref="CountedFor"/> counts against <c>connections.perIp</c>.</summary>
    protected bool IsAddressCounted { get; private set; }

    /// <summary>The address that counts: the socket's, or the one PROXY protocol named.</summary>
    protected IpAddress CountedFor { get; private set; }

    public abstract void OnReadable();

    public abstract void OnReset();

    public abstract void OnDeadline();

    /// <summary>Ends an idle connection, or makes what it serves now its last.</summary>
    public abstract void Drain();

    /// <summary>Cuts whatever goes on: the drain's time is over.</summary>
    public abstract void Cut();

    /// <summary>From now on the connection counts for an address, under which it has just been counted.</summary>
    protected void CountFor(IpAddress address)
    {
        IsAddressCounted = true;
        CountedFor = address;
    }

    /// <summary>Closes the transport and is forgotten by the server.</summary>
    protected void Close(CloseReason reason)
    {
        if (!Transport.IsClosed) Transport.Close();
        if (IsAddressCounted) Server.Limits.Leave(CountedFor);
        else Server.Limits.Leave();
        Server.OnClosed(this, reason);
    }

    /// <summary>Reads what still comes before closing: closing with unread bytes would reset the connection and may destroy the answer.</summary>
    protected async LoopTask LingerAsync(InboundBuffer inbound)
    {
        Transport.ShutdownSend();
        long deadline = Transport.Loop.Now + LingerNanoseconds;
        int discarded = 0;
        inbound.Clear();
        while (discarded < LingerBytes)
        {
            IoResult received = inbound.Receive(Transport);
            inbound.Consume(inbound.Length);
            if (received.IsOk)
            {
                discarded += received.Count;
                continue;
            }

            if (received.Status != IoStatus.WouldBlock || await Transport.ReadableAsync(deadline) != IoStatus.Ok) return;
        }
    }
}

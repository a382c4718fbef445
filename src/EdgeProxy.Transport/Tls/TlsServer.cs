namespace EdgeProxy.Transport.Tls;

/// <summary>What all TLS listeners and loops of a node share: what they serve, the keys of tickets, limits and metrics.</summary>
public sealed class TlsServer
{
    private TlsServerContexts _contexts;
    private TlsOptions _options;

    public TlsServer(TlsServerContexts contexts, TlsOptions options, TlsMetrics metrics)
    {
        _contexts = contexts;
        _options = options;
        Metrics = metrics;
    }

    /// <summary>What is served. A swap holds for handshakes that begin afterwards; open connections stay as they are. Any thread.</summary>
    public TlsServerContexts Contexts
    {
        get => Volatile.Read(ref _contexts);
        set => Volatile.Write(ref _contexts, value);
    }

    /// <summary>The limits; a change holds from the next handshake on. Any thread.</summary>
    public TlsOptions Options
    {
        get => Volatile.Read(ref _options);
        set => Volatile.Write(ref _options, value);
    }

    /// <summary>The keys of session tickets. Whoever owns the node rotates them every <see cref="TicketKeys.Period"/>.</summary>
    public TicketKeys TicketKeys { get; } = new();

    public TlsMetrics Metrics { get; }
}

using EdgeProxy.Http.Http1;

namespace EdgeProxy.Http.Client;

/// <summary>Limits and time-outs of upstream connections; each loop has its own pools. Immutable.</summary>
public sealed record UpstreamOptions
{
    /// <summary>Setting <c>upstream.maxConnections</c>: open connections per upstream and loop.</summary>
    public int MaxConnections { get; init; } = 1024;

    /// <summary>Setting <c>upstream.maxIdle</c>: idle connections kept per upstream and loop.</summary>
    public int MaxIdle { get; init; } = 256;

    /// <summary>Setting <c>upstream.queue</c>: calls that may wait for a connection when all are in use.</summary>
    public int Queue { get; init; } = 1024;

    /// <summary>Setting <c>upstream.maxStreams</c>: requests at once on one HTTP/2 connection; the upstream's own limit holds as well.</summary>
    public int MaxStreams { get; init; } = 1000;

    /// <summary>Setting <c>upstream.streamWindow</c>: bytes of a response that an HTTP/2 upstream may send before they are read.</summary>
    public int StreamWindow { get; init; } = 256 * 1024;

    /// <summary>Setting <c>h2.continuationFrames</c>: frames a response head may be continued in.</summary>
    public int ContinuationFrames { get; init; } = 8;

    /// <summary>Setting <c>h2.controlFramesPer10s</c>: frames in ten seconds on one HTTP/2 connection that carry nothing and that nothing called for.</summary>
    public int ControlFramesPer10s { get; init; } = 100;

    /// <summary>Setting <c>upstream.idleTimeout</c> in nanoseconds.</summary>
    public long IdleTimeout { get; init; } = 60_000_000_000;

    /// <summary>Setting <c>timeouts.connect</c> in nanoseconds, for each address.</summary>
    public long ConnectTimeout { get; init; } = 5_000_000_000;

    /// <summary>Setting <c>upstream.dnsTtl</c> in nanoseconds.</summary>
    public long DnsTtl { get; init; } = 30_000_000_000;

    /// <summary>Limits of response heads. Half of the buffer a head is written into, so that what may be read can be passed on with what the gateway adds.</summary>
    public HeadLimits Head { get; init; } = new(headBytes: 32 * 1024, headerCount: 256);

    /// <summary>What a chunked response may bring beside its body: as for clients.</summary>
    public ChunkLimits Chunks { get; init; } = new();
}

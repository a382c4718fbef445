using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Http2;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Server;

/// <summary>Limits and time-outs of client connections (specification security.md 17 and 18). Immutable: a reload swaps the whole.</summary>
public sealed record ServerOptions
{
    /// <summary>Settings <c>limits.requestLine</c>, <c>limits.headerBytes</c>, <c>limits.headerCount</c>.</summary>
    public HeadLimits Head { get; init; } = new(headBytes: 10240);

    /// <summary>Settings <c>desync.mode</c> and <c>headers.rejectUnderscore</c>.</summary>
    public ParseOptions Parse { get; init; }

    /// <summary>Setting <c>limits.body</c> in bytes; -1 for unlimited.</summary>
    public long Body { get; init; } = 10 * 1024 * 1024;

    /// <summary>Settings <c>limits.chunkExtension</c>, <c>limits.trailers</c>, <c>limits.trailerCount</c>.</summary>
    public ChunkLimits Chunks { get; init; } = new();

    /// <summary>Setting <c>limits.requestsPerConnection</c>; 0 for unlimited.</summary>
    public int RequestsPerConnection { get; init; }

    /// <summary>Setting <c>timeouts.headers</c>: from a head's first byte to its last, in nanoseconds.</summary>
    public long HeadTimeout { get; init; } = 10_000_000_000;

    /// <summary>Setting <c>timeouts.idle</c>: without any byte, before the first request or between two, in nanoseconds.</summary>
    public long IdleTimeout { get; init; } = 75_000_000_000;

    /// <summary>Settings <c>timeouts.body</c> and <c>timeouts.bodyMinRate</c>: how slowly a request's body may come.</summary>
    public MinimumRate BodyRate { get; init; } = new(240, 5_000_000_000, 30_000_000_000);

    /// <summary>Settings <c>timeouts.write</c> and <c>timeouts.bodyMinRate</c>: how slowly a response may be taken.</summary>
    public MinimumRate WriteRate { get; init; } = new(240, 5_000_000_000, 60_000_000_000);

    /// <summary>Largest part of an unread request body that is read and thrown away to keep the connection, in bytes.</summary>
    public int DiscardedBody { get; init; } = 64 * 1024;

    /// <summary>Setting <c>listeners[].http2</c>: whether a client that begins with the preface of HTTP/2 is served so.</summary>
    public bool ServesHttp2 { get; init; } = true;

    /// <summary>Settings <c>h2.*</c>; for connections opened from then on.</summary>
    public Http2Options Http2 { get; init; } = new();

    /// <summary>Whether connections start with a PROXY protocol header. A listener's for its life: a change has no effect on it.</summary>
    public bool ProxyProtocol { get; init; }
}

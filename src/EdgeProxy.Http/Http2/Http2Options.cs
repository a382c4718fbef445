namespace EdgeProxy.Http.Http2;

/// <summary>Limits of HTTP/2 connections of clients (specification security.md 17.2). Immutable: a reload swaps the whole, for new connections.</summary>
public sealed record Http2Options
{
    /// <summary>Setting <c>h2.maxConcurrentStreams</c>: requests one connection may have open at once.</summary>
    public int MaxConcurrentStreams { get; init; } = 100;

    /// <summary>Setting <c>h2.streamWindow</c>: bytes of a request body that are held before the handler reads them.</summary>
    public int StreamWindow { get; init; } = 96 * 1024;

    /// <summary>Setting <c>h2.connectionWindow</c>: the same for all streams of a connection together.</summary>
    public int ConnectionWindow { get; init; } = 1024 * 1024;

    /// <summary>Setting <c>h2.maxHeaderList</c>: bytes of a decoded head, 32 more counted for each field.</summary>
    public int MaxHeaderList { get; init; } = 16 * 1024;

    /// <summary>Setting <c>h2.headerBlock</c>: bytes of a head as sent, before it is decoded.</summary>
    public int HeaderBlock { get; init; } = 64 * 1024;

    /// <summary>Setting <c>h2.continuationFrames</c>: frames a head may be continued in.</summary>
    public int ContinuationFrames { get; init; } = 8;

    /// <summary>Setting <c>h2.resetBudget</c>: streams that may be reset in a burst, by the client or for its mistakes.</summary>
    public int ResetBudget { get; init; } = 100;

    /// <summary>Setting <c>h2.resetRefill</c>: resets a second that the budget grows by.</summary>
    public int ResetRefill { get; init; } = 100;

    /// <summary>Setting <c>h2.controlFramesPer10s</c>: frames in ten seconds that carry nothing and that nothing called for.</summary>
    public int ControlFramesPer10s { get; init; } = 100;

    /// <summary>Setting <c>h2.emptyFrames</c>: DATA frames of one stream without data.</summary>
    public int EmptyFrames { get; init; } = 10;

    /// <summary>Setting <c>h2.outputFrames</c>: answers to control frames that wait for a client that does not read.</summary>
    public int OutputFrames { get; init; } = 1000;

    /// <summary>Setting <c>h2.streamStall</c>: how long a response may wait for the client to open its window, in nanoseconds.</summary>
    public long StreamStall { get; init; } = 30_000_000_000;

    /// <summary>Setting <c>h2.connectionAge</c>: when the client is asked to go on by another connection, in nanoseconds.</summary>
    public long ConnectionAge { get; init; } = 3_600_000_000_000;
}

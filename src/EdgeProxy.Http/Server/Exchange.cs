using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Messages;
using EdgeProxy.Transport.Tls;

namespace EdgeProxy.Http.Server;

/// <summary>One request and its response, version-neutral: what a handler sees of a connection.</summary>
/// <remarks>
/// Pooled; belongs to the connection, lent to the handler from <see cref="IRequestHandler.HandleAsync"/> until that ends. A handler
/// fills <see cref="Response"/>, starts it, writes, ends it. A response not ended when the handler returns cuts the connection.
/// </remarks>
public abstract class Exchange : IBodySource
{
    private HeaderTable? _requestTrailers;
    private HeaderTable? _responseTrailers;

    /// <summary>The request's head; stays whole until the handler has ended.</summary>
    public RequestHead Request { get; } = new();

    /// <summary>
    /// The response's status and fields, set by the handler before <see cref="StartResponse"/>. Connection, Content-Length,
    /// Transfer-Encoding and Date are written by the connection and must not be added here.
    /// </summary>
    public ResponseHead Response { get; } = new();

    /// <summary>The request's trailers, whole once a read of the body has said End. None that frames, routes or authenticates, and none named in Connection, is among them.</summary>
    public HeaderTable RequestTrailers => _requestTrailers ??= new HeaderTable();

    /// <summary>The response's trailers, filled by the handler before <see cref="EndAsync(BodyChunk)"/>; left out where <see cref="TakesTrailers"/> is false.</summary>
    public HeaderTable ResponseTrailers => _responseTrailers ??= new HeaderTable();

    /// <summary>Whether trailers of a response reach the client: over HTTP/2, or in HTTP/1.1 chunks when it asked for them with <c>TE: trailers</c> (RFC 9110, 6.5.1).</summary>
    public bool TakesTrailers => Request.Version >= 20 || (Request.Version == 11 && TrailerFields.AreWelcome(Request.Headers));

    HeaderTable? IBodySource.Trailers => _requestTrailers;

    public EventLoop Loop { get; protected set; } = null!;

    /// <summary>The listener the connection came in by.</summary>
    public ListenerFacts Listener { get; protected set; } = null!;

    /// <summary>The client's address: the socket's, or what PROXY protocol said.</summary>
    public IpEndpoint Client { get; protected set; }

    /// <summary>The address the client connected to.</summary>
    public IpEndpoint Local { get; protected set; }

    /// <summary>What the connection's TLS handshake agreed on; null in plain text.</summary>
    public TlsFacts? Tls { get; protected set; }

    /// <summary>When the request's first byte was seen, in monotonic nanoseconds.</summary>
    public long StartedAt { get; protected set; }

    /// <summary>Body bytes received so far.</summary>
    public long RequestBytes { get; protected set; }

    /// <summary>Body bytes sent so far, before transfer coding.</summary>
    public long ResponseBytes { get; protected set; }

    /// <summary>Whether <see cref="StartResponse"/> was called: no other answer can be given any more.</summary>
    public bool ResponseStarted { get; protected set; }

    /// <summary>Whether the response is complete as far as the handler is concerned.</summary>
    public bool ResponseEnded { get; protected set; }

    /// <summary>Why the exchange was cut; None if it was not.</summary>
    public AbortReason Aborted { get; protected set; }

    /// <summary>Closes the connection after this response. Set before <see cref="StartResponse"/> to be announced.</summary>
    public bool CloseAfterwards { get; set; }

    /// <summary>Largest request body in bytes, or -1 for none (setting <c>limits.body</c>); a handler may change it before the first read.</summary>
    public long BodyLimit { get; set; }

    /// <summary>Whether the request's body is a stream of messages, whose pauses are not slowness: no least rate is asked of it. Set before the first read.</summary>
    public bool BodyMayPause { get; set; }

    /// <summary>
    /// Whether answers to earlier requests of the connection may wait until this one's can leave with them: the client sent this request
    /// before it had them. Set before the handler first waits; without it they leave then.
    /// </summary>
    public bool HoldsEarlierAnswers { get; set; }

    /// <summary>Which rule the body's bytes broke, after <see cref="BodyStatus.Violation"/>.</summary>
    public ViolationCode BodyViolation { get; protected set; }

    /// <summary>Room for the handler's own pooled context, kept with the exchange from request to request.</summary>
    public object? HandlerState { get; set; }

    /// <summary>What the handler waits for now; given up when the client's connection breaks. The handler sets and clears it.</summary>
    public IAbortable? Pending { get; set; }

    /// <summary>Whether the request has a body that was not read to its end.</summary>
    public abstract bool HasUnreadBody { get; }

    /// <summary>The next run of the request's body; sends 100 (Continue) first if the client waits for it.</summary>
    public abstract LoopTask<BodyRead> ReadBodyAsync();

    /// <summary>Ends an open <see cref="ReadBodyAsync"/> with Aborted: nobody wants the rest any more.</summary>
    public abstract void CancelRead();

    /// <summary>
    /// Fixes the response's framing: <see cref="BodyFraming.None"/> (204, 304), <see cref="BodyFraming.Length"/> with its length, or
    /// <see cref="BodyFraming.Chunked"/>. For HEAD the fields say what GET would have said, and no body byte is ever sent.
    /// Nothing leaves before the first write or the end.
    /// </summary>
    public abstract void StartResponse(BodyFraming framing, long contentLength);

    /// <summary>
    /// Sends body bytes, with the head before the first ones. The bytes are sent or copied before this returns a task that waits, so
    /// borrowed memory will do. The result is Ok once there is room for more.
    /// </summary>
    public abstract LoopTask<IoStatus> WriteAsync(BodyChunk chunk);

    /// <summary>Ends the response; what has not left yet leaves now. A last chunk goes in the same send.</summary>
    public abstract LoopTask<IoStatus> EndAsync(BodyChunk last);

    /// <summary>Ends the response with no more bytes.</summary>
    public LoopTask<IoStatus> EndAsync() => EndAsync(BodyChunk.Empty);

    /// <summary>Whether the handler has set trailers of the response.</summary>
    protected bool HasResponseTrailers => _responseTrailers is { Count: > 0 };

    /// <summary>Forgets the trailers of the exchange before.</summary>
    protected void ClearTrailers()
    {
        _requestTrailers?.Clear();
        _responseTrailers?.Clear();
    }

    /// <summary>Cuts the connection, the only way left when a started response cannot be completed, and ends the one pending leaf wait.</summary>
    public abstract void Abort(AbortReason reason);
}

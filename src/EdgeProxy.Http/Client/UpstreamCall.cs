using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Http.Client;

/// <summary>One request to an upstream and its response. Pooled per loop: rent it from <see cref="UpstreamClient"/>, return it when done.</summary>
/// <remarks>
/// Fill the request, <see cref="SendAsync"/>, look at <see cref="Response"/>, read the body to its end, return the call. A call
/// returned early closes its connection instead of reusing it.
/// </remarks>
public abstract class UpstreamCall : IBodySource, IAbortable
{
    private HeaderTable? _trailers;

    /// <summary>The method, for the rules that depend on it (HEAD has no body, which methods may be sent twice).</summary>
    public HttpMethod Method { get; set; }

    /// <summary>Where the method's text starts in <see cref="Headers"/>' block, and how long it is.</summary>
    public int MethodStart, MethodLength;

    /// <summary>Where path and query start in <see cref="Headers"/>' block, and how long they are.</summary>
    public int TargetStart, TargetLength;

    /// <summary>The fields to send, Host among them. Connection, Content-Length and Transfer-Encoding are written by the call.</summary>
    public HeaderTable Headers { get; } = new();

    /// <summary>How the request's body is framed: None, Length or Chunked.</summary>
    public BodyFraming Framing { get; set; }

    /// <summary>The body's length when <see cref="Framing"/> is Length.</summary>
    public long ContentLength { get; set; }

    /// <summary>Where the body is pulled from; null when there is none.</summary>
    public IBodySource? Body { get; set; }

    /// <summary>Whether bytes that it reads from <see cref="Body"/> are sent or copied before it waits, so that their memory may serve others once <see cref="SendAsync"/> has returned and <see cref="IsBodyTouched"/> says that they were read.</summary>
    public virtual bool CopiesBody => false;

    /// <summary>When the whole call must be over, in monotonic nanoseconds; <see cref="long.MaxValue"/> for never.</summary>
    public long Deadline { get; set; }

    /// <summary>Whether <see cref="Deadline"/> is the client's own, that of a gRPC call: then no time that the client takes moves it.</summary>
    public bool IsDeadlineFixed { get; set; }

    /// <summary>
    /// How long the response may be without a byte either way once its head is there, in nanoseconds; 0 for as long as
    /// <see cref="Deadline"/> allows.
    /// </summary>
    public long IdleTimeout { get; set; }

    /// <summary>Largest response body in bytes, or -1 for none (setting <c>limits.responseBody</c>).</summary>
    public long ResponseBodyLimit { get; set; } = -1;

    /// <summary>When trailers pass, those of the request's body out and the response's back.</summary>
    public TrailerRule Trailers { get; set; }

    /// <summary>Whether to tell the upstream that trailers are welcome, where they may pass: the client takes them.</summary>
    public bool WantsTrailers { get; set; }

    /// <summary>Whether the connection must not carry another call: the request left a doubt about where it ends (specification security.md 16, Ambiguous).</summary>
    public bool EndsConnection { get; set; }

    /// <summary>The response's head once <see cref="SendAsync"/> has answered Ok.</summary>
    public ResponseHead Response { get; } = new();

    /// <summary>Whether trailers pass by this call, with the protocol its connection speaks.</summary>
    public abstract bool PassesTrailers { get; }

    /// <summary>The response's trailers, whole once a read of the body has said End; filtered as <see cref="Exchange.RequestTrailers"/> are.</summary>
    public HeaderTable ResponseTrailers => _trailers ??= new HeaderTable();

    HeaderTable? IBodySource.Trailers => _trailers;

    /// <summary>Whether anything of the request's body was asked for, so that a body that streams cannot be sent again.</summary>
    public bool IsBodyTouched { get; protected set; }

    /// <summary>How reading the request's body ended, after <see cref="UpstreamOutcome.RequestBodyFailed"/>.</summary>
    public BodyStatus RequestBodyStatus { get; protected set; }

    /// <summary>Which rule the upstream's bytes broke, after Malformed.</summary>
    public ViolationCode Violation { get; protected set; }

    /// <summary>When the response's head was complete, or 0.</summary>
    public long RespondedAt { get; protected set; }

    /// <summary>Body bytes received from the upstream so far, transfer coding removed.</summary>
    public long ResponseBytes { get; protected set; }

    /// <summary>Takes the request over from another call, before this one is sent: for a further attempt, or one by another protocol.</summary>
    /// <param name="other">Not given back yet. The body stays where it is: the caller knows whether it can be read again.</param>
    public void TakeRequest(UpstreamCall other)
    {
        Method = other.Method;
        MethodStart = other.MethodStart;
        MethodLength = other.MethodLength;
        TargetStart = other.TargetStart;
        TargetLength = other.TargetLength;
        Headers.CopyFrom(other.Headers);
        Framing = other.Framing;
        ContentLength = other.ContentLength;
        Body = other.Body;
        Deadline = other.Deadline;
        IsDeadlineFixed = other.IsDeadlineFixed;
        IdleTimeout = other.IdleTimeout;
        ResponseBodyLimit = other.ResponseBodyLimit;
        Trailers = other.Trailers;
        WantsTrailers = other.WantsTrailers;
        EndsConnection = other.EndsConnection;
    }

    /// <summary>Sends the request and waits for the response's head. 1xx responses are passed over.</summary>
    public abstract LoopTask<UpstreamOutcome> SendAsync(UpstreamName upstream);

    /// <summary>The next run of the response's body, transfer coding removed. Its chunk has headroom when it is in scratch memory.</summary>
    public abstract LoopTask<BodyRead> ReadBodyAsync();

    /// <summary>Ends an open <see cref="ReadBodyAsync"/> with Aborted.</summary>
    public abstract void CancelRead();

    /// <summary>Ends the one pending wait of this call with Aborted: the client is gone, or the node stops.</summary>
    public abstract void Abort();

    /// <summary>Moves the deadline, unless it is fixed, by time that somebody else took, such as a client slow to take the response: the upstream is not to blame for it.</summary>
    /// <param name="nanoseconds">How long.</param>
    public void Postpone(long nanoseconds)
    {
        if (!IsDeadlineFixed && Deadline != long.MaxValue) Deadline += nanoseconds;
    }

    /// <summary>Forgets the request and the response before.</summary>
    protected void Clear()
    {
        Headers.Clear();
        Response.Clear();
        _trailers?.Clear();
        Method = HttpMethod.Other;
        MethodStart = MethodLength = TargetStart = TargetLength = 0;
        Framing = BodyFraming.None;
        ContentLength = -1;
        Body = null;
        Deadline = long.MaxValue;
        IsDeadlineFixed = false;
        IdleTimeout = 0;
        ResponseBodyLimit = -1;
        EndsConnection = false;
        Trailers = TrailerRule.WithHttp2;
        WantsTrailers = false;
        IsBodyTouched = false;
        RequestBodyStatus = BodyStatus.Data;
        Violation = ViolationCode.None;
        RespondedAt = 0;
        ResponseBytes = 0;
    }

    /// <summary>Whether the request's body has trailers that this call sends.</summary>
    protected internal bool HasTrailersToSend => PassesTrailers && Body?.Trailers is { Count: > 0 };

    /// <summary>Gives the call back. Its connection goes to the pool if the response was read to its end, and is closed otherwise.</summary>
    public abstract void Return();
}

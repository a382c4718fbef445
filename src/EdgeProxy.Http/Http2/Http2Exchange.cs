using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http2.FlowControl;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Http2.Streams;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Http2;

/// <summary>One HTTP/2 stream of a client: a request and its response. Leased to its connection until the handler has ended and both directions are closed.</summary>
/// <remarks>
/// The connection feeds it what comes and takes from it what goes; here are the handler's two waits (a read, a write), the body bytes
/// nobody has read, and those nobody could send. A stream that waits for its backend holds none of these.
/// </remarks>
internal sealed class Http2Exchange : Exchange
{
    private readonly HttpServer _server;
    private Http2Connection _connection = null!;
    private StreamTimer? _timer;

    private ReceivedBody _received;
    private LoopWait? _readWait;
    private long _readDeadline = long.MaxValue;
    private long _bodyWaited;
    private long _bodyReceived;
    private uint _readEpoch;
    private bool _bodyDone;
    private bool _continueOwed;

    private HeldBytes _held;
    private LoopWait? _writeWait;
    private long _writeDeadline = long.MaxValue;
    private long _writeBegan;
    private long _writeWaited;
    private long _moved;
    private long _tinyDue;
    private long _responseRemaining;

    public Http2Exchange(HttpServer server)
    {
        _server = server;
        Loop = server.Loop;
        Listener = server.Listener;
    }

    /// <summary>The stream's number.</summary>
    public int Id { get; private set; }

    public StreamId Stream => new((uint)Id);

    public StreamState State { get; set; }

    /// <summary>What the client lets this stream send.</summary>
    public SendWindow SendWindow;

    /// <summary>What the client may send on this stream.</summary>
    public ReceiveWindow ReceiveWindow;

    public StreamPriority Priority { get; private set; }

    /// <summary>Whether other streams of its urgency may send between its frames.</summary>
    public bool SharesConnection { get; private set; }

    /// <summary>Its place in the <see cref="WriteOrder"/>; -1 when it waits for nobody but the client.</summary>
    public int Queue { get; set; } = -1;

    public Http2Exchange? Before { get; set; }

    public Http2Exchange? After { get; set; }

    /// <summary>The next of the streams that were answered before their request was whole.</summary>
    public Http2Exchange? NextUnfinished { get; set; }

    public bool IsUnfinished { get; set; }

    /// <summary>Whether the handler has ended.</summary>
    public bool IsHandled { get; set; }

    /// <summary>Whether the response's head is in the output.</summary>
    public bool HeadSent { get; set; }

    /// <summary>Whether the response is complete but for <see cref="Held"/>.</summary>
    public bool EndHeld { get; private set; }

    /// <summary>Whether the response has no body, whatever its fields say.</summary>
    public bool IsBodyless { get; private set; }

    /// <summary>DATA frames without data so far.</summary>
    public int EmptyFrames { get; set; }

    /// <summary>Whether something waits to be sent.</summary>
    public bool IsHeld { get; private set; }

    /// <summary>Body bytes that could not be sent yet.</summary>
    public ReadOnlySpan<byte> Held => _held.Bytes;

    /// <summary>Whether trailers end the response.</summary>
    public bool SendsTrailers => HasResponseTrailers && !IsBodyless;

    /// <summary>Whether a piece of any size may be sent now, because the client has had its time to open the window further.</summary>
    public bool MaySendTiny => _tinyDue != 0 && Loop.Now >= _tinyDue;

    public override bool HasUnreadBody => !_bodyDone;

    private bool EndReceived => State is StreamState.HalfClosedRemote or StreamState.Closed;

    /// <summary>Binds the exchange to a stream whose head is about to be decoded.</summary>
    public void Attach(Http2Connection connection, int id, long startedAt)
    {
        _connection = connection;
        Id = id;
        State = StreamState.Idle;
        Client = connection.Transport.Peer;
        Local = connection.Local;
        Tls = connection.Transport.Tls;
        StartedAt = startedAt;
        Request.Clear();
        Response.Clear();
        ClearTrailers();
        RequestBytes = ResponseBytes = 0;
        ResponseStarted = ResponseEnded = false;
        CloseAfterwards = false;
        Aborted = AbortReason.None;
        BodyMayPause = false;
        BodyViolation = ViolationCode.None;
        BodyLimit = _server.Options.Body;
        Priority = StreamPriority.Default;
        SharesConnection = true;
        NextUnfinished = null;
        IsHandled = HeadSent = EndHeld = IsBodyless = IsHeld = IsUnfinished = false;
        EmptyFrames = 0;
        _bodyWaited = _bodyReceived = _writeWaited = _moved = _tinyDue = 0;
        _bodyDone = false;
        _continueOwed = false;
        _readEpoch++;
    }

    /// <summary>Starts the request, whose head has been judged.</summary>
    public void Begin()
    {
        _bodyDone = EndReceived;
        _continueOwed = Request.ExpectsContinue && !_bodyDone;
    }

    /// <summary>Gives leased memory back, before the exchange is pooled.</summary>
    public void Detach()
    {
        CancelRead();
        _received.Clear(Loop.Buffers);
        DropHeld();
        if (_timer is not null) Loop.Timers.Detach(_timer);
        _connection = null!;
        Pending = null;
    }

    public void SetPriority(StreamPriority priority)
    {
        Priority = priority;
        SharesConnection = priority.Incremental;
    }

    public override LoopTask<BodyRead> ReadBodyAsync()
    {
        if (Aborted != AbortReason.None) return BodyRead.Of(BodyStatus.Aborted);
        if (BodyLimit >= 0 && Request.ContentLength > BodyLimit) return TooLarge();
        if (_continueOwed)
        {
            _continueOwed = false;

            // A client that sends its body anyway needs no permission (RFC 9110, 10.1.1).
            if (_received.Length == 0 && !EndReceived && !ResponseStarted) _connection.Sender.SendContinue(this);
        }

        return TryTakeBody(out BodyRead read) ? read : ReadBodySlowAsync();
    }

    public override void StartResponse(BodyFraming framing, long contentLength)
    {
        if (ResponseStarted) throw new InvalidOperationException("The response was started twice.");
        ResponseStarted = true;
        Response.Framing = framing;
        Response.ContentLength = framing == BodyFraming.Length ? contentLength : -1;
        IsBodyless = Request.Method == HttpMethod.Head || Response.Status is 204 or 304 or < 200;
        _responseRemaining = framing == BodyFraming.Length ? contentLength : long.MaxValue;
    }

    public override LoopTask<IoStatus> WriteAsync(BodyChunk chunk)
    {
        if (Aborted != AbortReason.None) return IoStatus.Aborted;
        if (chunk.Length == 0 && HeadSent) return IoStatus.Ok;
        return Send(chunk, end: false);
    }

    public override LoopTask<IoStatus> EndAsync(BodyChunk last)
    {
        if (Aborted != AbortReason.None) return IoStatus.Aborted;
        return Send(last, end: true);
    }

    public override void CancelRead()
    {
        // A wait that has ended already may not have been resumed yet: it must not go on reading when it is.
        _readEpoch++;
        EndRead(IoStatus.Aborted);
    }

    public override void Abort(AbortReason reason)
    {
        if (Aborted != AbortReason.None) return;
        Aborted = reason;
        _connection.Streams.OnAborted(this, reason);
        Pending?.Abort();
        EndRead(IoStatus.Aborted);
        DropHeld();
        EndWrite(IoStatus.Aborted);
    }

    /// <summary>Takes received body bytes in; a handler that waits for them goes on with them when its turn comes.</summary>
    public void OnBody(ReadOnlySpan<byte> bytes)
    {
        _bodyReceived += bytes.Length;
        _received.Add(Loop.Buffers, bytes);
        EndRead(IoStatus.Ok);
    }

    /// <summary>Whether more bytes came than the head promised, or, at the end, fewer (RFC 9113, 8.1.1).</summary>
    public bool IsWrongLength(int more, bool ends)
    {
        if (Request.Framing != BodyFraming.Length) return false;
        long total = _bodyReceived + more;
        return ends ? total != Request.ContentLength : total > Request.ContentLength;
    }

    /// <summary>Notes that the client's direction has ended.</summary>
    public void OnBodyEnd() => EndRead(IoStatus.Ok);

    /// <summary>Notes a body whose framing is wrong; the stream is reset.</summary>
    public void OnBodyViolation(ViolationCode violation) => BodyViolation = violation;

    /// <summary>Bytes that were received and that nobody will read.</summary>
    public int DropBody()
    {
        int length = _received.Length;
        _received.Clear(Loop.Buffers);
        return length;
    }

    /// <summary>Keeps what could not be sent, and waits until it is.</summary>
    public LoopTask<IoStatus> HoldAsync(ReadOnlySpan<byte> bytes, bool end)
    {
        _held.Add(Loop.Buffers, bytes);
        IsHeld = true;
        EndHeld = end;
        _writeBegan = Loop.Now;
        _writeWait = Loop.RentWait();
        LoopTask<IoStatus> task = _writeWait.Start();
        SetWriteDeadline();
        return task;
    }

    /// <summary>Notes bytes that went from <see cref="Held"/> into the output.</summary>
    public void OnHeldMoved(int length)
    {
        _held.Skip(length);
        _tinyDue = 0;
        if (_writeWait is not null) SetWriteDeadline();
    }

    /// <summary>Counts body bytes on their way to the client, for the least rate.</summary>
    public void CountMoved(int length) => _moved += length;

    /// <summary>Notes that nothing is held any more: the handler may write on.</summary>
    public void OnAllMoved()
    {
        DropHeld();
        _writeWaited += Loop.Now - _writeBegan;
        EndWrite(IoStatus.Ok);
    }

    /// <summary>Notes a window too small to be worth a frame: it is used anyway when the client has had time to open it further.</summary>
    public void AwaitMoreWindow(long until)
    {
        if (_tinyDue != 0) return;
        _tinyDue = until;
        SetTimer();
    }

    public void OnDeadline(long now)
    {
        if (_readDeadline <= now)
        {
            _readDeadline = long.MaxValue;
            EndRead(IoStatus.TimedOut);
        }

        if (_tinyDue != 0 && _tinyDue <= now && IsHeld) _connection.Sender.OnWindow(this);
        if (_writeDeadline <= now)
        {
            _writeDeadline = long.MaxValue;
            if (IsHeld) _connection.Streams.OnStalled(this);
        }

        if (_connection is not null) SetTimer();
    }

    /// <summary>Gives a response until then to be sent: as long as its rate so far and the stall time allow.</summary>
    public void SetWriteDeadline()
    {
        MinimumRate rate = _server.Options.WriteRate with { Stall = Math.Min(_server.Options.WriteRate.Stall, _connection.Options.StreamStall) };
        _writeDeadline = rate.Deadline(Loop.Now, _writeBegan - _writeWaited, _moved);
        SetTimer();
    }

    /// <summary>Gives a response the whole stall time from now on, whatever its rate was.</summary>
    public void RestartWriteDeadline()
    {
        _writeBegan = Loop.Now;
        _writeWaited = _moved = 0;
        SetWriteDeadline();
    }

    private bool TryTakeBody(out BodyRead read)
    {
        if (_received.Length > 0)
        {
            BodyChunk chunk = _received.Take();
            RequestBytes += chunk.Length;
            _bodyDone = EndReceived;
            _connection.Bodies.OnConsumed(this, chunk.Length);
            if (BodyLimit >= 0 && RequestBytes > BodyLimit)
            {
                read = TooLarge();
                return true;
            }

            read = new BodyRead(_bodyDone ? BodyStatus.End : BodyStatus.Data, chunk);
            return true;
        }

        _bodyDone = EndReceived;
        read = BodyRead.Of(BodyStatus.End);
        return _bodyDone;
    }

    private BodyRead TooLarge()
    {
        _server.Metrics.BodyTooLarge.Increment(Loop.Ordinal);
        return BodyRead.Of(BodyStatus.TooLarge);
    }

    private async LoopTask<BodyRead> ReadBodySlowAsync()
    {
        uint epoch = _readEpoch;
        while (true)
        {
            _received.ReleaseIfRead(Loop.Buffers);

            // Only waiting counts against the client: while nobody reads, it may not be allowed to send.
            long began = Loop.Now;
            long started = began - _bodyWaited;
            MinimumRate rate = _server.Options.BodyRate;
            _readWait = Loop.RentWait();
            _readDeadline = BodyMayPause ? long.MaxValue : rate.Deadline(began, started, _bodyReceived);
            LoopTask<IoStatus> wait = _readWait.Start();
            SetTimer();
            IoStatus status = await wait;
            if (epoch != _readEpoch) return BodyRead.Of(BodyStatus.Aborted);
            _bodyWaited += Loop.Now - began;
            if (Aborted != AbortReason.None || status == IoStatus.Aborted) return BodyRead.Of(BodyStatus.Aborted);
            if (TryTakeBody(out BodyRead read)) return read;
            if (status != IoStatus.TimedOut) continue;

            // The other streams' unread bytes may have closed the connection's window: then it is not the client that is slow.
            if (_connection.Bodies.IsWindowClosed)
            {
                _bodyWaited = 0;
                continue;
            }

            (rate.IsRateNearer(began, started, _bodyReceived) ? _server.Metrics.BodyRateTimeouts : _server.Metrics.BodyTimeouts).Increment(Loop.Ordinal);
            return BodyRead.Of(BodyStatus.TimedOut);
        }
    }

    private LoopTask<IoStatus> Send(BodyChunk chunk, bool end)
    {
        ResponseBytes += chunk.Length;
        if (IsBodyless)
        {
            chunk = BodyChunk.Empty;
        }
        else if (!TakeFromLength(chunk.Length, end))
        {
            // More or fewer bytes than the head promised would make the client take a wrong response for a right one.
            Abort(AbortReason.HandlerFailed);
            return IoStatus.Aborted;
        }

        if (end) ResponseEnded = true;
        return _connection.Sender.SendAsync(this, chunk.Span, end);
    }

    private bool TakeFromLength(int length, bool end)
    {
        if (Response.Framing != BodyFraming.Length) return true;
        _responseRemaining -= length;
        return end ? _responseRemaining == 0 : _responseRemaining >= 0;
    }

    private void DropHeld()
    {
        IsHeld = false;
        _tinyDue = 0;
        _held.Clear(Loop.Buffers);
    }

    private void EndRead(IoStatus status)
    {
        if (_readWait is not { } wait) return;
        _readWait = null;
        _readDeadline = long.MaxValue;
        wait.Complete(status);
    }

    private void EndWrite(IoStatus status)
    {
        _writeDeadline = long.MaxValue;
        if (_writeWait is not { } wait) return;
        _writeWait = null;
        wait.Complete(status);
    }

    // Clearing is left to the timer itself: it is filed again, or dropped, when its old moment comes.
    private void SetTimer()
    {
        long deadline = Math.Min(_readDeadline, _writeDeadline);
        if (_tinyDue > Loop.Now && IsHeld) deadline = Math.Min(deadline, _tinyDue);
        if (deadline == long.MaxValue && _timer is null) return;
        _timer ??= new StreamTimer(this);
        Loop.Timers.Set(_timer, deadline);
    }
}

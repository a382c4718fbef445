using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http2.FlowControl;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Client.Http2;

/// <summary>One request to an upstream and its response, on a stream of a connection that others use as well.</summary>
/// <remarks>
/// <code>
///   waiting for room --granted--> head sent --+--> upload (on its own) --------------> our end
///          ^                                  \--> awaiting the head --> reading body, trailers --> their end
///          \------- refused, or lost unseen: once more, if nothing of the body is gone
/// </code>
/// While it waits it is this object, its request's fields and a timer; memory for bodies is leased only while there are bytes.
/// </remarks>
internal sealed class Http2Call : UpstreamCall
{
    private const int MostAttempts = 3;
    private const int MostInterimResponses = 16;

    private readonly Http2Client _client;
    private readonly CallTimer _timer;
    private readonly Http2Upload _upload;
    private Http2UpstreamConnection? _connection;
    private LoopWait? _headWait;
    private LoopWait? _bodyWait;
    private ReceivedBody _received;
    private long _sentAt;
    private long _movedAt;
    private long _bodyBytes;
    private int _interim;
    private int _consumed;
    private Http2Failure _failure;
    private bool _bodyReadCancelled;
    private bool _receivedEnd;
    private bool _aborted;
    private bool _returned;

    // The places in lines, while the call stands in them.
    internal Http2Call? WaitsBefore;
    internal Http2Call? WaitsAfter;
    internal Http2Call? BlockedBefore;
    internal Http2Call? BlockedAfter;
    internal bool IsBlocked;

    // The stream, kept by its connection.
    internal StreamId Id;
    internal SendWindow SendWindow;
    internal ReceiveWindow ReceiveWindow;

    public Http2Call(Http2Client client)
    {
        _client = client;
        _timer = new CallTimer(this);
        _upload = new Http2Upload(this);
    }

    public override bool PassesTrailers => Trailers != TrailerRule.Never;

    /// <summary>Whether the response's head is there, so that the next header block is trailers.</summary>
    internal bool HasHead => RespondedAt != 0;

    /// <summary>The connection that was given to the call when it left the queue.</summary>
    internal Http2UpstreamConnection? Granted { get; set; }

    /// <summary>What leaving the queue came to.</summary>
    internal UpstreamOutcome QueueOutcome { get; set; }

    /// <summary>The wait in a pool's queue.</summary>
    internal LoopWait? QueueWait { get; set; }

    /// <summary>The pool in whose queue the call stands.</summary>
    internal Http2Pool? WaitingFor { get; set; }

    /// <summary>Whether the response came to its end.</summary>
    internal bool HasWholeResponse => _receivedEnd;

    internal bool HasFailed => _failure != Http2Failure.None;

    /// <summary>Whether nobody waits for the call any more.</summary>
    internal bool IsReturned => _returned;

    internal EventLoop Loop => _client.Loop;

    /// <summary>Makes a pooled call ready to be filled.</summary>
    public void Begin()
    {
        Clear();
        _aborted = _returned = false;
        BeginAttempt();
    }

    public override LoopTask<UpstreamOutcome> SendAsync(UpstreamName upstream)
    {
        SetTimer();
        return RunAsync(_client.PoolFor(upstream));
    }

    public override LoopTask<BodyRead> ReadBodyAsync()
    {
        _bodyReadCancelled = false;
        return TryRead(out BodyRead read) ? read : ReadBodySlowAsync();
    }

    public override void CancelRead()
    {
        _bodyReadCancelled = true;
        Complete(ref _bodyWait, IoStatus.Aborted);
    }

    public override void Abort()
    {
        if (_aborted) return;
        _aborted = true;
        if (WaitingFor is { } pool) pool.Leave(this, IoStatus.Aborted);
        else Cancel(Http2Failure.Aborted);
    }

    public override void Return()
    {
        if (_returned) throw new InvalidOperationException("The call was returned twice.");
        _returned = true;
        Loop.Timers.Detach(_timer);
        Cancel(Http2Failure.Aborted);
        _received.Clear(Loop.Buffers);
        _upload.Drop();

        // An upload under way holds this object until it has noticed.
        if (_upload.IsRunning) Body?.CancelRead();
        else Recycle();
    }

    /// <summary>A response's head came, interim or not.</summary>
    internal Http2Violation OnHead(HpackResult result, in PseudoHeaders pseudo, bool ends)
    {
        if (!result.IsComplete) return Break(result.Violation);
        if (!ResponseRules.TryReadStatus(Response.Headers, pseudo, out int status)) return Break(ViolationCode.BadStatusLine);
        if (status < 200)
        {
            // 101 would answer an Upgrade, which HTTP/2 has not (RFC 9113, 8.6); an interim response cannot be the last.
            if (status == 101 || ends || ++_interim > MostInterimResponses) return Break(ViolationCode.BadStatusLine);
            Response.Clear();
            return default;
        }

        ViolationCode wrong = ResponseRules.Judge(Response.Headers, out long length);
        if (wrong != ViolationCode.None) return Break(wrong);
        bool never = Method == HttpMethod.Head || status is 204 or 304;
        if (ends && !never && length > 0) return Break(ViolationCode.MultipleContentLength);
        Response.Status = status;
        Response.Version = 20;
        Response.KeepAlive = true;
        Response.ContentLength = length;
        Response.Framing = ends || never ? BodyFraming.None : length >= 0 ? BodyFraming.Length : BodyFraming.Chunked;
        RespondedAt = _movedAt = Math.Max(1, Loop.Now);
        if (ends) OnEnd();
        Complete(ref _headWait, IoStatus.Ok);
        return default;
    }

    /// <summary>Trailers came. They end the stream, or the response is malformed (RFC 9113, 8.1).</summary>
    internal Http2Violation OnTrailers(HpackResult result, bool ends)
    {
        if (!result.IsComplete) return Break(result.Violation);
        if (_receivedEnd || !ends) return Break(ViolationCode.BadTrailer);
        HeaderTable trailers = ResponseTrailers;
        for (int i = trailers.Count - 1; i >= 0; i--)
        {
            if (TrailerFields.IsForbidden(trailers[i].Known, trailers.Name(i))) trailers.RemoveAt(i);
        }

        if (!HasWholeLength) return Break(ViolationCode.MultipleContentLength);
        OnEnd();
        return default;
    }

    /// <summary>Body bytes came.</summary>
    /// <param name="length">What they cost of the window, padding included.</param>
    /// <param name="data">The bytes.</param>
    /// <param name="ends">Whether they are the last.</param>
    internal Http2Violation OnData(int length, ReadOnlySpan<byte> data, bool ends)
    {
        if (!HasHead) return Break(ViolationCode.BadStatusLine); // RFC 9113, 8.1: the head comes first
        if (_receivedEnd) return Http2Violation.OfStream(Http2ErrorCode.StreamClosed, "5.1");
        if (!ReceiveWindow.TryTake(length)) return Http2Violation.OfStream(Http2ErrorCode.FlowControlError, "6.9.1");
        if (length > data.Length) OnRead(length - data.Length); // nobody reads padding
        _bodyBytes += data.Length;
        _movedAt = Loop.Now;
        bool tooLong = Response.Framing == BodyFraming.None ? data.Length > 0 : Response.Framing == BodyFraming.Length && _bodyBytes > Response.ContentLength;
        if (tooLong) return Break(ViolationCode.MultipleContentLength);
        _received.Add(Loop.Buffers, data);
        if (ends)
        {
            if (!HasWholeLength) return Break(ViolationCode.MultipleContentLength);
            OnEnd();
        }
        else if (data.Length > 0)
        {
            Complete(ref _bodyWait, IoStatus.Ok);
        }

        return default;
    }

    /// <summary>The upstream reset the stream, or said by GOAWAY that it will not process it.</summary>
    internal void OnReset(Http2ErrorCode code)
    {
        _connection?.Remove(this);

        // After a whole response it only says that the rest of the request is of no use (RFC 9113, 8.1).
        if (_receivedEnd) _upload.End();
        else Fail(code == Http2ErrorCode.RefusedStream ? Http2Failure.Refused : Http2Failure.Reset);
    }

    /// <summary>The connection is gone.</summary>
    internal void OnLost(Http2Failure failure)
    {
        if (_receivedEnd) _upload.End();
        else Fail(failure);
    }

    /// <summary>Ends the stream for what the upstream did wrong on it.</summary>
    internal void Refuse(Http2ErrorCode code)
    {
        _connection?.Reset(this, code);
        if (_receivedEnd) _upload.End();
        else Fail(_failure == Http2Failure.None ? Http2Failure.Malformed : _failure);
    }

    /// <summary>More of the body can be sent.</summary>
    internal void OnSendable()
    {
        if (_connection is { } connection) _upload.OnSendable(connection);
    }

    /// <summary>Something of the request's body is about to be asked for.</summary>
    internal void OnBodyTouched() => IsBodyTouched = true;

    /// <summary>Something of the request's body is about to be sent.</summary>
    internal void OnMoved() => _movedAt = Loop.Now;

    /// <summary>The client's body could not be read to its end. Without the rest of it no answer will come: whoever waits for one is told.</summary>
    internal void OnBodyFailed(BodyStatus status)
    {
        RequestBodyStatus = status;
        if (!_receivedEnd) Cancel(HasHead ? Http2Failure.Reset : Http2Failure.RequestBody);
    }

    /// <summary>Gives the object back to be used again, once nothing holds it any more.</summary>
    internal void Recycle()
    {
        Body = null;
        _connection = null;
        _client.Return(this);
    }

    /// <summary>Ends a wait, if there is one.</summary>
    internal static void Complete(ref LoopWait? wait, IoStatus status)
    {
        if (wait is not { } open) return;
        wait = null;
        open.Complete(status);
    }

    private void BeginAttempt()
    {
        RespondedAt = 0;
        Id = default;
        Granted = null;
        _connection = null;
        _failure = Http2Failure.None;
        _bodyBytes = 0;
        _interim = _consumed = 0;
        _bodyReadCancelled = _receivedEnd = false;
        _upload.Begin();
    }

    private async LoopTask<UpstreamOutcome> RunAsync(Http2Pool pool)
    {
        for (int attempt = 1; ; attempt++)
        {
            Http2UpstreamConnection? connection = pool.TakeOrNull();
            if (connection is null)
            {
                UpstreamOutcome waited = await pool.WaitAsync(this);
                if (waited != UpstreamOutcome.Ok) return _aborted ? UpstreamOutcome.Aborted : waited;
                connection = Granted!;
                Granted = null;
            }

            // Its deadline may have passed between the grant and now, and will not be told again.
            if (_aborted || Deadline <= Loop.Now)
            {
                connection.GiveRoom();
                return _aborted ? UpstreamOutcome.Aborted : UpstreamOutcome.TimedOut;
            }

            // It may have closed between the grant and now; nothing was sent then.
            if (!connection.IsClosed)
            {
                bool reused = connection.WasUsed;
                bool hasBody = Body is not null && Framing != BodyFraming.None;
                if (!connection.TryOpen(this, ends: !hasBody)) return UpstreamOutcome.Unsendable;
                _connection = connection;
                _sentAt = Loop.Now;
                _upload.Start(connection, hasBody ? Body : null);
                if (!HasHead && _failure == Http2Failure.None)
                {
                    LoopWait wait = Loop.RentWait();
                    _headWait = wait;
                    await wait.Start();
                }

                if (HasHead) return UpstreamOutcome.Ok;
                if (!MaySendAgain(reused) || attempt == MostAttempts) return Outcome();
            }
            else if (attempt == MostAttempts)
            {
                return UpstreamOutcome.Reset;
            }

            pool.Retried.Increment(pool.Stripe);
            BeginAttempt();
        }
    }

    // RFC 9113, 8.7: what was refused was not processed, whatever the method. What was lost may have been (RFC 9110, 9.2.2).
    private bool MaySendAgain(bool reused)
    {
        if (IsBodyTouched || _aborted) return false;
        if (_failure == Http2Failure.Refused) return true;
        return _failure == Http2Failure.Lost && reused
            && Method is HttpMethod.Get or HttpMethod.Head or HttpMethod.Options or HttpMethod.Put or HttpMethod.Delete or HttpMethod.Trace;
    }

    private UpstreamOutcome Outcome() => _failure switch
    {
        Http2Failure.Malformed => UpstreamOutcome.Malformed,
        Http2Failure.HeadTooLarge => UpstreamOutcome.HeadTooLarge,
        Http2Failure.TimedOut => UpstreamOutcome.TimedOut,
        Http2Failure.Aborted => UpstreamOutcome.Aborted,
        Http2Failure.RequestBody => UpstreamOutcome.RequestBodyFailed,
        _ => UpstreamOutcome.Reset,
    };

    private bool TryRead(out BodyRead read)
    {
        if (_received.Length > 0)
        {
            BodyChunk chunk = _received.Take();
            ResponseBytes += chunk.Length;
            if (ResponseBodyLimit >= 0 && ResponseBytes > ResponseBodyLimit)
            {
                Cancel(Http2Failure.Aborted);
                read = BodyRead.Of(BodyStatus.TooLarge);
                return true;
            }

            if (!_receivedEnd && _failure == Http2Failure.None) OnRead(chunk.Length);
            read = new BodyRead(_receivedEnd ? BodyStatus.End : BodyStatus.Data, chunk);
            return true;
        }

        _received.ReleaseIfRead(Loop.Buffers);
        if (_receivedEnd || _connection is null)
        {
            read = BodyRead.Of(BodyStatus.End);
            return true;
        }

        read = BodyRead.Of(_failure switch
        {
            Http2Failure.None => BodyStatus.Data,
            Http2Failure.Malformed or Http2Failure.HeadTooLarge => BodyStatus.Violation,
            Http2Failure.TimedOut => BodyStatus.TimedOut,
            Http2Failure.Aborted => BodyStatus.Aborted,
            _ => BodyStatus.Truncated,
        });
        return _failure != Http2Failure.None;
    }

    private async LoopTask<BodyRead> ReadBodySlowAsync()
    {
        while (true)
        {
            if (Deadline <= Loop.Now)
            {
                Cancel(Http2Failure.TimedOut);
                return BodyRead.Of(BodyStatus.TimedOut);
            }

            SetTimer();
            LoopWait wait = Loop.RentWait();
            _bodyWait = wait;
            await wait.Start();
            if (_bodyReadCancelled) return BodyRead.Of(BodyStatus.Aborted);
            if (TryRead(out BodyRead read)) return read;
        }
    }

    /// <summary>Gives the stream's window back; a reader that has taken half of the first window gets the whole one.</summary>
    private void OnRead(int length)
    {
        if (_connection is not { } connection) return;
        _consumed = Math.Min(int.MaxValue - length, _consumed) + length;
        int increment = ReceiveWindow.Consume(length);
        if (_consumed >= Http2UpstreamConnection.FirstStreamWindow / 2) increment += ReceiveWindow.Enlarge(_client.Options.StreamWindow);
        connection.Sender.WriteWindowUpdate(Id, increment);
    }

    /// <summary>The response is whole.</summary>
    private void OnEnd()
    {
        _receivedEnd = true;
        if (_upload.IsEnded) _connection?.Remove(this);
        Complete(ref _bodyWait, IoStatus.Ok);
    }

    /// <summary>Ends the stream, unless it is over, for a reason of our own.</summary>
    private void Cancel(Http2Failure failure)
    {
        if (_connection is not { } connection || _failure != Http2Failure.None || (_receivedEnd && _upload.IsEnded)) return;
        connection.Reset(this, Http2ErrorCode.Cancel);
        if (_receivedEnd) _upload.End();
        else Fail(failure);
    }

    private void Fail(Http2Failure failure)
    {
        if (_failure == Http2Failure.None) _failure = failure;
        Complete(ref _headWait, IoStatus.Reset);
        Complete(ref _bodyWait, IoStatus.Reset);
        _upload.Fail();
    }

    private Http2Violation Break(ViolationCode violation)
    {
        Violation = violation;
        _failure = violation is ViolationCode.HeadTooLarge or ViolationCode.TooManyHeaders ? Http2Failure.HeadTooLarge : Http2Failure.Malformed;
        return Http2Violation.OfStream(Http2ErrorCode.ProtocolError, "8.1.1");
    }

    private bool HasWholeLength => Response.Framing != BodyFraming.Length || _bodyBytes == Response.ContentLength;

    private long NextDeadline => IdleTimeout > 0 && HasHead ? Math.Min(Deadline, _movedAt + IdleTimeout) : Deadline;

    private void SetTimer()
    {
        long deadline = NextDeadline;
        if (deadline != long.MaxValue) Loop.Timers.Set(_timer, deadline);
    }

    private void OnDeadline()
    {
        if (_headWait is not null) _upload.CountClientWait(goesOn: true);
        if (NextDeadline > Loop.Now)
        {
            SetTimer();
            return;
        }

        if (WaitingFor is { } pool)
        {
            pool.Leave(this, IoStatus.TimedOut);
        }
        else if (_headWait is not null || _bodyWait is not null)
        {
            _connection?.Suspect(_sentAt);
            Cancel(Http2Failure.TimedOut);
        }
    }

    private sealed class CallTimer(Http2Call call) : LoopTimer
    {
        protected override void OnDeadline(long now) => call.OnDeadline();
    }
}

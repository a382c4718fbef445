using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Http1;

/// <summary>One HTTP/1.1 request and its response. Leased to a connection while it serves; an idle connection has none.</summary>
internal sealed class Http1Exchange : Exchange
{
    /// <summary>Bodies up to this size are copied behind their head, so that both leave in one send.</summary>
    private const int CopiedBody = 16 * 1024;

    private readonly HttpServer _server;
    private Http1Connection _connection = null!;
    private Http1BodyReader _body;
    private long _responseRemaining;
    private long _bodyWaited;
    private uint _readEpoch;
    private bool _bodyFailed;
    private bool _continueOwed;
    private bool _continueSent;
    private bool _headSent;
    private bool _bodyless;
    private bool _chunked;
    private bool _firstChunk;

    public Http1Exchange(HttpServer server)
    {
        _server = server;
        Loop = server.Loop;
        Listener = server.Listener;
        Inbound = new InboundBuffer(Loop.Buffers);
        Outbound = new OutboundBuffer(Loop.Buffers);
    }

    public InboundBuffer Inbound { get; private set; }

    public OutboundBuffer Outbound { get; }

    /// <summary>When the first byte of the head was seen; 0 before it.</summary>
    public long HeadStarted { get; set; }

    /// <summary>Whether the connection ends after this response, as its head says.</summary>
    public bool ClosesConnection { get; private set; }

    /// <summary>Whether the client was told to wait for 100 (Continue) and never got it: its body may come or not.</summary>
    public bool ContinueUnanswered => _continueOwed;

    public override bool HasUnreadBody => !_body.IsDone;

    /// <summary>Binds the exchange to the connection it serves.</summary>
    public void Attach(Http1Connection connection)
    {
        _connection = connection;
        Client = connection.Transport.Peer;
        HeadStarted = 0;
        Aborted = AbortReason.None;
    }

    /// <summary>Takes over received bytes from somebody else, and gives its own buffer for them.</summary>
    public InboundBuffer SwapInbound(InboundBuffer inbound)
    {
        InboundBuffer own = Inbound;
        Inbound = inbound;
        return own;
    }

    /// <summary>Gives leased memory back, before the exchange is pooled.</summary>
    public void Detach()
    {
        _readEpoch++;
        Inbound.Clear();
        Outbound.Clear();
        _connection = null!;
        Pending = null;
    }

    /// <summary>Starts the request whose head was just read.</summary>
    public void Begin(long now)
    {
        Client = _connection.Transport.Peer;
        Local = _connection.Local;
        Tls = _connection.Transport.Tls;
        StartedAt = HeadStarted;
        HeadStarted = 0;
        RequestBytes = 0;
        ResponseBytes = 0;
        ResponseStarted = false;
        ResponseEnded = false;
        CloseAfterwards = false;
        ClosesConnection = false;
        Aborted = AbortReason.None;
        BodyLimit = _server.Options.Body;
        BodyMayPause = false;
        HoldsEarlierAnswers = false;
        BodyViolation = ViolationCode.None;
        Response.Clear();
        ClearTrailers();
        _body.Start(Request.Framing, Request.ContentLength, _server.Options.Chunks);
        _readEpoch++;
        _bodyWaited = 0;
        _bodyFailed = false;
        _continueOwed = Request.ExpectsContinue && !_body.IsDone;
        _continueSent = false;
        _headSent = false;
    }

    public override LoopTask<BodyRead> ReadBodyAsync()
    {
        if (Aborted != AbortReason.None) return BodyRead.Of(BodyStatus.Aborted);
        if (BodyLimit >= 0 && Request.Framing == BodyFraming.Length && Request.ContentLength > BodyLimit) return EndBody(BodyRead.Of(BodyStatus.TooLarge));
        if (_continueOwed)
        {
            _continueOwed = false;

            // A client that sends its body anyway needs no permission (RFC 9110, 10.1.1).
            if (Inbound.Length == 0 && !ResponseStarted)
            {
                _continueSent = true;
                Outbound.Send(_connection.Transport, Http1Writer.Continue);
            }
        }

        if (TryRead(out BodyRead read)) return EndBody(read);
        return ReadBodySlowAsync();
    }

    public override void StartResponse(BodyFraming framing, long contentLength)
    {
        if (ResponseStarted) throw new InvalidOperationException("The response was started twice.");
        ResponseStarted = true;
        Outbound.StartMessage();
        _headSent = false;
        _firstChunk = true;
        Response.Framing = framing;
        Response.ContentLength = framing == BodyFraming.Length ? contentLength : -1;
        _bodyless = Request.Method == HttpMethod.Head || Response.Status is 204 or 304 or < 200;

        // HTTP/1.0 knows no chunks: there the end of the connection ends the body.
        _chunked = framing == BodyFraming.Chunked && Request.Version >= 11 && !_bodyless;
        bool untilClose = framing == BodyFraming.Chunked && Request.Version < 11 && !_bodyless;
        _responseRemaining = framing == BodyFraming.Length ? contentLength : long.MaxValue;
        ClosesConnection = untilClose || CloseAfterwards || !Request.KeepAlive || _connection.MustClose || MustNotReuse();
    }

    public override LoopTask<IoStatus> WriteAsync(BodyChunk chunk)
    {
        if (chunk.Length == 0 && _headSent) return IoStatus.Ok;
        IoStatus status = SendPart(chunk, end: false);
        return status == IoStatus.WouldBlock ? DrainAsync() : Sent(status);
    }

    public override LoopTask<IoStatus> EndAsync(BodyChunk last)
    {
        IoStatus status = SendPart(last, end: true);
        if (Aborted != AbortReason.None) return IoStatus.Aborted;
        ResponseEnded = true;
        return status == IoStatus.WouldBlock ? DrainAsync() : Sent(status);
    }

    public override void CancelRead()
    {
        // A wait that has ended already may not have been resumed yet: it must not go on reading when it is.
        _readEpoch++;
        _connection.Transport.AbortRead();
    }

    public override void Abort(AbortReason reason)
    {
        if (Aborted != AbortReason.None) return;
        Aborted = reason;
        Pending?.Abort();
        _connection.Transport.AbortWaits();
    }

    /// <summary>Reads on to the end of an unread body, as far as that is cheap; false when the connection must close instead.</summary>
    public async LoopTask<bool> DiscardBodyAsync()
    {
        long most = RequestBytes + _server.Options.DiscardedBody;
        if (Request.Framing == BodyFraming.Length && Request.ContentLength - RequestBytes > _server.Options.DiscardedBody) return false;
        BodyLimit = -1;
        while (true)
        {
            BodyRead read = await ReadBodyAsync();
            if (read.Status == BodyStatus.End) return true;
            if (read.Status != BodyStatus.Data || RequestBytes > most) return false;
        }
    }

    private async LoopTask<BodyRead> ReadBodySlowAsync()
    {
        Connection transport = _connection.Transport;
        uint epoch = _readEpoch;
        while (true)
        {
            if (Outbound.Pending > 0 && !ResponseStarted)
            {
                IoStatus sent = await DrainAsync(); // the 100 (Continue), or earlier pipelined answers
                if (epoch != _readEpoch) return BodyRead.Of(BodyStatus.Aborted);
                if (sent != IoStatus.Ok) return EndBody(BodyRead.Of(BodyStatus.Truncated));
            }

            // Only waiting counts against the client: while nobody reads, it cannot send.
            long began = Loop.Now;
            long started = began - _bodyWaited;
            MinimumRate rate = _server.Options.BodyRate;
            IoStatus status = await transport.ReadableAsync(BodyMayPause ? long.MaxValue : rate.Deadline(began, started, _body.Received));
            if (epoch != _readEpoch) return BodyRead.Of(BodyStatus.Aborted);
            _bodyWaited += Loop.Now - began;
            if (status == IoStatus.TimedOut)
            {
                (rate.IsRateNearer(began, started, _body.Received) ? _server.Metrics.BodyRateTimeouts : _server.Metrics.BodyTimeouts).Increment(Loop.Ordinal);
                return EndBody(BodyRead.Of(BodyStatus.TimedOut));
            }

            if (status != IoStatus.Ok) return EndBody(BodyRead.Of(status == IoStatus.Aborted ? BodyStatus.Aborted : BodyStatus.Truncated));
            if (TryRead(out BodyRead read)) return EndBody(read);
        }
    }

    private bool TryRead(out BodyRead read) =>
        _body.TryRead(_connection.Transport, Inbound, BodyLimit, out read, Request.Framing == BodyFraming.Chunked ? RequestTrailers : null);

    private BodyRead EndBody(BodyRead read)
    {
        if (read.Status == BodyStatus.End && Request.Framing == BodyFraming.Chunked && RequestTrailers.Count > 0) TrailerFields.DropConnections(RequestTrailers, Request.Headers);
        RequestBytes = _body.Received;
        _bodyFailed = read.Failed;
        if (read.Status == BodyStatus.TooLarge) _server.Metrics.BodyTooLarge.Increment(Loop.Ordinal);
        if (read.Status == BodyStatus.Violation)
        {
            BodyViolation = _body.Violation;
            _server.Metrics.Count(Loop.Ordinal, BodyViolation);
        }

        return read;
    }

    // A body that was announced and not asked for may or may not come, and one too large is not read to its end.
    private bool MustNotReuse()
    {
        if (_body.IsDone) return false;
        if (_bodyFailed) return true;
        if (_continueOwed && !_continueSent) return true;
        return Request.Framing == BodyFraming.Length && Request.ContentLength - _body.Received > _server.Options.DiscardedBody;
    }

    private async LoopTask<IoStatus> DrainAsync()
    {
        IoStatus status = await Outbound.DrainAsync(_connection.Transport, _server.Options.WriteRate);
        if (status == IoStatus.TimedOut)
        {
            _server.Metrics.WriteTimeouts.Increment(Loop.Ordinal);
            Abort(AbortReason.ClientTooSlow);
        }

        return Sent(status);
    }

    private IoStatus Sent(IoStatus status)
    {
        if (status is IoStatus.Reset or IoStatus.Closed) Abort(AbortReason.ClientGone);
        return status;
    }

    private IoStatus SendPart(BodyChunk chunk, bool end)
    {
        if (Aborted != AbortReason.None) return IoStatus.Aborted;
        ResponseBytes += chunk.Length;
        if (_bodyless)
        {
            chunk = BodyChunk.Empty;
        }
        else if (!TakeFromLength(chunk.Length, end))
        {
            // More or fewer bytes than the head promised would make the client read one response as another.
            Abort(AbortReason.HandlerFailed);
            return IoStatus.Aborted;
        }

        var writer = new ByteWriter(Loop.Buffers.SendScratch);
        if (!_headSent)
        {
            WriteHead(ref writer);
            _headSent = true;
            if (writer.Overflowed)
            {
                Abort(AbortReason.HandlerFailed);
                return IoStatus.Aborted;
            }
        }

        if (_chunked && chunk.Length > 0)
        {
            // The line end of the chunk before comes with the size line of the next, so that a chunk needs room only before it.
            if (!_firstChunk) writer.Write(Http1Writer.ChunkEnd);
            _firstChunk = false;
            Http1Writer.WriteChunkSize(ref writer, chunk.Length);
        }

        return SendWith(ref writer, chunk, end);
    }

    private IoStatus SendWith(ref ByteWriter writer, BodyChunk chunk, bool end)
    {
        if (end && _chunked && HasResponseTrailers && TakesTrailers) return SendWithTrailers(ref writer, chunk);
        ReadOnlySpan<byte> tail = !end || !_chunked ? default : _firstChunk ? Http1Writer.LastChunk : Http1Writer.ChunkEndAndLastChunk;
        if (chunk.Length <= CopiedBody && chunk.Length + tail.Length <= writer.Free)
        {
            writer.Write(chunk.Span);
            writer.Write(tail);
            return Send(writer.Written, end);
        }

        ReadOnlySpan<byte> before = writer.Written;
        IoStatus status;
        if (before.Length <= chunk.Headroom)
        {
            // The head is put right before the body: one send, and the body stays where it was received.
            int start = chunk.Start - before.Length;
            before.CopyTo(chunk.Buffer.AsSpan(start));
            status = Outbound.Send(_connection.Transport, chunk.Buffer.AsSpan(start, before.Length + chunk.Length));
        }
        else
        {
            status = Outbound.Send(_connection.Transport, before);
            if (status is IoStatus.Ok or IoStatus.WouldBlock) status = Outbound.Send(_connection.Transport, chunk.Span);
        }

        if (tail.Length > 0 && status is IoStatus.Ok or IoStatus.WouldBlock) status = Outbound.Send(_connection.Transport, tail);
        return status;
    }

    private IoStatus SendWithTrailers(ref ByteWriter writer, BodyChunk chunk)
    {
        IoStatus status = IoStatus.Ok;
        if (chunk.Length > CopiedBody)
        {
            status = Outbound.Send(_connection.Transport, writer.Written);
            if (status is IoStatus.Ok or IoStatus.WouldBlock) status = Outbound.Send(_connection.Transport, chunk.Span);
            writer.Truncate(0);
        }
        else
        {
            writer.Write(chunk.Span);
        }

        Http1Writer.WriteTrailers(ref writer, ResponseTrailers, afterChunk: !_firstChunk);
        if (writer.Overflowed)
        {
            Abort(AbortReason.HandlerFailed);
            return IoStatus.Aborted;
        }

        return status is IoStatus.Ok or IoStatus.WouldBlock ? Send(writer.Written, end: true) : status;
    }

    private IoStatus Send(ReadOnlySpan<byte> bytes, bool end)
    {
        if (bytes.Length == 0) return Outbound.Pending > 0 ? Outbound.Flush(_connection.Transport) : IoStatus.Ok;

        // With more requests already here their answers leave together.
        if (end && Inbound.Length > 0 && !ClosesConnection && Outbound.Pending + bytes.Length <= LoopBuffers.BlockSize)
        {
            Outbound.Append(bytes);
            return IoStatus.Ok;
        }

        return Outbound.Send(_connection.Transport, bytes);
    }

    private bool TakeFromLength(int length, bool end)
    {
        if (Response.Framing != BodyFraming.Length) return true;
        _responseRemaining -= length;
        return end ? _responseRemaining == 0 : _responseRemaining >= 0;
    }

    private void WriteHead(ref ByteWriter writer)
    {
        HeaderTable headers = Response.Headers;
        Http1Writer.WriteStatusLine(ref writer, Response.Status);
        Http1Writer.WriteFields(ref writer, headers);
        writer.Write(_server.DateField());
        bool hasBodyFields = Response.Status is not (204 or < 200);
        if (Response.Framing == BodyFraming.Length && hasBodyFields) Http1Writer.WriteContentLength(ref writer, Response.ContentLength);
        else if (Response.Framing == BodyFraming.None && !_bodyless) Http1Writer.WriteContentLength(ref writer, 0); // without it the client would wait for the end
        else if (_chunked || (Response.Framing == BodyFraming.Chunked && _bodyless && hasBodyFields && Request.Version >= 11)) Http1Writer.WriteChunked(ref writer);
        writer.Write(ClosesConnection ? "Connection: close\r\n\r\n"u8 : "Connection: keep-alive\r\n\r\n"u8);
    }
}

using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Messages;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Client;

/// <summary>One HTTP/1.1 request to an upstream and its response.</summary>
/// <remarks>
/// The request's body is sent while the response is already awaited, because an upstream may answer before it has read everything;
/// a small body that is already here leaves in one send with the head.
/// </remarks>
internal sealed class Http1Call : UpstreamCall
{
    private const int CopiedBody = 16 * 1024;
    private const int MostInterimResponses = 16;

    private readonly Http1Client _client;
    private readonly InboundBuffer _inbound;
    private readonly OutboundBuffer _outbound;
    private UpstreamConnection? _connection;
    private Http1BodyReader _body;
    private long _awaitingClientSince;
    private bool _unsendable;
    private bool _uploading;
    private bool _uploadFailed;
    private bool _aborted;
    private bool _returned;

    public Http1Call(Http1Client client)
    {
        _client = client;
        _inbound = new InboundBuffer(client.Loop.Buffers);
        _outbound = new OutboundBuffer(client.Loop.Buffers);
    }

    /// <summary>The place in a pool's queue, while the call waits there.</summary>
    internal UpstreamPool.Waiter? Queued { get; set; }

    public override bool CopiesBody => true;

    public override bool PassesTrailers => Trailers == TrailerRule.Always;

    private EventLoop Loop => _client.Loop;

    /// <summary>Makes a pooled call ready to be filled.</summary>
    public void Begin()
    {
        Clear();
        _awaitingClientSince = 0;
        _unsendable = _uploading = _uploadFailed = _aborted = _returned = false;
    }

    public override LoopTask<UpstreamOutcome> SendAsync(UpstreamName upstream)
    {
        UpstreamPool pool = _client.PoolFor(upstream);
        UpstreamConnection? connection = pool.TakeIdleOrNull();
        if (connection is null) return OpenAndSendAsync(pool);
        _connection = connection;

        // The usual call: a pooled connection, no body, and room for the head. One suspended method waits for the answer.
        if ((Body is null || Framing == BodyFraming.None) && SendHead(connection.Transport, BodyChunk.Empty, ends: true) == IoStatus.Ok)
        {
            return ReadHeadAsync(connection.Transport, mayRetry: true);
        }

        return SendOnAsync(connection.Transport, mayRetry: true);
    }

    public override LoopTask<BodyRead> ReadBodyAsync()
    {
        if (_connection is null) return BodyRead.Of(BodyStatus.End);
        if (TryRead(_connection.Transport, out BodyRead read)) return EndRead(read);
        return ReadBodySlowAsync(_connection.Transport);
    }

    public override void CancelRead() => _connection?.Transport.AbortRead();

    public override void Abort()
    {
        if (_aborted) return;
        _aborted = true;
        Queued?.Abort();
        _connection?.Transport.AbortWaits();
    }

    public override void Return()
    {
        if (_returned) throw new InvalidOperationException("The call was returned twice.");
        _returned = true;
        if (_connection is { } connection)
        {
            _connection = null;
            bool reusable = _body.IsDone && RespondedAt != 0 && Response.KeepAlive && !EndsConnection && !_uploading && !_uploadFailed && !_aborted
                && _inbound.Length == 0 && _outbound.Pending == 0 && !_client.IsClosing;
            if (reusable) connection.Pool.PutIdle(connection);
            else connection.Pool.Close(connection);
        }

        _inbound.Clear();
        _outbound.Clear();

        // An upload under way holds this object until it has noticed.
        if (_uploading) Body?.CancelRead();
        else Recycle();
    }

    private void Recycle()
    {
        Body = null;
        _client.Return(this);
    }

    // RFC 9110, 9.2.2: sent again by itself only what does the same when done twice, and only with its body still whole.
    private bool MaySendAgain() => !IsBodyTouched && !_aborted && RespondedAt == 0
        && Method is HttpMethod.Get or HttpMethod.Head or HttpMethod.Options or HttpMethod.Put or HttpMethod.Delete or HttpMethod.Trace;

    private async LoopTask<UpstreamOutcome> OpenAndSendAsync(UpstreamPool pool)
    {
        UpstreamPool.Acquired acquired = await pool.OpenAsync(this);
        if (acquired.Connection is not { } connection) return _aborted ? UpstreamOutcome.Aborted : acquired.Outcome;
        _connection = connection;

        // From the queue it may have got another call's connection, which can be as dead as any from the pool.
        bool reused = connection.WasUsed;
        connection.WasUsed = true;
        if (_aborted) return UpstreamOutcome.Aborted;
        return await SendOnAsync(connection.Transport, mayRetry: reused);
    }

    /// <summary>Sends on a connection whatever there is to send, and waits for the head.</summary>
    /// <param name="transport">The connection.</param>
    /// <param name="mayRetry">Whether the connection came from the pool, and may turn out dead.</param>
    private async LoopTask<UpstreamOutcome> SendOnAsync(Connection transport, bool mayRetry)
    {
        if (Body is null || Framing == BodyFraming.None)
        {
            // What the usual way has sent already, in part, is not sent again.
            IoStatus sent = _outbound.Pending > 0 ? IoStatus.WouldBlock : SendHead(transport, BodyChunk.Empty, ends: true);
            if (sent == IoStatus.WouldBlock) sent = await DrainAsync(transport);
            if (_unsendable) return UpstreamOutcome.Unsendable;
            if (sent == IoStatus.TimedOut) return UpstreamOutcome.TimedOut;
            if (sent == IoStatus.Aborted) return UpstreamOutcome.Aborted;

            // A reset while sending may have a response before it.
        }
        else
        {
            LoopTask<BodyRead> first = Body.ReadBodyAsync();
            IsBodyTouched = true;
            if (first.IsCompleted)
            {
                BodyRead read = await first;
                if (read.Failed) return FailBody(read.Status);
                bool ends = read.Status == BodyStatus.End;
                IoStatus sent = SendHead(transport, read.Chunk, ends);
                if (_unsendable) return UpstreamOutcome.Unsendable; // body bytes without their head would be read as a request
                if (!ends || sent == IoStatus.WouldBlock)
                {
                    _uploading = true;
                    UploadAsync(transport, Body, ends).Forget();
                }
            }
            else
            {
                SendHead(transport, BodyChunk.Empty, ends: false);
                _uploading = true;
                _awaitingClientSince = Loop.Now;
                UploadRestAsync(transport, Body, first).Forget();
                if (_unsendable) return UpstreamOutcome.Unsendable; // returning the call ends the upload before its first byte
            }
        }

        return await ReadHeadAsync(transport, mayRetry);
    }

    /// <summary>The upstream closed the pooled connection before it saw the request: once more on another.</summary>
    private LoopTask<UpstreamOutcome> RetryAsync()
    {
        UpstreamPool pool = _connection!.Pool;
        pool.Retried.Increment(Loop.Ordinal);
        pool.Close(_connection);
        _connection = null;
        _inbound.Clear();
        _outbound.Clear();
        return OpenAndSendAsync(pool);
    }

    private async LoopTask<UpstreamOutcome> ReadHeadAsync(Connection transport, bool mayRetry)
    {
        int interim = 0;
        bool fresh = _inbound.Length > 0;
        while (true)
        {
            if (fresh)
            {
                Response.Clear();
                ParseResult result = Http1ResponseParser.Parse(_inbound.Unread, _client.Options.Head, Method, Response);
                if (result.Status == ParseStatus.Complete)
                {
                    _inbound.Consume(result.Consumed);
                    if (Response.Status >= 200)
                    {
                        RespondedAt = Loop.Now;
                        _body.Start(Response.Framing, Response.ContentLength, _client.Options.Chunks);
                        return UpstreamOutcome.Ok;
                    }

                    // 101 would answer an Upgrade that was never sent.
                    if (Response.Status == 101 || ++interim > MostInterimResponses) return UpstreamOutcome.Malformed;
                    fresh = _inbound.Length > 0;
                    continue;
                }

                if (result.Status == ParseStatus.Violation)
                {
                    Violation = result.Violation;
                    return result.Violation is ViolationCode.HeadTooLarge or ViolationCode.TooManyHeaders ? UpstreamOutcome.HeadTooLarge : UpstreamOutcome.Malformed;
                }
            }

            IoResult received = _inbound.Receive(transport);
            if (received.IsOk)
            {
                fresh = true;
                continue;
            }

            if (_uploadFailed && RequestBodyStatus > BodyStatus.End) return UpstreamOutcome.RequestBodyFailed;
            if (_aborted) return UpstreamOutcome.Aborted;
            if (received.Status != IoStatus.WouldBlock)
            {
                if (_inbound.Length > 0) return UpstreamOutcome.Malformed;
                return mayRetry && interim == 0 && MaySendAgain() ? await RetryAsync() : UpstreamOutcome.Reset;
            }

            fresh = false;
            IoStatus status = await transport.ReadableAsync(Deadline);
            if (status == IoStatus.TimedOut && !IsOnlyTheClientSlow()) return UpstreamOutcome.TimedOut;
        }
    }

    /// <summary>Moves the deadline by the time the client has kept its own body back: that is not the upstream's doing.</summary>
    private bool IsOnlyTheClientSlow()
    {
        CountClientWait(goesOn: true);
        return Deadline > Loop.Now;
    }

    private void CountClientWait(bool goesOn)
    {
        if (_awaitingClientSince == 0) return;
        Postpone(Loop.Now - _awaitingClientSince);
        _awaitingClientSince = goesOn ? Loop.Now : 0;
    }

    private async LoopTask<BodyRead> ReadBodySlowAsync(Connection transport)
    {
        while (true)
        {
            IoStatus status = await transport.ReadableAsync(IdleTimeout > 0 ? Math.Min(Deadline, Loop.Now + IdleTimeout) : Deadline);
            if (status == IoStatus.TimedOut) return EndRead(BodyRead.Of(BodyStatus.TimedOut));
            if (status == IoStatus.Aborted) return EndRead(BodyRead.Of(BodyStatus.Aborted));
            if (TryRead(transport, out BodyRead read)) return EndRead(read);
        }
    }

    private bool TryRead(Connection transport, out BodyRead read) =>
        _body.TryRead(transport, _inbound, ResponseBodyLimit, out read, PassesTrailers && Response.Framing == BodyFraming.Chunked ? ResponseTrailers : null);

    private BodyRead EndRead(BodyRead read)
    {
        ResponseBytes = _body.Received;
        if (read.Status == BodyStatus.End && PassesTrailers && ResponseTrailers.Count > 0) TrailerFields.DropConnections(ResponseTrailers, Response.Headers);
        if (read.Status == BodyStatus.Violation) Violation = _body.Violation;
        return read;
    }

    private UpstreamOutcome FailBody(BodyStatus status)
    {
        RequestBodyStatus = status;
        _uploadFailed = true;
        return UpstreamOutcome.RequestBodyFailed;
    }

    private async LoopTask UploadRestAsync(Connection transport, IBodySource body, LoopTask<BodyRead> first)
    {
        BodyRead read = await first;
        CountClientWait(goesOn: false);
        if (!_returned && !read.Failed)
        {
            bool ends = read.Status == BodyStatus.End;
            if (SendBody(transport, read.Chunk, ends) is IoStatus.Ok or IoStatus.WouldBlock)
            {
                await UploadAsync(transport, body, ends);
                return;
            }
        }

        EndUpload(transport, read.Failed ? read.Status : BodyStatus.End, failed: true);
    }

    // After every wait the call may have been returned: then body and connection are somebody else's.
    private async LoopTask UploadAsync(Connection transport, IBodySource body, bool ended)
    {
        BodyStatus failure = BodyStatus.End;
        bool failed = false;
        while (true)
        {
            IoStatus status = await DrainAsync(transport);
            if (_returned || status != IoStatus.Ok)
            {
                // The upstream takes no more; it may still have answered, and then that answer counts.
                failed = true;
                break;
            }

            if (ended) break;
            _awaitingClientSince = Loop.Now;
            BodyRead read = await body.ReadBodyAsync();
            CountClientWait(goesOn: false);
            if (_returned || read.Failed)
            {
                failure = read.Failed ? read.Status : BodyStatus.End;
                failed = true;
                break;
            }

            ended = read.Status == BodyStatus.End;
            if (SendBody(transport, read.Chunk, ended) is IoStatus.Ok or IoStatus.WouldBlock) continue;
            failed = true;
            break;
        }

        EndUpload(transport, failure, failed);
    }

    private void EndUpload(Connection transport, BodyStatus status, bool failed)
    {
        _uploading = false;
        _uploadFailed = failed;
        RequestBodyStatus = status;
        if (_returned)
        {
            _outbound.Clear();
            Recycle();
            return;
        }

        // Without the rest of the body no answer will come: whoever waits for one is told.
        if (failed && status > BodyStatus.End) transport.AbortRead();
    }

    private async LoopTask<IoStatus> DrainAsync(Connection transport)
    {
        while (true)
        {
            IoStatus status = _outbound.Flush(transport);
            if (status != IoStatus.WouldBlock) return status;
            status = await transport.WritableAsync(Deadline);
            if (status != IoStatus.Ok) return status;
        }
    }

    private IoStatus SendHead(Connection transport, BodyChunk chunk, bool ends)
    {
        var writer = new ByteWriter(Loop.Buffers.SendScratch);
        bool sendable = Http1Writer.TryWriteRequestLine(ref writer, Headers.Slice(MethodStart, MethodLength), Headers.Slice(TargetStart, TargetLength));
        Http1Writer.WriteFields(ref writer, Headers);
        if (Framing == BodyFraming.Chunked && Body is not null) Http1Writer.WriteChunked(ref writer);
        else if (Framing == BodyFraming.Length) Http1Writer.WriteContentLength(ref writer, ContentLength);
        if (WantsTrailers && PassesTrailers) writer.Write("TE: trailers\r\nConnection: TE\r\n"u8);
        Http1Writer.EndHead(ref writer);
        if (!sendable || writer.Overflowed)
        {
            _unsendable = true;
            return IoStatus.Aborted;
        }

        return Send(transport, ref writer, chunk, ends && Body is not null);
    }

    private IoStatus SendBody(Connection transport, BodyChunk chunk, bool ends)
    {
        var writer = new ByteWriter(Loop.Buffers.SendScratch);
        return Send(transport, ref writer, chunk, ends);
    }

    private IoStatus Send(Connection transport, ref ByteWriter writer, BodyChunk chunk, bool ends)
    {
        bool chunked = Framing == BodyFraming.Chunked;
        bool trailers = chunked && ends && HasTrailersToSend;
        ReadOnlySpan<byte> tail = default;
        if (chunked)
        {
            if (chunk.Length > 0) Http1Writer.WriteChunkSize(ref writer, chunk.Length);
            tail = (chunk.Length > 0, ends && !trailers) switch
            {
                (true, true) => Http1Writer.ChunkEndAndLastChunk,
                (true, false) => Http1Writer.ChunkEnd,
                (false, true) => Http1Writer.LastChunk,
                _ => default,
            };
        }

        if (trailers) return SendWithTrailers(transport, ref writer, chunk, tail);
        if (chunk.Length <= CopiedBody && chunk.Length + tail.Length <= writer.Free)
        {
            writer.Write(chunk.Span);
            writer.Write(tail);
            return _outbound.Send(transport, writer.Written);
        }

        IoStatus status = IoStatus.Ok;
        if (writer.Length > 0) status = _outbound.Send(transport, writer.Written);
        if (status is IoStatus.Ok or IoStatus.WouldBlock) status = _outbound.Send(transport, chunk.Span);
        if (tail.Length > 0 && status is IoStatus.Ok or IoStatus.WouldBlock) status = _outbound.Send(transport, tail);
        return status;
    }

    private IoStatus SendWithTrailers(Connection transport, ref ByteWriter writer, BodyChunk chunk, ReadOnlySpan<byte> tail)
    {
        IoStatus status = IoStatus.Ok;
        if (writer.Length > 0) status = _outbound.Send(transport, writer.Written);
        if (chunk.Length > 0 && status is IoStatus.Ok or IoStatus.WouldBlock) status = _outbound.Send(transport, chunk.Span);
        if (status is not (IoStatus.Ok or IoStatus.WouldBlock)) return status;
        var last = new ByteWriter(Loop.Buffers.SendScratch);
        last.Write(tail);
        Http1Writer.WriteTrailers(ref last, Body!.Trailers!, afterChunk: false);
        return last.Overflowed ? IoStatus.Aborted : _outbound.Send(transport, last.Written);
    }
}

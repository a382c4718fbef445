using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Lambda.Runtime;

/// <summary>The Runtime API as one runtime process meets it (specification lambda.md 3 and 4): gives out events, takes results.</summary>
/// <remarks>One a worker, on the worker's loop. What is given and taken for it beside the API comes by <see cref="Deliver"/>, <see cref="Detach"/> and <see cref="End"/>.</remarks>
internal sealed class RuntimeHandler : IRequestHandler
{
    private readonly EventLoop _loop;
    private readonly IRuntimeHost _host;
    private readonly long _streamLimit;
    private readonly Queue<Delivery> _following = new();
    private readonly Stack<Delivery> _freeDeliveries = [];
    private readonly StreamedResult _stream = new();
    private readonly List<Poll> _polls = [];
    private readonly Stack<Poll> _freePolls = [];
    private readonly byte[] _invocationId = new byte[33];
    private readonly ulong _prefix;
    private Delivery _delivery = new();
    private PooledBytes _several;
    private ulong _deliveries;

    /// <param name="loop">The worker's loop.</param>
    /// <param name="host">Who is told what the process is at.</param>
    /// <param name="prefix">Random bits: what the ids of this worker's deliveries begin with.</param>
    /// <param name="streamLimit">Most bytes of a streamed result.</param>
    public RuntimeHandler(EventLoop loop, IRuntimeHost host, ulong prefix, long streamLimit)
    {
        _loop = loop;
        _host = host;
        _prefix = prefix;
        _streamLimit = streamLimit;
    }

    public RuntimeState State { get; private set; }

    /// <summary>The process is lost: it is given nothing any more, and nothing is taken from it.</summary>
    public bool HasEnded { get; private set; }

    /// <summary>The id of the running request, or of the last one.</summary>
    public ReadOnlySpan<byte> RequestId => _delivery.RequestId;

    public LoopTask HandleAsync(Exchange exchange)
    {
        exchange.BodyLimit = -1; // counted here, where more may be read than is taken
        exchange.BodyMayPause = true;
        if (!IsFromRuntime(exchange.Request)) return RuntimeReply.DiscardAndRefuseAsync(exchange, 403, RuntimeDocuments.NotForPages);
        RuntimeTarget target = RuntimeTarget.Of(exchange.Request.Method, exchange.Request.Path);
        return target.Call switch
        {
            RuntimeCall.Next => NextAsync(exchange),
            RuntimeCall.Response => TakeAsync(exchange, target, RuntimeEvent.Response),
            RuntimeCall.Error => TakeAsync(exchange, target, RuntimeEvent.Error),
            RuntimeCall.InitError => InitErrorAsync(exchange),
            RuntimeCall.Ping => RuntimeReply.ReplyAsync(exchange, 200, "pong"u8, "text/plain"u8),
            RuntimeCall.WrongMethod => RuntimeReply.RefuseAsync(exchange, 405, RuntimeDocuments.WrongMethod),
            _ => RuntimeReply.RefuseAsync(exchange, 404, RuntimeDocuments.NotFound),
        };
    }

    /// <summary>Gives the process an event. Only while it is <see cref="RuntimeState.Ready"/>.</summary>
    public void Deliver(IInvocationSink sink, in InvocationFacts facts)
    {
        State = RuntimeLife.Next(State, RuntimeEvent.Given).State;
        Start(_delivery, sink, facts);
        if (_polls.Count == 0) return; // the poll that is being handled takes it
        Poll newest = _polls[^1];
        _polls.RemoveAt(_polls.Count - 1);
        newest.Complete(IoStatus.Ok);
    }

    /// <summary>Gives the process another event with the one that is about to leave. Only within <see cref="IRuntimeHost.OnGiving"/>.</summary>
    public void Follow(IInvocationSink sink, in InvocationFacts facts)
    {
        if (!_freeDeliveries.TryPop(out Delivery? delivery)) delivery = new Delivery();
        Start(delivery, sink, facts);
        _following.Enqueue(delivery);
    }

    /// <summary>The sink does not want the result any more; the function runs on.</summary>
    public void Detach(IInvocationSink sink)
    {
        Detach(_delivery, sink);
        foreach (Delivery delivery in _following) Detach(delivery, sink);
    }

    /// <summary>Of a process that is lost: whoever waits for an event that was given with others and not begun; null when nobody is left.</summary>
    public IInvocationSink? TakeFollowingOrNull()
    {
        while (_following.TryDequeue(out Delivery? delivery))
        {
            IInvocationSink? sink = delivery.TakeSink();
            delivery.End();
            if (sink is not null) return sink;
        }

        return null;
    }

    /// <summary>The process is lost. Whoever waits for a result gets the document, or nobody does.</summary>
    public void End(PooledBytes document)
    {
        HasEnded = true;
        AbortPolls();
        if (_stream.IsOpen) _stream.Cut();
        if (_delivery.TakeSink() is { } sink) sink.OnResult(failed: true, document, "application/json"u8);
        else document.Return();
        _delivery.End();
    }

    /// <summary>Gives up the polls that wait: the process that made them is gone.</summary>
    public void AbortPolls()
    {
        while (_polls.Count > 0)
        {
            Poll last = _polls[^1];
            _polls.RemoveAt(_polls.Count - 1);
            last.Complete(IoStatus.Aborted);
        }
    }

    private static void Detach(Delivery delivery, IInvocationSink sink)
    {
        if (!ReferenceEquals(delivery.Sink, sink)) return;
        delivery.TakeSink();
        delivery.KeepEvent();
    }

    private void Start(Delivery delivery, IInvocationSink sink, in InvocationFacts facts)
    {
        Span<byte> hex = _invocationId;
        hex.Fill((byte)'0');
        WriteHex(hex[..16], _prefix);
        hex[16] = (byte)'-';
        WriteHex(hex[17..33], ++_deliveries);
        delivery.Start(sink, facts, _deliveries, hex);
    }

    // The API has no signatures, and a browser on this machine reaches loopback: what a page sends tells its origin, or the page's own host where that was
    // made to lead here.
    private static bool IsFromRuntime(RequestHead request)
    {
        if (RuntimeHeaders.IndexOf(request.Headers, "Origin"u8) >= 0 || RuntimeHeaders.IndexOf(request.Headers, "Sec-Fetch-Site"u8) >= 0) return false;
        return Authority.TryParse(request.Authority, out Authority authority) && authority.NamesNobody;
    }

    private static void WriteHex(Span<byte> destination, ulong value)
    {
        for (int i = destination.Length - 1; i >= 0; i--, value >>= 4) destination[i] = "0123456789abcdef"u8[(int)(value & 0xF)];
    }

    private LoopTask NextAsync(Exchange exchange)
    {
        if (HasEnded) return RuntimeReply.RefuseAsync(exchange, 500, RuntimeDocuments.EnvironmentLost);
        RuntimeMove move = RuntimeLife.Next(State, RuntimeEvent.Next);
        if (move.Verdict == RuntimeVerdict.SameEvent)
        {
            _host.OnRepeatedPoll();
            return GiveAsync(exchange);
        }

        if (move.Verdict != RuntimeVerdict.Allowed) return RuntimeReply.RefuseAsync(exchange, 403, RuntimeDocuments.Forbidden(State, RuntimeEvent.Next));
        bool asksAnew = State != RuntimeState.Ready;
        State = move.State;
        if (asksAnew)
        {
            _delivery.End();
            _host.OnReady();
        }

        if (State == RuntimeState.Running && asksAnew) return GiveFirstAsync(exchange);
        return HasEnded ? RuntimeReply.RefuseAsync(exchange, 500, RuntimeDocuments.EnvironmentLost) : WaitAsync(exchange);
    }

    private async LoopTask WaitAsync(Exchange exchange)
    {
        if (!_freePolls.TryPop(out Poll? poll)) poll = new Poll(this);
        _polls.Add(poll);
        exchange.Pending = poll;
        exchange.HoldsEarlierAnswers = true; // who asks for the next event before it has its answer waits for neither alone
        IoStatus status = await poll.WaitAsync(_loop);
        exchange.Pending = null;
        _freePolls.Push(poll);
        if (status == IoStatus.Ok && State == RuntimeState.Running) await GiveFirstAsync(exchange);
    }

    // By now more may wait than when the event was chosen.
    private LoopTask GiveFirstAsync(Exchange exchange)
    {
        int most = MostOf(exchange.Request.Headers);
        if (most > 0 && !_delivery.Streams && _delivery.Sink is not null) _host.OnGiving(most);
        return GiveAsync(exchange);
    }

    private static int MostOf(HeaderTable headers)
    {
        int index = RuntimeHeaders.IndexOf(headers, RuntimeHeaders.Ahead);
        return index >= 0 && System.Buffers.Text.Utf8Parser.TryParse(headers.Value(index), out ushort most, out int read) && read == headers.Value(index).Length ? most : 0;
    }

    private LoopTask GiveAsync(Exchange exchange)
    {
        HeaderTable headers = exchange.Response.Headers;
        exchange.Response.Status = 200;
        headers.Add(KnownHeader.ContentType, "Content-Type"u8, "application/json"u8);
        headers.Add(KnownHeader.Other, RuntimeHeaders.RequestId, _delivery.RequestId);
        Span<byte> digits = stackalloc byte[20];
        var deadline = new ByteWriter(digits);
        deadline.Write(_delivery.Deadline);
        headers.Add(KnownHeader.Other, RuntimeHeaders.DeadlineMs, deadline.Written);
        headers.Add(KnownHeader.Other, RuntimeHeaders.FunctionArn, _delivery.Arn.Span);
        if (_delivery.Trace.Length > 0) headers.Add(KnownHeader.Other, RuntimeHeaders.TraceId, _delivery.Trace.Span);
        if (_delivery.ClientContext.Length > 0) headers.Add(KnownHeader.Other, RuntimeHeaders.ClientContext, _delivery.ClientContext.Span);
        headers.Add(KnownHeader.Other, RuntimeHeaders.InvocationId, _delivery.InvocationId);
        BodyChunk body = _following.Count > 0 && MostOf(exchange.Request.Headers) > 0 ? Together(headers) : _delivery.Event;
        exchange.StartResponse(BodyFraming.Length, body.Length);
        LoopTask<IoStatus> sent = exchange.EndAsync(body); // sent or copied by now
        _several.Return();
        return RuntimeReply.WaitFor(sent);
    }

    // The first event as its fields say, then each other behind its own fields, which begin with the line end that a status line has.
    private BodyChunk Together(HeaderTable headers)
    {
        Span<byte> digits = stackalloc byte[20];
        var first = new ByteWriter(digits);
        first.Write(_delivery.Event.Length);
        headers.Add(KnownHeader.Other, RuntimeHeaders.First, first.Written);
        _several.Append(_delivery.Event.Span);
        foreach (Delivery delivery in _following)
        {
            WriteField("Content-Length"u8, delivery.Event.Length);
            WriteField(RuntimeHeaders.RequestId, delivery.RequestId);
            WriteField(RuntimeHeaders.DeadlineMs, delivery.Deadline);
            WriteField(RuntimeHeaders.FunctionArn, delivery.Arn.Span);
            if (delivery.Trace.Length > 0) WriteField(RuntimeHeaders.TraceId, delivery.Trace.Span);
            if (delivery.ClientContext.Length > 0) WriteField(RuntimeHeaders.ClientContext, delivery.ClientContext.Span);
            WriteField(RuntimeHeaders.InvocationId, delivery.InvocationId);
            _several.Append("\r\n\r\n"u8);
            _several.Append(delivery.Event.Span);
        }

        return new BodyChunk(_several.Array, 0, _several.Length);
    }

    private void WriteField(ReadOnlySpan<byte> name, long value)
    {
        Span<byte> digits = stackalloc byte[20];
        var writer = new ByteWriter(digits);
        writer.Write(value);
        WriteField(name, writer.Written);
    }

    private void WriteField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        _several.Append("\r\n"u8);
        _several.Append(name);
        _several.Append(": "u8);
        _several.Append(value);
    }

    private LoopTask TakeAsync(Exchange exchange, RuntimeTarget target, RuntimeEvent happened)
    {
        HeaderTable headers = exchange.Request.Headers;
        int echo = RuntimeHeaders.IndexOf(headers, RuntimeHeaders.InvocationId);
        if (echo >= 0 && (HasEnded || !_delivery.IsCurrent || !headers.Value(echo).SequenceEqual(_delivery.InvocationId)))
        {
            return RuntimeReply.DiscardAndRefuseAsync(exchange, 410, RuntimeDocuments.InvocationTimedOut);
        }

        if (HasEnded || !_delivery.IsCurrent || !target.Names(_delivery.RequestId)) return RuntimeReply.DiscardAndRefuseAsync(exchange, 400, RuntimeDocuments.InvalidRequestId);
        RuntimeMove move = RuntimeLife.Next(State, happened);
        if (move.Verdict == RuntimeVerdict.NoInvocation) return RuntimeReply.DiscardAndRefuseAsync(exchange, 400, RuntimeDocuments.InvalidRequestId);
        if (move.Verdict != RuntimeVerdict.Allowed) return RuntimeReply.DiscardAndRefuseAsync(exchange, 403, RuntimeDocuments.Forbidden(State, happened));
        State = move.State;
        int mode = happened == RuntimeEvent.Response ? RuntimeHeaders.IndexOf(headers, RuntimeHeaders.ResponseMode) : -1;
        if (mode < 0) return CollectAsync(exchange, happened);
        if (!headers.Value(mode).SequenceEqual("streaming"u8))
        {
            Answer(exchange, InvocationEnd.Failed, 0, failed: true, RuntimeDocuments.Failure("Runtime.InvalidResponseModeHeader", _delivery.RequestId, "Invalid function response mode"), "application/json"u8);
            return RuntimeReply.DiscardAndRefuseAsync(exchange, 400, RuntimeDocuments.InvalidResponseMode);
        }

        return _delivery is { Streams: true, Sink: not null } ? StreamAsync(exchange) : CollectAsync(exchange, happened);
    }

    private async LoopTask CollectAsync(Exchange exchange, RuntimeEvent happened)
    {
        PooledBytes body = default;
        long total = 0;
        long declared = exchange.Request.ContentLength;
        ulong delivery = _delivery.Number;
        while (true)
        {
            BodyRead read = await exchange.ReadBodyAsync();
            if (HasEnded || delivery != _delivery.Number)
            {
                body.Return();
                await RuntimeReply.RefuseAsync(exchange, 410, RuntimeDocuments.InvocationTimedOut);
                return;
            }

            if (read.Failed)
            {
                body.Return();
                Answer(exchange, InvocationEnd.Truncated, total, failed: true, RuntimeDocuments.Failure("Runtime.TruncatedResponse", _delivery.RequestId, "HTTP request detected as truncated"), "application/json"u8);
                await RuntimeReply.RefuseAsync(exchange, 400, RuntimeDocuments.Truncated);
                return;
            }

            total += read.Chunk.Length;
            if (Math.Max(total, declared) <= RuntimeDocuments.PayloadLimit) body.Append(read.Chunk.Span);
            if (read.Status == BodyStatus.End || total > RuntimeDocuments.PayloadLimit + RuntimeReply.MostDiscarded) break;
        }

        if (total > RuntimeDocuments.PayloadLimit)
        {
            body.Return();
            Answer(exchange, InvocationEnd.TooLarge, total, failed: true, RuntimeDocuments.ResponseTooLarge(total), "application/json"u8);
            await RuntimeReply.RefuseAsync(exchange, 413, RuntimeDocuments.TooLarge);
            return;
        }

        TakeResult(exchange, happened, body, total);
        await RuntimeReply.ReplyAsync(exchange, 202, RuntimeDocuments.Accepted, "application/json"u8);
    }

    private void TakeResult(Exchange exchange, RuntimeEvent happened, PooledBytes body, long total)
    {
        HeaderTable headers = exchange.Request.Headers;
        int type = headers.IndexOf(KnownHeader.ContentType);
        ReadOnlySpan<byte> contentType = type < 0 ? default : headers.Value(type);
        if (happened == RuntimeEvent.Response)
        {
            // A stream for somebody who wants it whole: its failure takes the place of what came before (specification lambda.md 4).
            HeaderTable trailers = exchange.RequestTrailers;
            if (trailers.Count > 0 && RuntimeHeaders.IndexOf(trailers, RuntimeHeaders.ErrorType) >= 0)
            {
                body.Return();
                Answer(exchange, InvocationEnd.Failed, total, failed: true, ErrorOf(trailers), "application/json"u8);
                return;
            }

            Answer(exchange, InvocationEnd.Succeeded, total, failed: false, body, contentType);
            return;
        }

        if (contentType.SequenceEqual("application/vnd.aws.lambda.error.cause+json"u8)) body = RuntimeDocuments.WithoutCause(body);
        Answer(exchange, InvocationEnd.Failed, total, failed: true, body, RuntimeDocuments.IsJson(body.Span) ? "application/json"u8 : "application/octet-stream"u8);
    }

    private static PooledBytes ErrorOf(HeaderTable trailers)
    {
        int index = RuntimeHeaders.IndexOf(trailers, RuntimeHeaders.ErrorBody);
        if (index >= 0)
        {
            byte[] document = trailers.Value(index).ToArray();
            if (System.Buffers.Text.Base64.DecodeFromUtf8InPlace(document, out int length) == System.Buffers.OperationStatus.Done) return PooledBytes.Of(document.AsSpan(0, length));
        }

        string type = System.Text.Encoding.UTF8.GetString(trailers.Value(RuntimeHeaders.IndexOf(trailers, RuntimeHeaders.ErrorType)));
        return RuntimeDocuments.Error(type, "");
    }

    private async LoopTask StreamAsync(Exchange exchange)
    {
        IInvocationSink sink = _delivery.TakeSink()!;
        int type = exchange.Request.Headers.IndexOf(KnownHeader.ContentType);
        LoopTask<StreamEnd> running = _stream.RunAsync(exchange, _streamLimit);
        sink.OnStream(_stream, type < 0 ? default : exchange.Request.Headers.Value(type));
        StreamEnd end = await running;
        if (HasEnded) return; // cut, and its connection with it
        long bytes = _stream.Bytes;
        if (end == StreamEnd.Dropped && !await RuntimeReply.DiscardAsync(exchange)) end = StreamEnd.Truncated;
        if (HasEnded) return;
        State = RuntimeLife.Next(State, RuntimeEvent.Taken).State;
        _host.OnAnswered(EndOf(end), bytes);
        BeginFollowing(exchange);
        switch (end)
        {
            case StreamEnd.Truncated:
                await RuntimeReply.RefuseAsync(exchange, 400, RuntimeDocuments.Truncated);
                break;
            case StreamEnd.TooLarge:
                exchange.CloseAfterwards = true;
                await RuntimeReply.RefuseAsync(exchange, 413, RuntimeDocuments.TooLarge);
                break;
            default:
                await RuntimeReply.ReplyAsync(exchange, 202, RuntimeDocuments.Accepted, "application/json"u8);
                break;
        }
    }

    private static InvocationEnd EndOf(StreamEnd end) => end switch
    {
        StreamEnd.Failed => InvocationEnd.Failed,
        StreamEnd.Truncated => InvocationEnd.Truncated,
        StreamEnd.TooLarge => InvocationEnd.TooLarge,
        _ => InvocationEnd.Succeeded,
    };

    private async LoopTask InitErrorAsync(Exchange exchange)
    {
        RuntimeMove move = RuntimeLife.Next(State, RuntimeEvent.InitError);
        if (HasEnded || move.Verdict != RuntimeVerdict.Allowed)
        {
            await RuntimeReply.DiscardAndRefuseAsync(exchange, 403, RuntimeDocuments.Forbidden(State, RuntimeEvent.InitError));
            return;
        }

        State = move.State;
        PooledBytes document = default;
        while (true)
        {
            BodyRead read = await exchange.ReadBodyAsync();
            if (!read.Failed && document.Length + read.Chunk.Length <= RuntimeDocuments.PayloadLimit) document.Append(read.Chunk.Span);
            if (read.Status != BodyStatus.Data) break;
        }

        // Answered first: the host then stops the process.
        await RuntimeReply.ReplyAsync(exchange, 202, RuntimeDocuments.Accepted, "application/json"u8);
        _host.OnInitError(document);
    }

    // The event is answered: the host counts it, then whoever waits is told.
    private void Answer(Exchange exchange, InvocationEnd end, long bytes, bool failed, PooledBytes body, ReadOnlySpan<byte> contentType)
    {
        State = RuntimeLife.Next(State, RuntimeEvent.Taken).State;
        _host.OnAnswered(end, bytes);
        if (_delivery.TakeSink() is { } sink) sink.OnResult(failed, body, contentType);
        else body.Return();
        BeginFollowing(exchange);
    }

    // What was given with the event that is answered: the runtime begins it now, without asking.
    private void BeginFollowing(Exchange exchange)
    {
        // A runtime that wants no more of its connection is leaving.
        if (!exchange.Request.KeepAlive || !_following.TryDequeue(out Delivery? next)) return;
        _delivery.End();
        _freeDeliveries.Push(_delivery);
        _delivery = next;
        State = RuntimeLife.Next(State, RuntimeEvent.Follows).State;
        _host.OnFollowing(next.Sink);
    }

    /// <summary>A runtime that waits for an event.</summary>
    private sealed class Poll(RuntimeHandler handler) : IAbortable
    {
        private LoopWait? _wait;

        public LoopTask<IoStatus> WaitAsync(EventLoop loop)
        {
            _wait = loop.RentWait();
            return _wait.Start();
        }

        public void Complete(IoStatus status)
        {
            LoopWait? wait = _wait;
            _wait = null;
            wait?.Complete(status);
        }

        // Its connection broke: it must not be given an event.
        public void Abort()
        {
            if (handler._polls.Remove(this)) Complete(IoStatus.Aborted);
        }
    }
}

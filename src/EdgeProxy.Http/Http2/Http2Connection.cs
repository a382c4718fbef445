using System.Buffers.Binary;
using System.Diagnostics;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Core.Text;
using EdgeProxy.Http.Http1;
using EdgeProxy.Http.Http2.FlowControl;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Http2.Streams;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Http2;

/// <summary>A client's HTTP/2 connection: reads frames, has requests answered side by side, and sends what all of them wrote once a turn.</summary>
/// <remarks>
/// <code>
///   preface --> Serving --drain, or requests enough--> Announced (GOAWAY 2^31-1, PING) --PING ACK--> Leaving (GOAWAY last) --no stream left--\
///                  \--connection error--> GOAWAY -------------------------------------------------------------------------> Lingering --> Closed
/// </code>
/// Reading is not a task that waits but a callback: an idle connection is this object and its tables. Everything a frame does is done
/// while it is read; only handlers wait. What is written goes to <see cref="Http2Sender"/> and leaves at the end of the turn.
/// </remarks>
internal sealed class Http2Connection : ClientConnection
{
    private const int FramesPerTurn = 1024;
    private const int RequestsPerTurn = 64;
    private const int LargestFrame = FrameHeader.LeastMaxFrameSize;
    private const int LeastUsefulWindow = 1024;
    private const long DrainPingTime = 1_000_000_000;
    private const int EarlyStreams = 1000;
    private const int LingerBytes = 1024 * 1024;
    private const long LingerTime = 2_000_000_000;
    private const long DrainPing = 0x6564_6765_6472_6169; // tells our PING from none

    // Frames a client may spend for what was called for: an update of each window and a ping for a DATA frame, a priority for a request.
    private const int EarnedByData = 4;
    private const int EarnedByRequest = 4;

    private HpackDecoder? _decoder;
    private InboundBuffer? _inbound;
    private StreamTable<Http2Exchange> _streams = new();
    private readonly Http2Sender _sender;
    private ReceiveWindow _receiveWindow = new(SendWindow.Initial);
    private Http2Settings _client = new();
    private ResetBudget _resets;
    private ControlBudget _control;

    private FieldBlock _block;
    private DataUnderWay _data;
    private RecentResets _recentResets;
    private Http2Exchange? _unfinished;
    private int _lastStream;
    private int _announcedLast = int.MaxValue;
    private long _streamsOpened;
    private int _refusedEarly;
    private long _frameStarted;
    private long _openedAt;
    private long _idleSince;
    private long _settingsDue;
    private long _drainDue;
    private DrainStep _drain;
    private bool _prefaceDue = true;
    private bool _settingsSeen;
    private bool _resuming;
    private bool _reading;
    private bool _leaving;
    private bool _lingering;
    private bool _closed;
    private CloseReason _leaveReason;
    private int _discarded;

    /// <summary>Takes over a connection in plain text that began with the preface.</summary>
    public Http2Connection(ClientConnection earlier)
        : base(earlier)
    {
        Options = Server.Options.Http2;
        _sender = new Http2Sender(this);
        _resets = new ResetBudget(Options.ResetBudget);
        _recentResets = new RecentResets(Options.MaxConcurrentStreams);
    }

    /// <summary>A connection whose TLS handshake agreed on HTTP/2.</summary>
    public Http2Connection(HttpServer server, Connection transport, IpAddress? counted, LocalAddress? local)
        : base(server, transport, counted, local)
    {
        Options = Server.Options.Http2;
        _sender = new Http2Sender(this);
        _resets = new ResetBudget(Options.ResetBudget);
        _recentResets = new RecentResets(Options.MaxConcurrentStreams);
    }

    private enum DrainStep : byte
    {
        None,

        /// <summary>The client was told that no more streams are wanted; those on their way are served.</summary>
        Announced,

        /// <summary>The client was told the last stream that is served.</summary>
        Leaving,
    }

    public override ClientProtocol Protocol => ClientProtocol.Http2;

    /// <summary>The limits this connection was opened with.</summary>
    public Http2Options Options { get; }

    /// <summary>Whether the client may send hardly any body at all now, because other streams' bytes are unread.</summary>
    public bool IsReceiveWindowClosed => _receiveWindow.Left < LeastUsefulWindow;

    /// <summary>What sends for it.</summary>
    public Http2Sender Sender => _sender;

    private EventLoop Loop => Transport.Loop;

    private HpackDecoder Decoder => _decoder ??= new HpackDecoder();

    private HpackLimits DecodeLimits => new(Options.MaxHeaderList, Server.Options.Head.HeaderCount);

    private int Stripe => Loop.Ordinal;

    private Http2Metrics Metrics => Server.Metrics.Http2;

    /// <summary>Begins with what was received so far, from the preface on; the buffer belongs to the connection from here.</summary>
    public void Start(InboundBuffer inbound)
    {
        Transport.Owner = this;
        _inbound = inbound;
        _openedAt = _idleSince = Loop.Now;
        _sender.WriteSettings(Options, _receiveWindow.Enlarge(Options.ConnectionWindow));
        _settingsDue = Loop.Now + Server.Options.HeadTimeout;
        Read();
    }

    public override void OnReadable()
    {
        if (!_resuming) Read();
    }

    public override void OnReset() => CloseNow(CloseReason.ClientReset, AbortReason.ClientGone);

    public override void OnDeadline()
    {
        long now = Loop.Now;
        if (_leaving)
        {
            CloseNow(_leaveReason, AbortReason.ClientGone);
            return;
        }

        if (_frameStarted != 0 && now >= _frameStarted + Server.Options.HeadTimeout)
        {
            Server.Metrics.HeadTimeouts.Increment(Stripe);
            Metrics.SlowHead.Increment(Stripe);
            Fail(Http2ErrorCode.EnhanceYourCalm, CloseReason.HeadTimeout);
        }
        else if (_settingsDue != 0 && now >= _settingsDue)
        {
            Fail(Http2ErrorCode.SettingsTimeout, CloseReason.HeadTimeout);
        }
        else if (_drainDue != 0 && now >= _drainDue)
        {
            _drainDue = 0;
            AnnounceLast();
        }
        else if (_drain == DrainStep.None && now >= _openedAt + Options.ConnectionAge)
        {
            Metrics.ConnectionAge.Increment(Stripe);
            Drain();
        }
        else if (_streams.Count == 0 && now >= _idleSince + Server.Options.IdleTimeout)
        {
            Server.Metrics.IdleTimeouts.Increment(Stripe);
            if (_settingsSeen) Leave(Http2ErrorCode.NoError, CloseReason.IdleTimeout);
            else CloseNow(CloseReason.IdleTimeout, AbortReason.ClientGone);
        }

        if (!_closed && !_leaving) SetDeadline();
    }

    /// <summary>Asks the client for no more streams, and closes once those it has are served (RFC 9113, 6.8).</summary>
    public override void Drain()
    {
        if (_closed || _leaving || _drain != DrainStep.None) return;
        if (!_settingsSeen)
        {
            CloseNow(CloseReason.Drained, AbortReason.Drained);
            return;
        }

        _drain = DrainStep.Announced;
        _drainDue = Loop.Now + DrainPingTime;
        WriteGoAway(int.MaxValue, Http2ErrorCode.NoError);

        // What the client opened before it saw the GOAWAY is here once its answer to this is.
        Span<byte> payload = stackalloc byte[PingFrame.Length];
        BinaryPrimitives.WriteInt64BigEndian(payload, DrainPing);
        _sender.WritePing(FrameFlags.None, payload);
        SetDeadline();
    }

    public override void Cut()
    {
        if (_closed) return;
        WriteGoAway(Math.Min(_lastStream, _announcedLast), Http2ErrorCode.NoError);
        _sender.FlushNow();
        CloseNow(CloseReason.Drained, AbortReason.Drained);
    }

    // ---- Reading

    private void Read()
    {
        if (_closed || _reading) return;
        _reading = true;
        if (!_leaving) ReadFrames();
        else if (_lingering) Discard();
        _reading = false;
        if (_closed) return;
        if (_inbound is { Length: 0 } inbound)
        {
            _inbound = null;
            Server.ReturnInbound(inbound);
        }

        if (!_leaving) SetDeadline();
    }

    private void ReadFrames()
    {
        _inbound ??= Server.RentInbound();
        int frames = FramesPerTurn;
        int requests = RequestsPerTurn;
        while (true)
        {
            while (_inbound!.Length > 0 && ReadFrame(ref frames, ref requests))
            {
                if (_closed || _leaving) return;
                if (frames > 0 && requests > 0) continue;

                // The others of this loop have their turn first.
                ResumeNextTurn();
                return;
            }

            if (_closed || _leaving) return;
            IoResult received = _inbound.Receive(Transport);
            if (received.IsOk) continue;
            if (received.Status == IoStatus.WouldBlock)
            {
                if (Transport.MayReceive) ResumeNextTurn();
            }
            else
            {
                bool ended = received.Status == IoStatus.Closed;
                CloseNow(ended ? CloseReason.ClientClosed : CloseReason.ClientReset, AbortReason.ClientGone);
            }

            return;
        }
    }

    /// <summary>Reads one frame, or what is there of a DATA frame; false when more bytes are needed.</summary>
    private bool ReadFrame(ref int frames, ref int requests)
    {
        InboundBuffer inbound = _inbound!;
        if (_prefaceDue) return ReadPreface(inbound);
        if (_data.HasMore)
        {
            ReadData(inbound);
            return true;
        }

        ReadOnlySpan<byte> unread = inbound.Unread;
        if (!FrameHeader.TryRead(unread, out FrameHeader header))
        {
            NotePartial();
            return false;
        }

        Http2Violation violation = header.Check(Http2Role.Client, LargestFrame);
        if (violation.IsNone) violation = CheckOrder(header);
        if (violation.EndsConnection)
        {
            Fail(violation);
            return false;
        }

        // Of a DATA frame only the byte that tells its padding is waited for; all others are short, and read whole.
        int needed = FrameHeader.Size + (header.Type == FrameType.Data ? header.Has(FrameFlags.Padded) ? 1 : 0 : header.Length);
        if (unread.Length < needed)
        {
            NotePartial();
            return false;
        }

        _frameStarted = _block.IsUnderWay ? _frameStarted : 0;
        frames--;
        ReadOnlySpan<byte> payload = unread[FrameHeader.Size..needed];
        if (!violation.IsNone)
        {
            violation = OnStreamViolation(header, violation);
        }
        else if (header.Type == FrameType.Headers)
        {
            requests--;
            violation = OnHeaders(header, payload);
        }
        else
        {
            violation = OnFrame(header, payload);
        }

        if (_closed || _leaving) return false;
        if (!violation.IsNone)
        {
            Fail(violation);
            return false;
        }

        inbound.Consume(needed);
        return true;
    }

    private bool ReadPreface(InboundBuffer inbound)
    {
        switch (Preface.Match(inbound.Unread))
        {
            case PrefaceMatch.Whole:
                inbound.Consume(Preface.Length);
                _prefaceDue = false;
                _frameStarted = 0;
                return true;
            case PrefaceMatch.Partial:
                NotePartial();
                return false;
            default:
                Fail(Http2ErrorCode.ProtocolError, CloseReason.Violation);
                return false;
        }
    }

    // Something of a frame is there: from now on its rest is due.
    private void NotePartial()
    {
        if (_frameStarted == 0) _frameStarted = Loop.Now;
    }

    /// <summary>The rules that hold between frames: SETTINGS first, and nothing within a field block.</summary>
    private Http2Violation CheckOrder(in FrameHeader header)
    {
        if (!_settingsSeen)
        {
            if (header.Type != FrameType.Settings || header.Has(FrameFlags.Ack)) return Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "3.4");
            return default;
        }

        if (_block.IsUnderWay)
        {
            bool continues = header.Type == FrameType.Continuation && header.Stream.Value == (uint)_block.Stream;
            return continues ? default : Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "6.10");
        }

        return header.Type == FrameType.Continuation ? Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "6.10") : default;
    }

    private Http2Violation OnFrame(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Type)
        {
            case FrameType.Data:
                return OnData(header, payload);

            case FrameType.Continuation:
                return OnContinuation(header, payload);

            case FrameType.WindowUpdate:
                return OnWindowUpdate(header, payload);

            case FrameType.RstStream:
                return OnRstStream(header, payload);

            case FrameType.Settings:
                return OnSettings(header, payload);

            case FrameType.Ping:
                return OnPing(header, payload);

            case FrameType.PriorityUpdate:
                if (!TryTakeControl()) return default;
                return OnPriorityUpdate(payload);

            case FrameType.GoAway:
                // The client opens no more streams; those it has are served to their end.
                if (!TryTakeControl()) return default;
                if (_drain == DrainStep.None) _drain = DrainStep.Announced;
                AnnounceLast();
                return default;

            default:
                // PRIORITY of RFC 7540 has no meaning any more (RFC 9113, 5.3.2), and a type nobody knows none yet (5.5).
                TryTakeControl();
                return default;
        }
    }

    // ---- Requests

    private Http2Violation OnHeaders(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        Http2Violation violation = HeadersFrame.Read(header, payload, out FramePart part);
        if (!violation.IsNone) return violation;
        if (!header.Stream.IsClients) return Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "5.1.1");

        int id = (int)header.Stream.Value;
        ReadOnlySpan<byte> fragment = payload.Slice(part.Start, part.Length);
        if (header.Has(FrameFlags.EndHeaders)) return OnBlock(id, fragment, header.Has(FrameFlags.EndStream));

        _frameStarted = Loop.Now;
        _block.Begin(id, header.Has(FrameFlags.EndStream), fragment, Loop.Buffers);
        return default;
    }

    private Http2Violation OnContinuation(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (_block.CountContinuation() > Options.ContinuationFrames)
        {
            Metrics.ContinuationFrames.Increment(Stripe);
            return Flood(Metrics.ContinuationFlood);
        }

        if (_block.Length + payload.Length > Options.HeaderBlock)
        {
            Metrics.HeaderBlock.Increment(Stripe);
            return Flood(Metrics.ContinuationFlood);
        }

        _block.Append(payload, Loop.Buffers);
        if (!header.Has(FrameFlags.EndHeaders)) return default;

        int id = _block.Stream;
        _block.End();
        _frameStarted = 0;
        Http2Violation violation = OnBlock(id, _block.Bytes, _block.EndsStream);
        _block.Drop(Loop.Buffers);
        return violation;
    }

    /// <summary>A whole field block: a request's head, its trailers, or what must only be decoded so that the tables stay equal.</summary>
    private Http2Violation OnBlock(int id, ReadOnlySpan<byte> block, bool ends)
    {
        if (block.Length > Options.HeaderBlock)
        {
            Metrics.HeaderBlock.Increment(Stripe);
            return Flood(Metrics.ContinuationFlood);
        }

        if (id > _lastStream) return OnRequest(id, block, ends);
        if (_streams.FindOrNull(id) is { } stream) return OnTrailers(stream, block, ends);

        // A stream that has ended. What was on its way when we reset it is let pass (RFC 9113, 5.1).
        if (!WasReset(id)) return Http2Violation.OfConnection(Http2ErrorCode.StreamClosed, "5.1");
        return PassOver(id, block);
    }

    private Http2Violation OnRequest(int id, ReadOnlySpan<byte> block, bool ends)
    {
        Http2Exchange stream = Server.Http2Exchanges.Rent();
        stream.Attach(this, id, Loop.Now);
        HpackResult decoded = Decoder.Decode(block, FieldBlockKind.Request, DecodeLimits, stream.Request.Headers, out PseudoHeaders pseudo);
        if (decoded.Status is HpackStatus.CompressionError or HpackStatus.Excess)
        {
            Server.Http2Exchanges.Return(stream);
            return Undecodable(decoded.Status);
        }

        _lastStream = id;

        // After the last GOAWAY the client knows that this is not served, and sends it elsewhere.
        if (id > _announcedLast)
        {
            Server.Http2Exchanges.Return(stream);
            return default;
        }

        _streamsOpened++;
        _control.Earn(EarnedByRequest);
        if (_streams.Count >= Options.MaxConcurrentStreams)
        {
            Server.Http2Exchanges.Return(stream);
            return Refuse(id);
        }

        stream.SendWindow = new SendWindow(_client.InitialWindowSize);

        // Until it has seen our settings the client goes by the initial window, but it waits for updates by the smaller one once it has.
        stream.ReceiveWindow = new ReceiveWindow(Options.StreamWindow, _settingsDue == 0 ? Options.StreamWindow : Math.Max(Options.StreamWindow, SendWindow.Initial));
        stream.State = StreamLife.Next(StreamState.Idle, StreamEvent.HeadReceived);
        if (ends) stream.State = StreamLife.Next(stream.State, StreamEvent.EndReceived);
        _streams.Add(id, stream);
        Metrics.Streams.Add(Stripe, 1);
        CountRequest();

        ViolationCode wrong = decoded.Violation;
        StreamPriority? priority = null;
        if (decoded.IsComplete) wrong = RequestRules.Judge(stream.Request, pseudo, ends, Server.Options.Head, Server.Options.Parse, out priority);
        if (wrong != ViolationCode.None) return OnWrongRequest(stream, wrong);

        if (priority is { } said) stream.SetPriority(said);
        if (stream.Request.Tier != DesyncTier.Compliant) Server.Metrics.CountTolerated(Stripe, stream.Request.Tier, stream.Request.Reason);
        stream.Begin();
        ServeAsync(stream).Forget();
        return default;
    }

    private Http2Violation OnWrongRequest(Http2Exchange stream, ViolationCode wrong)
    {
        Server.Metrics.Count(Stripe, wrong);
        if (wrong == ViolationCode.HeadTooLarge) Metrics.HeaderList.Increment(Stripe);
        if (RequestRules.IsMalformed(wrong))
        {
            stream.IsHandled = true;
            return ResetForMistake(stream, Http2ErrorCode.ProtocolError);
        }

        Answer(stream, ViolationAnswers.StatusOf(wrong));
        stream.IsHandled = true; // only now: until then it must not be let go
        TryRelease(stream);
        return default;
    }

    /// <summary>Answers a request that no handler sees, or whose handler failed.</summary>
    private static void Answer(Http2Exchange stream, int status)
    {
        ReadOnlySpan<byte> reason = StatusText.Of(status);
        Span<byte> body = stackalloc byte[128];
        var writer = new ByteWriter(body);
        writer.Write("{\"message\":\""u8);
        writer.Write(reason);
        writer.Write("\"}"u8);
        byte[] block = stream.Loop.Buffers.SendScratch;
        writer.Written.CopyTo(block);
        stream.Response.Clear();
        stream.Response.Status = status;
        stream.Response.Headers.Add(KnownHeader.ContentType, "content-type"u8, "application/json"u8);
        stream.StartResponse(BodyFraming.Length, writer.Length);
        stream.EndAsync(new BodyChunk(block, 0, writer.Length)).Forget();
    }

    private Http2Violation Refuse(int id)
    {
        Metrics.ConcurrentStreams.Increment(Stripe);
        WriteReset(id, Http2ErrorCode.RefusedStream);

        // Before it has seen our settings a client cannot know how many are too many (RFC 9113, 6.5.2).
        if (_settingsDue != 0 && ++_refusedEarly <= EarlyStreams) return default;
        return TakeReset();
    }

    private Http2Violation OnTrailers(Http2Exchange stream, ReadOnlySpan<byte> block, bool ends)
    {
        StreamState next = StreamLife.Next(stream.State, StreamEvent.HeadReceived);
        if (next == StreamState.Illegal)
        {
            Http2Violation decoded = DecodeOnly(block);
            return decoded.IsNone ? OnClosedStream(stream) : decoded;
        }

        if (next == StreamState.ResetByUs) return PassOver(stream.Id, block);

        HeaderTable trailers = stream.RequestTrailers;
        trailers.Clear();
        HpackResult result = Decoder.Decode(block, FieldBlockKind.Trailers, DecodeLimits, trailers, out _);
        if (result.Status is HpackStatus.CompressionError or HpackStatus.Excess) return Undecodable(result.Status);

        // A second block that does not end the message is malformed (RFC 9113, 8.1).
        ViolationCode wrong = !ends ? ViolationCode.BadTrailer : result.Violation;
        if (wrong is ViolationCode.HeadTooLarge or ViolationCode.TooManyHeaders) wrong = ViolationCode.TrailersTooLarge;
        for (int i = trailers.Count - 1; i >= 0; i--)
        {
            if (wrong == ViolationCode.None && RequestRules.IsConnectionField(trailers[i].Known)) wrong = ViolationCode.ConnectionField;
            if (TrailerFields.IsForbidden(trailers[i].Known, trailers.Name(i))) trailers.RemoveAt(i);
        }

        if (wrong != ViolationCode.None)
        {
            trailers.Clear();
            Server.Metrics.Count(Stripe, wrong);
            stream.OnBodyViolation(wrong);
            return ResetForMistake(stream, Http2ErrorCode.ProtocolError);
        }

        return OnBodyEnd(stream);
    }

    /// <summary>A block for a stream that is over on our side: it was on its way, which happens once a stream and not without end.</summary>
    private Http2Violation PassOver(int id, ReadOnlySpan<byte> block) => id > _announcedLast || TryTakeControl() ? DecodeOnly(block) : default;

    private Http2Violation DecodeOnly(ReadOnlySpan<byte> block)
    {
        Http2Exchange scratch = Server.Http2Exchanges.Rent();
        scratch.Request.Clear();
        HpackResult decoded = Decoder.Decode(block, FieldBlockKind.Request, DecodeLimits, scratch.Request.Headers, out _);
        Server.Http2Exchanges.Return(scratch);
        return decoded.Status is HpackStatus.CompressionError or HpackStatus.Excess ? Undecodable(decoded.Status) : default;
    }

    private Http2Violation Undecodable(HpackStatus status)
    {
        if (status == HpackStatus.CompressionError) return Http2Violation.OfConnection(Http2ErrorCode.CompressionError, "4.3");
        Metrics.HeaderList.Increment(Stripe);
        return Flood(Metrics.ContinuationFlood);
    }

    private void CountRequest()
    {
        if (_drain != DrainStep.None) return;
        int most = Server.Options.RequestsPerConnection;
        if (most > 0 && _streamsOpened >= most)
        {
            Server.Metrics.RequestsPerConnection.Increment(Stripe);
            Drain();
        }
        else if (Server.IsDraining)
        {
            Drain();
        }
    }

    private async LoopTask ServeAsync(Http2Exchange stream)
    {
        try
        {
            await Server.Handler.HandleAsync(stream);
        }
        catch (Exception exception)
        {
            Server.OnHandlerFailed(exception);
            if (!stream.ResponseStarted && stream.Aborted == AbortReason.None) Answer(stream, 500);
        }

        stream.IsHandled = true;
        Server.Count(stream);
        if (!stream.ResponseEnded) stream.Abort(AbortReason.HandlerFailed);
        TryRelease(stream);
    }

    // ---- Bodies

    private Http2Violation OnData(in FrameHeader header, ReadOnlySpan<byte> paddingLength)
    {
        Http2Violation violation = DataFrame.Read(header, paddingLength, out FramePart part);
        if (!violation.IsNone) return violation;

        int id = (int)header.Stream.Value;
        if (id > _lastStream || !header.Stream.IsClients) return Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "5.1");

        // The connection's window counts every DATA frame, also those of streams that are gone (RFC 9113, 6.9).
        if (!_receiveWindow.TryTake(header.Length))
        {
            Metrics.ConnectionWindow.Increment(Stripe);
            return Http2Violation.OfConnection(Http2ErrorCode.FlowControlError, "6.9.1");
        }

        _data.Begin(header, part);
        if (part.Start > 0) GiveBack(part.Start);
        Http2Exchange? stream = _streams.FindOrNull(id);

        // What still comes for a stream that we have reset is let pass, but a frame that carries nothing costs what it does anywhere.
        bool wasReset = stream is null ? WasReset(id) : stream.State == StreamState.ResetByUs;
        if (wasReset && part.Length == 0 && !TryTakeControl()) return default;
        if (stream is null)
        {
            if (!wasReset) violation = OnGoneStream(id);
        }
        else
        {
            violation = BeginData(stream, header, part);
        }

        if (!violation.IsNone || _closed || _leaving) return violation;
        if (!_data.HasMore) EndData(_streams.FindOrNull(id));
        return default;
    }

    private Http2Violation BeginData(Http2Exchange stream, in FrameHeader header, FramePart part)
    {
        StreamState next = StreamLife.Next(stream.State, StreamEvent.BodyReceived);
        if (next == StreamState.Illegal) return OnClosedStream(stream);
        if (next == StreamState.ResetByUs) return default;
        if (!stream.ReceiveWindow.TryTake(header.Length))
        {
            Metrics.StreamWindow.Increment(Stripe);
            return ResetForMistake(stream, Http2ErrorCode.FlowControlError);
        }

        // Padding is consumed as it comes: nobody will ever read it.
        int padding = header.Length - part.Length;
        if (padding > 0) Announce(stream, padding);
        if (part.Length == 0 && !_data.EndsStream && ++stream.EmptyFrames > Options.EmptyFrames)
        {
            Metrics.EmptyFrames.Increment(Stripe);
            return Flood(Metrics.EmptyFlood);
        }

        if (stream.IsWrongLength(part.Length, _data.EndsStream))
        {
            Server.Metrics.Count(Stripe, ViolationCode.LengthMismatch);
            stream.OnBodyViolation(ViolationCode.LengthMismatch);
            return ResetForMistake(stream, Http2ErrorCode.ProtocolError);
        }

        return default;
    }

    /// <summary>Takes what is there of the DATA frame under way.</summary>
    private void ReadData(InboundBuffer inbound)
    {
        Http2Exchange? stream = _streams.FindOrNull(_data.Stream);
        int length = _data.TakeBody(inbound.Length);
        if (length > 0)
        {
            if (stream is not null && CanTakeBody(stream)) stream.OnBody(inbound.Unread[..length]);
            else GiveBack(length);
            inbound.Consume(length);
        }

        length = _data.TakePadding(inbound.Length);
        if (length > 0)
        {
            GiveBack(length);
            inbound.Consume(length);
        }

        if (!_data.HasMore) EndData(stream);
    }

    private void EndData(Http2Exchange? stream)
    {
        if (_data.EndsStream && stream is not null && CanTakeBody(stream)) OnBodyEnd(stream);
    }

    private Http2Violation OnBodyEnd(Http2Exchange stream)
    {
        if (stream.IsWrongLength(0, ends: true))
        {
            Server.Metrics.Count(Stripe, ViolationCode.LengthMismatch);
            stream.OnBodyViolation(ViolationCode.LengthMismatch);
            return ResetForMistake(stream, Http2ErrorCode.ProtocolError);
        }

        stream.State = StreamLife.Next(stream.State, StreamEvent.EndReceived);
        stream.OnBodyEnd();
        TryRelease(stream);
        return default;
    }

    private static bool CanTakeBody(Http2Exchange stream) => stream.State is StreamState.Open or StreamState.HalfClosedLocal;

    /// <summary>Called when the handler has taken body bytes: only now the client may send as many again.</summary>
    internal void OnConsumed(Http2Exchange stream, int length)
    {
        if (_closed) return;
        GiveBack(length);
        Announce(stream, length);
    }

    private void Announce(Http2Exchange stream, int length)
    {
        int increment = stream.ReceiveWindow.Consume(length);
        if (increment == 0 || !CanTakeBody(stream)) return;
        WriteWindowUpdate(stream.Stream, increment);
    }

    private void GiveBack(int length)
    {
        int increment = _receiveWindow.Consume(length);
        if (increment > 0) WriteWindowUpdate(StreamId.Connection, increment);
    }

    // ---- Control frames

    private Http2Violation OnSettings(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Has(FrameFlags.Ack))
        {
            if (_settingsDue == 0) TryTakeControl();
            _settingsDue = 0;
            return default;
        }

        if (_settingsSeen && !TryTakeControl()) return default;
        _settingsSeen = true;
        int window = _client.InitialWindowSize;
        int count = SettingsFrame.Count(payload);
        for (int i = 0; i < count; i++)
        {
            SettingValue value = SettingsFrame.Read(payload, i);
            Http2Violation violation = _client.Apply(value, Http2Role.Client);
            if (!violation.IsNone) return violation;
            if (value.Setting == Http2Setting.HeaderTableSize) _sender.Encoder.SetTableLimit(value.Value);
        }

        _sender.InitialWindow = _client.InitialWindowSize;
        if (!AdjustWindows(_client.InitialWindowSize - window)) return Http2Violation.OfConnection(Http2ErrorCode.FlowControlError, "6.9.2");
        if (!CountControl()) return default;
        _sender.WriteSettingsAck();
        return default;
    }

    private bool AdjustWindows(int difference)
    {
        if (difference == 0) return true;
        int position = 0;
        while (_streams.NextOrNull(ref position) is { } stream)
        {
            if (!stream.SendWindow.TryAdjust(difference)) return false;
            if (difference > 0) _sender.OnWindow(stream);
        }

        return true;
    }

    private Http2Violation OnPing(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Has(FrameFlags.Ack))
        {
            if (_drainDue != 0 && BinaryPrimitives.ReadInt64BigEndian(payload) == DrainPing)
            {
                _drainDue = 0;
                AnnounceLast();
            }
            else
            {
                TryTakeControl();
            }

            return default;
        }

        if (!TryTakeControl() || !CountControl()) return default;
        _sender.WritePing(FrameFlags.Ack, payload);
        return default;
    }

    private Http2Violation OnWindowUpdate(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        int id = (int)header.Stream.Value;
        if (id > _lastStream || (id != 0 && !header.Stream.IsClients)) return Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "5.1");
        if (!TryTakeControl()) return default;

        Http2Violation violation = WindowUpdateFrame.Read(header, payload, out int increment);
        if (id == 0)
        {
            if (!violation.IsNone) return violation;
            return _sender.TryGrowWindow(increment) ? default : Http2Violation.OfConnection(Http2ErrorCode.FlowControlError, "6.9.1");
        }

        if (_streams.FindOrNull(id) is not { } stream || stream.State is StreamState.Closed or StreamState.ResetByUs) return default;
        if (!violation.IsNone) return ResetForMistake(stream, violation.Code);
        if (!stream.SendWindow.TryGrow(increment)) return ResetForMistake(stream, Http2ErrorCode.FlowControlError);
        _sender.OnWindow(stream);
        return default;
    }

    private Http2Violation OnRstStream(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        int id = (int)header.Stream.Value;
        if (id > _lastStream || !header.Stream.IsClients) return Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "5.1");
        Http2ErrorCode code = RstStreamFrame.Read(payload);
        Metrics.CountResetReceived(Stripe, code);
        if (_streams.FindOrNull(id) is not { } stream || stream.State is StreamState.Closed or StreamState.ResetByUs)
        {
            TryTakeControl();
            return default;
        }

        // The slot stays taken until the handler has stopped: to reset is no way to have more work done at once.
        stream.State = StreamLife.Next(stream.State, StreamEvent.ResetReceived);
        GiveBack(stream.DropBody());
        _sender.Forget(stream);
        stream.Abort(AbortReason.ClientGone);
        TryRelease(stream);
        return TakeReset();
    }

    private Http2Violation OnPriorityUpdate(ReadOnlySpan<byte> payload)
    {
        Http2Violation violation = PriorityUpdateFrame.Read(payload, out StreamId id, out StreamPriority priority);
        if (!violation.IsNone) return violation;

        // For a stream that is not open yet it would have to be kept; the field that comes with the request says the same.
        if (_streams.FindOrNull((int)id.Value) is not { } stream) return default;
        _sender.SetPriority(stream, priority);
        return default;
    }

    // ---- Mistakes and limits

    /// <summary>A frame whose header is wrong in a way that ends only its stream.</summary>
    private Http2Violation OnStreamViolation(in FrameHeader header, Http2Violation violation)
    {
        int id = (int)header.Stream.Value;
        if (_streams.FindOrNull(id) is { } stream && stream.State is not (StreamState.Closed or StreamState.ResetByUs)) return ResetForMistake(stream, violation.Code);
        if (id > _lastStream || !header.Stream.IsClients) return Http2Violation.OfConnection(violation.Code, "5.1"); // an idle stream cannot be reset
        return OnGoneStream(id);
    }

    /// <summary>A frame for a stream whose client has ended its direction (RFC 9113, 5.1).</summary>
    private Http2Violation OnClosedStream(Http2Exchange stream)
    {
        if (stream.State == StreamState.HalfClosedRemote) return ResetForMistake(stream, Http2ErrorCode.StreamClosed);
        return Http2Violation.OfConnection(Http2ErrorCode.StreamClosed, "5.1");
    }

    /// <summary>A frame for a stream that ended and was forgotten.</summary>
    private Http2Violation OnGoneStream(int id)
    {
        WriteReset(id, Http2ErrorCode.StreamClosed);
        return TakeReset();
    }

    /// <summary>Resets a stream for what the client did; it comes out of the same budget as the client's own resets (CVE-2025-8671).</summary>
    private Http2Violation ResetForMistake(Http2Exchange stream, Http2ErrorCode code)
    {
        Reset(stream, code);
        stream.Abort(AbortReason.ClientGone);
        TryRelease(stream);
        return TakeReset();
    }

    private Http2Violation TakeReset()
    {
        if (_closed || _leaving || _resets.TryTake(Loop.Now, Options.ResetBudget, Options.ResetRefill, _streamsOpened)) return default;
        Metrics.Resets.Increment(Stripe);
        return Flood(Metrics.RapidReset);
    }

    /// <summary>Takes one of the frames that a client may send without need; false when the connection has ended for it.</summary>
    private bool TryTakeControl()
    {
        if (_control.TryTake(Loop.Now, Options.ControlFramesPer10s)) return true;
        Metrics.ControlFrames.Increment(Stripe);
        Fail(Flood(Metrics.ControlFlood));
        return false;
    }

    /// <summary>Counts an answer to a control frame; false when too many of them wait for a client that does not read.</summary>
    private bool CountControl()
    {
        if (_sender.TryCountControl(Options.OutputFrames)) return true;
        Metrics.OutputFrames.Increment(Stripe);
        Fail(Flood(Metrics.OutputFlood));
        return false;
    }

    private Http2Violation Flood(Counter kind)
    {
        kind.Increment(Stripe);
        return Http2Violation.OfConnection(Http2ErrorCode.EnhanceYourCalm, "10.5");
    }

    private void Fail(Http2Violation violation) => Fail(violation.Code, CloseReason.Violation);

    /// <summary>Ends the connection for what the client did (RFC 9113, 5.4.1).</summary>
    private void Fail(Http2ErrorCode code, CloseReason reason)
    {
        if (_closed || _leaving) return;
        if (code != Http2ErrorCode.EnhanceYourCalm) Metrics.CountError(Stripe, code); // a flood is counted by its kind
        Leave(code, reason);
    }

    private bool WasReset(int id) => id > _announcedLast || _recentResets.Contains(id);

    // ---- Writing

    /// <summary>Called when a response has waited too long.</summary>
    internal void OnStalled(Http2Exchange stream)
    {
        // A stream that waits for its turn, and not for its client's window, is not the client's fault; a client that takes nothing at
        // all meets the connection's own limit.
        if (stream.Queue >= 0 && _sender.HasWindow && stream.SendWindow.Left > 0 && !stream.MaySendTiny)
        {
            stream.RestartWriteDeadline();
            return;
        }

        Metrics.StreamStall.Increment(Stripe);
        Reset(stream, Http2ErrorCode.Cancel);
        stream.Abort(AbortReason.ClientTooSlow);
        TryRelease(stream);
    }

    private void WriteWindowUpdate(StreamId stream, int increment)
    {
        if (!_closed && !_leaving) _sender.WriteWindowUpdate(stream, increment);
    }

    private void WriteGoAway(int last, Http2ErrorCode code)
    {
        Metrics.CountGoAway(Stripe, code);
        _sender.WriteGoAway(new StreamId((uint)last), code);
    }

    private void WriteReset(int id, Http2ErrorCode code)
    {
        Metrics.CountResetSent(Stripe, code);
        _recentResets.Add(id);
        if (CountControl()) _sender.WriteReset(new StreamId((uint)id), code);
    }

    private void Reset(Http2Exchange stream, Http2ErrorCode code)
    {
        StreamState next = StreamLife.Next(stream.State, StreamEvent.ResetSent);
        if (next == StreamState.Illegal) return;
        stream.State = next;
        _sender.Forget(stream);
        if (_closed || _leaving) return;
        GiveBack(stream.DropBody());
        WriteReset(stream.Id, code);
    }

    /// <summary>Called first thing when an exchange is aborted, by its handler or from here.</summary>
    internal void OnAborted(Http2Exchange stream, AbortReason reason)
    {
        _sender.Forget(stream);
        if (stream.State is StreamState.Closed or StreamState.ResetByUs) return;
        Reset(stream, reason is AbortReason.Drained or AbortReason.ClientTooSlow or AbortReason.ClientGone ? Http2ErrorCode.Cancel : Http2ErrorCode.InternalError);
    }

    /// <summary>Called when the last of a response is in the output.</summary>
    internal void OnSent(Http2Exchange stream)
    {
        stream.State = StreamLife.Next(stream.State, StreamEvent.EndSent);
        TryRelease(stream);
    }

    /// <summary>Called when a DATA frame went out, which calls for updates of its windows.</summary>
    internal void OnDataSent() => _control.Earn(EarnedByData);

    /// <summary>Called before what has gathered leaves.</summary>
    internal void BeforeFlush() => ResetUnfinished();

    /// <summary>Called when all that has gathered has left.</summary>
    internal void OnAllSent()
    {
        if (_leaving) StartLinger();
        else if (_drain == DrainStep.Leaving && _streams.Count == 0) Leave(Http2ErrorCode.NoError, CloseReason.Drained, announce: false);
    }

    // ---- The end of streams and of the connection

    /// <summary>Lets a stream go that is over for both sides and for its handler.</summary>
    private void TryRelease(Http2Exchange stream)
    {
        if (!stream.IsHandled) return;
        if (stream.State == StreamState.HalfClosedLocal && !_closed)
        {
            // The request may end with what is already received, this very turn.
            if (stream.IsUnfinished) return;
            stream.IsUnfinished = true;
            stream.NextUnfinished = _unfinished;
            _unfinished = stream;
            _sender.AskFlush();
            return;
        }

        if (stream.State is not (StreamState.Closed or StreamState.ResetByUs) || stream.IsUnfinished) return;

        // A reset may be one answer too many and end the connection, and with it let go the very stream that was being reset.
        if (!_streams.Remove(stream.Id)) return;
        if (!_closed && !_leaving) GiveBack(stream.DropBody());
        Metrics.Streams.Add(Stripe, -1);
        stream.Detach();
        Server.Http2Exchanges.Return(stream);
        if (_streams.Count > 0) return;
        if (_closed)
        {
            _streams.Release();
            return;
        }

        _idleSince = Loop.Now;
        if (_drain == DrainStep.Leaving) _sender.AskFlush();
        if (!_reading && !_leaving) SetDeadline();
    }

    /// <summary>Stops the rest of requests that were answered before they were whole (RFC 9113, 8.1).</summary>
    private void ResetUnfinished()
    {
        while (_unfinished is { } stream)
        {
            _unfinished = stream.NextUnfinished;
            stream.NextUnfinished = null;
            stream.IsUnfinished = false;
            if (stream.State == StreamState.HalfClosedLocal) Reset(stream, Http2ErrorCode.NoError);
            TryRelease(stream);
        }
    }

    /// <summary>The second step of a drain: from here on no new stream is served.</summary>
    private void AnnounceLast()
    {
        if (_drain == DrainStep.Leaving || _closed) return;
        _drain = DrainStep.Leaving;
        _drainDue = 0;
        _announcedLast = _lastStream;
        WriteGoAway(_lastStream, Http2ErrorCode.NoError);
        SetDeadline();
    }

    /// <summary>Ends the connection in order: GOAWAY, what is in the output, and then no more.</summary>
    private void Leave(Http2ErrorCode code, CloseReason reason, bool announce = true)
    {
        if (_closed || _leaving) return;
        if (announce) WriteGoAway(Math.Min(_lastStream, _announcedLast), code);
        _leaving = true;
        _leaveReason = reason;
        AbortAll(AbortReason.ClientGone);
        _block.Drop(Loop.Buffers);
        Transport.SetIdleDeadline(Loop.Now + LingerTime);
        if (announce) _sender.AskFlush();
        else StartLinger();
    }

    /// <summary>Reads what still comes before closing: closing with unread bytes would reset the connection and may destroy the GOAWAY.</summary>
    private void StartLinger()
    {
        if (_lingering) return;
        _lingering = true;
        Transport.ShutdownSend();
        Read(); // not Discard itself: a receive may report at once that there is more, and must not read within the read
    }

    private void Discard()
    {
        if (_closed) return;
        _inbound ??= Server.RentInbound();
        while (true)
        {
            _inbound.Consume(_inbound.Length);
            IoResult received = _inbound.Receive(Transport);
            if (received.IsOk)
            {
                _discarded += received.Count;
                if (_discarded <= LingerBytes) continue;
            }
            else if (received.Status == IoStatus.WouldBlock)
            {
                if (Transport.MayReceive) ResumeNextTurn();
                return;
            }

            CloseNow(_leaveReason, AbortReason.ClientGone);
            return;
        }
    }

    /// <summary>Closes at once, for a client that is gone or has been told.</summary>
    internal void CloseNow(CloseReason reason, AbortReason abort)
    {
        if (_closed) return;
        _closed = true;
        AbortAll(abort);
        _sender.Close();
        _block.Drop(Loop.Buffers);
        if (_inbound is { } inbound)
        {
            _inbound = null;
            Server.ReturnInbound(inbound);
        }

        Close(reason);
    }

    /// <summary>Ends every stream; those whose handlers still run are let go when these end.</summary>
    private void AbortAll(AbortReason reason)
    {
        _unfinished = null;
        int position = 0;
        while (_streams.NextOrNull(ref position) is { } stream)
        {
            stream.IsUnfinished = false;
            stream.State = StreamState.Closed;
            _sender.Forget(stream);
            stream.Abort(reason);
            if (!stream.IsHandled) continue;
            TryRelease(stream);
            position--; // another may stand in its place now
        }
    }

    private void ResumeNextTurn()
    {
        if (_resuming) return;
        _resuming = true;
        ResumeAsync().Forget();
    }

    private async LoopTask ResumeAsync()
    {
        await Loop.YieldAsync();
        _resuming = false;
        Read();
    }

    private void SetDeadline()
    {
        long deadline = long.MaxValue;
        if (_frameStarted != 0) deadline = _frameStarted + Server.Options.HeadTimeout;
        if (_settingsDue != 0) deadline = Math.Min(deadline, _settingsDue);
        if (_drainDue != 0) deadline = Math.Min(deadline, _drainDue);
        if (_drain == DrainStep.None) deadline = Math.Min(deadline, _openedAt + Options.ConnectionAge);
        if (_streams.Count == 0) deadline = Math.Min(deadline, _idleSince + Server.Options.IdleTimeout);
        Transport.SetIdleDeadline(deadline);
    }
}

using System.Diagnostics;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http2;
using EdgeProxy.Http.Http2.FlowControl;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Http2.Streams;
using EdgeProxy.Http.Messages;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Client.Http2;

/// <summary>An HTTP/2 connection to an upstream, which many calls share (RFC 9113, the client's side).</summary>
/// <remarks>
/// <para>Runs on events: whatever arrives is taken apart at once and handed to the calls, which resume from the loop's ready queue.
/// All that calls write in a turn leaves in one send at its end.</para>
/// <para>The connection's receive window is given back as bytes arrive, the streams' windows as they are read: a call whose client
/// is slow holds up itself and no other, and what is held is bounded by the streams' windows.</para>
/// <para>Loop thread only.</para>
/// </remarks>
internal sealed class Http2UpstreamConnection : IConnectionOwner, ITurnOutput
{
    /// <summary>A stream's window until its reader has shown that it reads.</summary>
    public const int FirstStreamWindow = 16 * 1024;

    private const int ReceiveWindowSize = 1024 * 1024;

    /// <summary>The largest head that is sent: what a head may take in HTTP/1.1 too.</summary>
    private const int LargestHead = LoopBuffers.ScratchSize;

    private const int FramesForData = 2;
    private const int FramesForCancelled = 64;

    private readonly Http2Pool _pool;
    private readonly InboundBuffer _inbound;
    private readonly HpackDecoder _decoder = new();
    private readonly HpackEncoder _encoder = new();
    private readonly long _startedAt;
    private FrameOutput _output;
    private StreamTable<Http2Call> _streams = new();
    private ReceivedBody _headBlock;
    private ReceiveWindow _receiveWindow = new(ReceiveWindowSize);
    private SendWindow _sendWindow = new(SendWindow.Initial);
    private Http2Settings _peer = new();
    private ControlBudget _control;
    private HeaderTable? _discarded;
    private Http2Call? _firstBlocked;
    private Http2Call? _lastBlocked;
    private int _blocked;
    private uint _nextId = 1;
    private int _taken;
    private long _lastReceived;
    private long _idleSince;
    private long _pingDeadline = long.MaxValue;
    private StreamId _headStream;
    private FrameFlags _headFlags;
    private int _continuations;
    private bool _inHead;
    private bool _hasSettings;
    private bool _isGoingAway;
    private bool _flushAsked;
    private bool _draining;
    private bool _readAsked;
    private bool _isIdle;

    internal Http2UpstreamConnection? OfferedBefore;
    internal Http2UpstreamConnection? OfferedAfter;
    internal bool IsOffered;

    public Http2UpstreamConnection(Http2Pool pool, Connection transport)
    {
        _pool = pool;
        Transport = transport;
        _inbound = new InboundBuffer(transport.Loop.Buffers);
        _output = new FrameOutput(transport.Loop.Buffers);
        _startedAt = Loop.Now;
    }

    public Connection Transport { get; }

    public bool IsClosed { get; private set; }

    /// <summary>Streams open, and room taken for those about to open.</summary>
    public int Active => _streams.Count + _taken;

    /// <summary>Whether one more stream may be opened.</summary>
    public bool HasRoom => !IsClosed && !_isGoingAway && _pingDeadline == long.MaxValue && Active < Limit && _nextId <= StreamId.Largest && _output.Room > 0;

    /// <summary>Whether a call on it was answered already, so that a break may be nothing but the end of an old connection.</summary>
    public bool WasUsed { get; private set; }

    private EventLoop Loop => Transport.Loop;

    private int Limit => (int)Math.Min(_hasSettings ? _peer.MaxConcurrentStreams : Http2Pool.FirstStreams, (uint)_pool.Options.MaxStreams);

    /// <summary>Sends what every connection begins with; calls may follow at once (RFC 9113, 3.4).</summary>
    public void Start()
    {
        UpstreamOptions options = _pool.Options;
        Transport.Owner = this;
        Span<byte> room = _output.Reserve(Preface.Length + 128);
        var writer = new ByteWriter(room);
        writer.Write(Preface.Bytes);
        FrameWriter.WriteSettings(ref writer,
        [
            new SettingValue(Http2Setting.EnablePush, 0),
            new SettingValue(Http2Setting.InitialWindowSize, FirstStreamWindow),
            new SettingValue(Http2Setting.MaxHeaderListSize, (uint)options.Head.HeadBytes),
        ]);
        FrameWriter.WriteWindowUpdate(ref writer, StreamId.Connection, ReceiveWindowSize - SendWindow.Initial);
        _output.Commit(writer.Length);
        ScheduleFlush();
        SetDeadline();
        _pool.Offer(this);
        if (Transport.MayReceive) Read();
    }

    /// <summary>Takes the room of one stream, before it opens.</summary>
    public void TakeRoom()
    {
        _taken++;
        if (_isIdle)
        {
            _isIdle = false;
            _pool.CountIdle(-1);
            SetDeadline();
        }

        if (!HasRoom) _pool.Withdraw(this);
    }

    /// <summary>Gives room back that no stream was opened in.</summary>
    public void GiveRoom()
    {
        _taken--;
        OnStreamGone();
    }

    /// <summary>Opens a stream in room taken before, and writes its head.</summary>
    /// <returns>False, with the room given back and nothing written, when the head cannot be sent.</returns>
    public bool TryOpen(Http2Call call, bool ends)
    {
        Debug.Assert(!IsClosed, "a stream is opened on a closed connection");
        _taken--;
        if (!TryWriteHead(call, new StreamId(_nextId), ends))
        {
            OnStreamGone();
            return false;
        }

        call.Id = new StreamId(_nextId);
        call.SendWindow = new SendWindow(_peer.InitialWindowSize);
        call.ReceiveWindow = new ReceiveWindow(FirstStreamWindow);
        _nextId += 2;
        _streams.Add((int)call.Id.Value, call);
        _pool.Streams.Add(_pool.Stripe, 1);
        _control.Earn(FramesForData);
        ScheduleFlush();
        return true;
    }

    /// <summary>Sends as much of a body as windows and output take.</summary>
    /// <param name="call">The stream.</param>
    /// <param name="data">The body's next bytes.</param>
    /// <param name="ends">Whether they are the stream's last.</param>
    /// <returns>Bytes taken. Ends the stream only when all were; when not all were, <see cref="Http2Call.OnSendable"/> is called once more can be.</returns>
    public int SendData(Http2Call call, ReadOnlySpan<byte> data, bool ends)
    {
        int sent = 0;
        while (true)
        {
            int left = data.Length - sent;
            if (left == 0 && (!ends || sent > 0)) break;
            if (_output.Room < FrameOutput.LeastRoom && !_draining) Flush();
            if (IsClosed) break;
            int most = Math.Min(Math.Min(call.SendWindow.Left, _sendWindow.Left), Math.Min(_peer.MaxFrameSize, _output.Room - FrameHeader.Size));
            if (left > 0 && most < Math.Min(left, FrameOutput.LeastRoom) && (most <= 0 || _output.Room < FrameOutput.LeastRoom))
            {
                // A stream that waits for its own window hears of it by itself; the others stand in line.
                if (call.SendWindow.Left > 0) Block(call);
                break;
            }

            int length = Math.Max(0, Math.Min(left, most)); // an end alone needs neither window nor room
            bool last = ends && length == left;
            _output.WriteData(call.Id, data.Slice(sent, length), last ? FrameFlags.EndStream : FrameFlags.None);
            call.SendWindow.Take(length);
            _sendWindow.Take(length);
            _control.Earn(FramesForData);
            sent += length;
            if (last) break;
        }

        ScheduleFlush();
        return sent;
    }

    /// <summary>Sends trailers, which end the stream.</summary>
    public void SendTrailers(Http2Call call, HeaderTable trailers)
    {
        int most = HpackEncoder.MostBytes(trailers, 0);
        most += FrameHeader.Size * (2 + (most / _peer.MaxFrameSize));
        Span<byte> room = _output.Reserve(most);
        var writer = new ByteWriter(room);
        int start = FrameWriter.BeginHeaders(ref writer);
        _encoder.BeginBlock(ref writer);
        _encoder.WriteFields(ref writer, trailers);
        FrameWriter.EndHeaders(ref writer, start, call.Id, FrameFlags.EndStream, _peer.MaxFrameSize);
        _output.Commit(writer.Length);
        ScheduleFlush();
    }

    /// <summary>Says that bytes of a response were read, so that more may come.</summary>
    public void OnConsumed(Http2Call call, int increment)
    {
        if (increment <= 0 || IsClosed) return;
        var writer = new ByteWriter(_output.Reserve(FrameHeader.Size + WindowUpdateFrame.Length));
        FrameWriter.WriteWindowUpdate(ref writer, call.Id, increment);
        _output.Commit(writer.Length);
        ScheduleFlush();
    }

    /// <summary>Ends a stream that is not over, telling the upstream why; the others go on.</summary>
    public void Reset(Http2Call call, Http2ErrorCode code)
    {
        if (IsClosed) return;
        var writer = new ByteWriter(_output.Reserve(FrameHeader.Size + RstStreamFrame.Length));
        FrameWriter.WriteRstStream(ref writer, call.Id, code);
        _output.Commit(writer.Length);
        _pool.ResetsSent.Increment(_pool.Stripe);
        _control.Earn(FramesForCancelled); // what is on its way is not the upstream's fault
        ScheduleFlush();
        Remove(call);
    }

    /// <summary>Forgets a stream that is over in both directions.</summary>
    public void Remove(Http2Call call)
    {
        Unblock(call);
        if (IsClosed || !_streams.Remove((int)call.Id.Value)) return;
        _pool.Streams.Add(_pool.Stripe, -1);
        WasUsed = true;
        OnStreamGone();
    }

    /// <summary>A call timed out: when nothing at all has come since it was sent, the connection may be dead, and takes no more calls until it shows life.</summary>
    /// <param name="sentAt">When the call was sent.</param>
    public void Suspect(long sentAt)
    {
        if (IsClosed || _lastReceived >= sentAt || _pingDeadline != long.MaxValue) return;
        var writer = new ByteWriter(_output.Reserve(FrameHeader.Size + PingFrame.Length));
        FrameWriter.WritePing(ref writer, FrameFlags.None, "liveness"u8);
        _output.Commit(writer.Length);
        _pingDeadline = Loop.Now + _pool.Options.ConnectTimeout;
        _pool.Withdraw(this);
        SetDeadline();
        ScheduleFlush();
    }

    /// <summary>Waits as an idle connection, or closes when enough do.</summary>
    public void BecomeIdle()
    {
        if (_isIdle) return;
        if (_isGoingAway || !_pool.TryKeepIdle())
        {
            Close(Http2ErrorCode.NoError);
            return;
        }

        _isIdle = true;
        _idleSince = Loop.Now;
        SetDeadline();
    }

    /// <summary>Closes now, or when the last stream is over.</summary>
    public void CloseWhenIdle()
    {
        if (Active == 0) Close(Http2ErrorCode.NoError);
    }

    public void OnReadable() => Read();

    public void OnReset() => Lose();

    public void OnDeadline()
    {
        if (IsClosed) return;
        long now = Loop.Now;
        if (!_hasSettings && now >= _startedAt + _pool.Options.ConnectTimeout) Close(Http2ErrorCode.SettingsTimeout);
        else if (now >= _pingDeadline) Lose();
        else if (_isIdle && now >= _idleSince + _pool.Options.IdleTimeout) Close(Http2ErrorCode.NoError);
        else SetDeadline();
    }

    void ITurnOutput.FlushTurn()
    {
        _flushAsked = false;
        if (!_draining) Flush();
    }

    private void OnStreamGone()
    {
        if (IsClosed) return;
        if (Active == 0 && (_isGoingAway || _pool.IsClosing))
        {
            Close(Http2ErrorCode.NoError);
            return;
        }

        if (HasRoom) _pool.Offer(this);
        if (Active == 0) BecomeIdle();
    }

    private void SetDeadline()
    {
        long deadline = _pingDeadline;
        if (!_hasSettings) deadline = Math.Min(deadline, _startedAt + _pool.Options.ConnectTimeout);
        if (_isIdle) deadline = Math.Min(deadline, _idleSince + _pool.Options.IdleTimeout);
        Transport.SetIdleDeadline(deadline);
    }

    private bool TryWriteHead(Http2Call call, StreamId id, bool ends)
    {
        HeaderTable headers = call.Headers;
        ReadOnlySpan<byte> method = headers.Slice(call.MethodStart, call.MethodLength);
        ReadOnlySpan<byte> target = headers.Slice(call.TargetStart, call.TargetLength);
        if (method.IsEmpty || method.ContainsAnyExcept(Syntax.TokenBytes) || target.IsEmpty || target.ContainsAnyExcept(Syntax.TargetBytes)) return false;
        int host = headers.IndexOf(KnownHeader.Host);
        int most = HpackEncoder.MostBytes(headers, method.Length + target.Length);
        if (most > LargestHead) return false;

        Span<byte> room = _output.Reserve(most + 256 + (FrameHeader.Size * (2 + (most / _peer.MaxFrameSize))));
        var writer = new ByteWriter(room);
        int start = FrameWriter.BeginHeaders(ref writer);
        _encoder.BeginBlock(ref writer);
        _encoder.TryWritePseudo(ref writer, PseudoHeader.Method, method);
        _encoder.TryWritePseudo(ref writer, PseudoHeader.Scheme, _pool.Name.IsTls ? "https"u8 : "http"u8);
        bool hasAuthority = host >= 0 && _encoder.TryWritePseudo(ref writer, PseudoHeader.Authority, headers.Value(host));
        Debug.Assert(hasAuthority || host < 0 || headers.Value(host).ContainsAny(Syntax.LineBytes), "a host was not written");
        _encoder.TryWritePseudo(ref writer, PseudoHeader.Path, target);
        for (int i = 0; i < headers.Count; i++)
        {
            ref readonly HeaderField field = ref headers[i];
            if (field.Known is KnownHeader.Host or KnownHeader.ContentLength or KnownHeader.TE) continue; // said otherwise
            _encoder.TryWriteField(ref writer, field.Known, headers.Name(i), headers.Value(i), field.NeverIndexed);
        }

        if (call.Framing == BodyFraming.Length)
        {
            Span<byte> digits = stackalloc byte[20];
            var number = new ByteWriter(digits);
            number.Write(call.ContentLength);
            _encoder.TryWriteField(ref writer, KnownHeader.ContentLength, default, number.Written);
        }

        if (call.WantsTrailers && call.PassesTrailers) _encoder.TryWriteField(ref writer, KnownHeader.TE, default, "trailers"u8);
        FrameWriter.EndHeaders(ref writer, start, id, ends ? FrameFlags.EndStream : FrameFlags.None, _peer.MaxFrameSize);
        if (writer.Overflowed)
        {
            _encoder.ForgetTable();
            return false;
        }

        _output.Commit(writer.Length);
        return true;
    }

    private void ScheduleFlush()
    {
        if (_flushAsked || _draining || IsClosed || _output.Pending == 0) return;
        _flushAsked = true;
        Loop.FlushAtTurnEnd(this);
    }

    private void Flush()
    {
        if (IsClosed) return;
        IoStatus status = _output.Flush(Transport);
        if (status == IoStatus.Ok)
        {
            WakeBlocked();
            if (!IsOffered && HasRoom) _pool.Offer(this);
        }
        else if (status == IoStatus.WouldBlock)
        {
            _draining = true;
            DrainAsync().Forget();
        }
        else
        {
            Lose();
        }
    }

    // Without a deadline of its own: every call has one, and one that passes without a sign of life puts the connection to the test.
    private async LoopTask DrainAsync()
    {
        IoStatus status = await Transport.WritableAsync(long.MaxValue);
        _draining = false;
        if (status == IoStatus.Ok) Flush();
        else if (status != IoStatus.Aborted) Lose();
    }

    private void Block(Http2Call call)
    {
        if (call.IsBlocked) return;
        call.IsBlocked = true;
        call.BlockedBefore = _lastBlocked;
        if (_lastBlocked is null) _firstBlocked = call;
        else _lastBlocked.BlockedAfter = call;
        _lastBlocked = call;
        _blocked++;
    }

    private void Unblock(Http2Call call)
    {
        if (!call.IsBlocked) return;
        call.IsBlocked = false;
        if (call.BlockedBefore is { } before) before.BlockedAfter = call.BlockedAfter;
        else _firstBlocked = call.BlockedAfter;
        if (call.BlockedAfter is { } after) after.BlockedBefore = call.BlockedBefore;
        else _lastBlocked = call.BlockedBefore;
        call.BlockedBefore = call.BlockedAfter = null;
        _blocked--;
    }

    // Each has its turn once; who cannot finish goes to the end of the line.
    private void WakeBlocked()
    {
        for (int left = _blocked; left > 0 && _firstBlocked is { } call && _sendWindow.Left > 0 && _output.Room >= FrameOutput.LeastRoom; left--)
        {
            Unblock(call);
            call.OnSendable();
            if (IsClosed) return;
        }
    }

    private void Read()
    {
        while (!IsClosed)
        {
            IoResult received = _inbound.Receive(Transport);
            if (received.IsOk)
            {
                _lastReceived = Loop.Now;
                if (_pingDeadline != long.MaxValue) OnAlive();
                TakeFrames();
                continue;
            }

            if (received.Status != IoStatus.WouldBlock)
            {
                Lose();
            }
            else if (Transport.MayReceive && !_readAsked)
            {
                // It has had its share of this turn.
                _readAsked = true;
                ReadNextTurnAsync().Forget();
            }

            return;
        }
    }

    private async LoopTask ReadNextTurnAsync()
    {
        await Loop.YieldAsync();
        _readAsked = false;
        Read();
    }

    private void OnAlive()
    {
        _pingDeadline = long.MaxValue;
        SetDeadline();
        if (HasRoom) _pool.Offer(this);
    }

    private void TakeFrames()
    {
        while (!IsClosed)
        {
            ReadOnlySpan<byte> unread = _inbound.Unread;
            if (!FrameHeader.TryRead(unread, out FrameHeader header)) break;
            Http2Violation wrong = header.Check(Http2Role.Server, FrameHeader.LeastMaxFrameSize);
            if (wrong.IsNone) wrong = CheckOrder(header);
            if (wrong.EndsConnection)
            {
                Close(wrong.Code);
                break;
            }

            if (unread.Length < FrameHeader.Size + header.Length) break;
            if (wrong.IsNone) wrong = TakeFrame(header, unread.Slice(FrameHeader.Size, header.Length));
            if (IsClosed) break;
            _inbound.Consume(FrameHeader.Size + header.Length);
            if (wrong.IsNone) continue;
            if (wrong.EndsConnection) Close(wrong.Code);
            else if (_streams.FindOrNull((int)header.Stream.Value) is { } call) call.Refuse(wrong.Code);
        }
    }

    private Http2Violation CheckOrder(in FrameHeader header)
    {
        if (!_hasSettings && (header.Type != FrameType.Settings || header.Has(FrameFlags.Ack))) return Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "3.4");
        bool continues = header.Type == FrameType.Continuation && header.Stream == _headStream;
        if (_inHead ? !continues : header.Type == FrameType.Continuation) return Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "6.10");
        return default;
    }

    private Http2Violation TakeFrame(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        switch (header.Type)
        {
            case FrameType.Data:
                return TakeData(header, payload);
            case FrameType.Headers:
                return TakeHeaders(header, payload);
            case FrameType.Continuation:
                return TakeContinuation(header, payload);
            case FrameType.RstStream:
                return TakeReset(header, payload);
            case FrameType.Settings:
                return TakeSettings(header, payload);
            case FrameType.Ping:
                return TakePing(header, payload);
            case FrameType.GoAway:
                return TakeGoAway(payload);
            case FrameType.WindowUpdate:
                return TakeWindowUpdate(header, payload);
            default:
                return TakeControl(); // PRIORITY, and what nobody knows: passed over
        }
    }

    private Http2Violation TakeData(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (!_receiveWindow.TryTake(header.Length)) return Http2Violation.OfConnection(Http2ErrorCode.FlowControlError, "6.9.1");
        int increment = _receiveWindow.Consume(header.Length);
        if (increment > 0)
        {
            var writer = new ByteWriter(_output.Reserve(FrameHeader.Size + WindowUpdateFrame.Length));
            FrameWriter.WriteWindowUpdate(ref writer, StreamId.Connection, increment);
            _output.Commit(writer.Length);
            ScheduleFlush();
        }

        Http2Violation wrong = DataFrame.Read(header, payload, out FramePart part);
        if (!wrong.IsNone) return wrong;
        if (_streams.FindOrNull((int)header.Stream.Value) is not { } call) return OfGoneStream(header.Stream);
        if (part.Length == 0 && !header.Has(FrameFlags.EndStream))
        {
            Http2Violation flood = TakeControl();
            if (!flood.IsNone) return flood;
        }
        else
        {
            _control.Earn(FramesForData);
        }

        return call.OnData(header.Length, payload.Slice(part.Start, part.Length), header.Has(FrameFlags.EndStream));
    }

    private Http2Violation TakeHeaders(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        Http2Violation wrong = HeadersFrame.Read(header, payload, out FramePart part);
        if (!wrong.IsNone) return wrong;
        ReadOnlySpan<byte> fragment = payload.Slice(part.Start, part.Length);
        if (header.Has(FrameFlags.EndHeaders)) return TakeBlock(header.Stream, fragment, header.Has(FrameFlags.EndStream));
        _inHead = true;
        _headStream = header.Stream;
        _headFlags = header.Flags;
        _continuations = 0;
        _headBlock.Add(Loop.Buffers, fragment);
        return default;
    }

    private Http2Violation TakeContinuation(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (++_continuations > _pool.Options.ContinuationFrames || _headBlock.Length + payload.Length > 2 * _pool.Options.Head.HeadBytes)
        {
            return Http2Violation.OfConnection(Http2ErrorCode.EnhanceYourCalm, "10.5.1");
        }

        _headBlock.Add(Loop.Buffers, payload);
        if (!header.Has(FrameFlags.EndHeaders)) return default;
        _inHead = false;
        Http2Violation wrong = TakeBlock(header.Stream, _headBlock.Take().Span, (_headFlags & FrameFlags.EndStream) != 0);
        _headBlock.Clear(Loop.Buffers);
        return wrong;
    }

    // Every block is decoded, also one for a stream that is gone: the tables of both ends must stay equal (RFC 9113, 4.3).
    private Http2Violation TakeBlock(StreamId id, ReadOnlySpan<byte> block, bool ends)
    {
        Http2Call? call = _streams.FindOrNull((int)id.Value);
        bool isHead = call is null || !call.HasHead;
        HeaderTable fields = call is null ? _discarded ??= new HeaderTable() : isHead ? call.Response.Headers : call.ResponseTrailers;
        fields.Clear();
        var limits = new HpackLimits(_pool.Options.Head.HeadBytes, _pool.Options.Head.HeaderCount);
        HpackResult result = _decoder.Decode(block, isHead ? FieldBlockKind.Response : FieldBlockKind.Trailers, limits, fields, out PseudoHeaders pseudo);
        if (result.Status == HpackStatus.CompressionError) return Http2Violation.OfConnection(Http2ErrorCode.CompressionError, "4.3");
        if (result.Status == HpackStatus.Excess) return Http2Violation.OfConnection(Http2ErrorCode.EnhanceYourCalm, "10.5.1");
        if (call is null) return OfGoneStream(id);
        _control.Earn(FramesForData);
        return isHead ? call.OnHead(result, pseudo, ends) : call.OnTrailers(result, ends);
    }

    private Http2Violation TakeReset(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (_streams.FindOrNull((int)header.Stream.Value) is not { } call) return OfGoneStream(header.Stream);
        _pool.ResetsReceived.Increment(_pool.Stripe);
        call.OnReset(RstStreamFrame.Read(payload));
        return default;
    }

    private Http2Violation TakeSettings(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Has(FrameFlags.Ack)) return default;
        if (_hasSettings)
        {
            Http2Violation flood = TakeControl();
            if (!flood.IsNone) return flood;
        }

        int window = _peer.InitialWindowSize;
        for (int i = 0; i < SettingsFrame.Count(payload); i++)
        {
            SettingValue value = SettingsFrame.Read(payload, i);
            Http2Violation wrong = _peer.Apply(value, Http2Role.Server);
            if (!wrong.IsNone) return wrong;
            if (value.Setting == Http2Setting.HeaderTableSize) _encoder.SetTableLimit(value.Value);
        }

        var writer = new ByteWriter(_output.Reserve(FrameHeader.Size));
        FrameWriter.WriteSettingsAck(ref writer);
        _output.Commit(writer.Length);
        ScheduleFlush();
        if (_peer.InitialWindowSize != window && !TryAdjustWindows(_peer.InitialWindowSize - window)) return Http2Violation.OfConnection(Http2ErrorCode.FlowControlError, "6.9.2");
        _hasSettings = true;
        _pool.ExpectedStreams = Math.Max(1, Limit);
        SetDeadline();
        if (HasRoom) _pool.Offer(this);
        else _pool.Withdraw(this);
        return default;
    }

    private bool TryAdjustWindows(int difference)
    {
        int position = 0;
        while (_streams.NextOrNull(ref position) is { } call)
        {
            if (!call.SendWindow.TryAdjust(difference)) return false;
        }

        if (difference <= 0) return true;
        position = 0;
        while (_streams.NextOrNull(ref position) is { } call)
        {
            if (!call.IsBlocked) call.OnSendable();
        }

        return true;
    }

    private Http2Violation TakePing(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Has(FrameFlags.Ack)) return default; // that anything came at all was noted already
        Http2Violation flood = TakeControl();
        if (!flood.IsNone) return flood;
        var writer = new ByteWriter(_output.Reserve(FrameHeader.Size + PingFrame.Length));
        FrameWriter.WritePing(ref writer, FrameFlags.Ack, payload);
        _output.Commit(writer.Length);
        ScheduleFlush();
        return default;
    }

    private Http2Violation TakeGoAway(ReadOnlySpan<byte> payload)
    {
        GoAwayFrame frame = GoAwayFrame.Read(payload);
        _pool.GoAwaysReceived.Increment(_pool.Stripe);
        _isGoingAway = true;
        _pool.Withdraw(this);

        // Streams above the last one were not and will not be processed (RFC 9113, 6.8).
        int position = 0;
        while (_streams.NextOrNull(ref position) is { } call)
        {
            if (call.Id <= frame.LastStream) continue;
            call.OnReset(Http2ErrorCode.RefusedStream);
            if (IsClosed) return default;
            position--; // another may stand in its place now
        }

        if (Active == 0) Close(Http2ErrorCode.NoError);
        return default;
    }

    private Http2Violation TakeWindowUpdate(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        Http2Violation wrong = WindowUpdateFrame.Read(header, payload, out int increment);
        if (!wrong.IsNone) return wrong;
        wrong = TakeControl();
        if (!wrong.IsNone) return wrong;
        if (header.Stream.IsConnection)
        {
            if (!_sendWindow.TryGrow(increment)) return Http2Violation.OfConnection(Http2ErrorCode.FlowControlError, "6.9.1");
            WakeBlocked();
            return default;
        }

        if (_streams.FindOrNull((int)header.Stream.Value) is not { } call) return IsIdleStream(header.Stream) ? OfGoneStream(header.Stream) : default;
        if (!call.SendWindow.TryGrow(increment)) return Http2Violation.OfStream(Http2ErrorCode.FlowControlError, "6.9.1");
        if (!call.IsBlocked) call.OnSendable();
        return default;
    }

    /// <summary>A frame for a stream that is not open: one never opened is an error; one that is over may still have had it on its way.</summary>
    private Http2Violation OfGoneStream(StreamId id) =>
        IsIdleStream(id) ? Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "5.1") : TakeControl();

    private bool IsIdleStream(StreamId id) => !id.IsClients || id.Value >= _nextId;

    private Http2Violation TakeControl() =>
        _control.TryTake(Loop.Now, _pool.Options.ControlFramesPer10s) ? default : Http2Violation.OfConnection(Http2ErrorCode.EnhanceYourCalm, "10.5");

    /// <summary>Ends the connection from our side, saying why.</summary>
    private void Close(Http2ErrorCode code)
    {
        if (IsClosed) return;
        var writer = new ByteWriter(_output.Reserve(FrameHeader.Size + 8));
        FrameWriter.WriteGoAway(ref writer, StreamId.Connection, code);
        _output.Commit(writer.Length);
        if (!_draining) _output.Flush(Transport);
        if (code != Http2ErrorCode.NoError) _pool.GoAwaysSent.Increment(_pool.Stripe);
        End(code == Http2ErrorCode.NoError ? Http2Failure.Lost : Http2Failure.Malformed);
    }

    /// <summary>The connection broke or was ended.</summary>
    private void Lose() => End(Http2Failure.Lost);

    private void End(Http2Failure failure)
    {
        if (IsClosed) return;
        IsClosed = true;
        if (_isIdle) _pool.CountIdle(-1);
        _isIdle = false;
        _pool.Streams.Add(_pool.Stripe, -_streams.Count);
        Transport.Close();
        _inbound.Clear();
        _output.Clear();
        _headBlock.Clear(Loop.Buffers);
        int position = 0;
        while (_streams.NextOrNull(ref position) is { } call) call.OnLost(failure);
        _streams.Release();
        _pool.OnClosed(this);
    }
}

using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http2;
using EdgeProxy.Http.Http2.FlowControl;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Messages;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Client.Http2;

/// <summary>The receiving half of an HTTP/2 connection to an upstream: takes bytes apart into frames, and hands each to the call it is for.</summary>
/// <remarks>
/// The connection's receive window is given back as bytes arrive, the streams' windows as they are read: a call whose client is slow
/// holds up itself and no other, and what is held is bounded by the streams' windows. Loop thread only.
/// </remarks>
internal sealed class Http2UpstreamReceiver(Http2UpstreamConnection connection)
{
    /// <summary>The connection's window.</summary>
    public const int WindowSize = 1024 * 1024;

    private const int FramesForData = 2;
    private const int FramesForCancelled = 64;

    private readonly InboundBuffer _inbound = new(connection.Loop.Buffers);
    private readonly HpackDecoder _decoder = new();
    private ReceivedBody _headBlock;
    private ReceiveWindow _window = new(WindowSize);
    private ControlBudget _control;
    private HeaderTable? _discarded;
    private StreamId _headStream;
    private FrameFlags _headFlags;
    private int _continuations;
    private bool _inHead;
    private bool _readAsked;

    /// <summary>Whether the upstream has sent its settings.</summary>
    public bool HasSettings { get; private set; }

    /// <summary>Lets the upstream send a few frames without need, for what was called for.</summary>
    public void EarnByData() => _control.Earn(FramesForData);

    /// <summary>Lets the upstream send what is on its way for a stream that we have reset.</summary>
    public void EarnByReset() => _control.Earn(FramesForCancelled);

    /// <summary>Reads what is there, as far as this turn has room for it.</summary>
    public void Read()
    {
        while (!connection.IsClosed)
        {
            IoResult received = _inbound.Receive(connection.Transport);
            if (received.IsOk)
            {
                connection.OnReceived();
                TakeFrames();
                continue;
            }

            if (received.Status != IoStatus.WouldBlock)
            {
                connection.Lose();
            }
            else if (connection.Transport.MayReceive && !_readAsked)
            {
                // It has had its share of this turn.
                _readAsked = true;
                ReadNextTurnAsync().Forget();
            }

            return;
        }
    }

    /// <summary>Gives the memory back.</summary>
    public void Close()
    {
        _inbound.Clear();
        _headBlock.Clear(connection.Loop.Buffers);
    }

    private async LoopTask ReadNextTurnAsync()
    {
        await connection.Loop.YieldAsync();
        _readAsked = false;
        Read();
    }

    private void TakeFrames()
    {
        while (!connection.IsClosed)
        {
            ReadOnlySpan<byte> unread = _inbound.Unread;
            if (!FrameHeader.TryRead(unread, out FrameHeader header)) break;
            Http2Violation wrong = header.Check(Http2Role.Server, FrameHeader.LeastMaxFrameSize);
            if (wrong.IsNone) wrong = CheckOrder(header);
            if (wrong.EndsConnection)
            {
                connection.Close(wrong.Code);
                break;
            }

            if (unread.Length < FrameHeader.Size + header.Length) break;
            if (wrong.IsNone) wrong = TakeFrame(header, unread.Slice(FrameHeader.Size, header.Length));
            if (connection.IsClosed) break;
            _inbound.Consume(FrameHeader.Size + header.Length);
            if (wrong.IsNone) continue;
            if (wrong.EndsConnection) connection.Close(wrong.Code);
            else if (connection.FindOrNull(header.Stream) is { } call) call.Refuse(wrong.Code);
        }
    }

    private Http2Violation CheckOrder(in FrameHeader header)
    {
        if (!HasSettings && (header.Type != FrameType.Settings || header.Has(FrameFlags.Ack))) return Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "3.4");
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
        if (!_window.TryTake(header.Length)) return Http2Violation.OfConnection(Http2ErrorCode.FlowControlError, "6.9.1");
        int increment = _window.Consume(header.Length);
        connection.Sender.WriteWindowUpdate(StreamId.Connection, increment);

        Http2Violation wrong = DataFrame.Read(header, payload, out FramePart part);
        if (!wrong.IsNone) return wrong;
        if (connection.FindOrNull(header.Stream) is not { } call) return OfGoneStream(header.Stream);
        if (part.Length == 0 && !header.Has(FrameFlags.EndStream))
        {
            Http2Violation flood = TakeControl();
            if (!flood.IsNone) return flood;
        }
        else
        {
            EarnByData();
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
        _headBlock.Add(connection.Loop.Buffers, fragment);
        return default;
    }

    private Http2Violation TakeContinuation(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (++_continuations > connection.Pool.Options.ContinuationFrames || _headBlock.Length + payload.Length > 2 * connection.Pool.Options.Head.HeadBytes)
        {
            return Http2Violation.OfConnection(Http2ErrorCode.EnhanceYourCalm, "10.5.1");
        }

        _headBlock.Add(connection.Loop.Buffers, payload);
        if (!header.Has(FrameFlags.EndHeaders)) return default;
        _inHead = false;
        Http2Violation wrong = TakeBlock(header.Stream, _headBlock.Take().Span, (_headFlags & FrameFlags.EndStream) != 0);
        _headBlock.Clear(connection.Loop.Buffers);
        return wrong;
    }

    // Every block is decoded, also one for a stream that is gone: the tables of both ends must stay equal (RFC 9113, 4.3).
    private Http2Violation TakeBlock(StreamId id, ReadOnlySpan<byte> block, bool ends)
    {
        Http2Call? call = connection.FindOrNull(id);
        bool isHead = call is null || !call.HasHead;
        HeaderTable fields = call is null ? _discarded ??= new HeaderTable() : isHead ? call.Response.Headers : call.ResponseTrailers;
        fields.Clear();
        var limits = new HpackLimits(connection.Pool.Options.Head.HeadBytes, connection.Pool.Options.Head.HeaderCount);
        HpackResult result = _decoder.Decode(block, isHead ? FieldBlockKind.Response : FieldBlockKind.Trailers, limits, fields, out PseudoHeaders pseudo);
        if (result.Status == HpackStatus.CompressionError) return Http2Violation.OfConnection(Http2ErrorCode.CompressionError, "4.3");
        if (result.Status == HpackStatus.Excess) return Http2Violation.OfConnection(Http2ErrorCode.EnhanceYourCalm, "10.5.1");
        if (call is null) return OfGoneStream(id);
        EarnByData();
        return isHead ? call.OnHead(result, pseudo, ends) : call.OnTrailers(result, ends);
    }

    private Http2Violation TakeReset(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (connection.FindOrNull(header.Stream) is not { } call) return OfGoneStream(header.Stream);
        connection.Pool.ResetsReceived.Increment(connection.Pool.Stripe);
        call.OnReset(RstStreamFrame.Read(payload));
        return default;
    }

    private Http2Violation TakeSettings(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Has(FrameFlags.Ack)) return default;
        if (HasSettings)
        {
            Http2Violation flood = TakeControl();
            if (!flood.IsNone) return flood;
        }

        int window = connection.Announced.InitialWindowSize;
        for (int i = 0; i < SettingsFrame.Count(payload); i++)
        {
            SettingValue value = SettingsFrame.Read(payload, i);
            Http2Violation wrong = connection.Announced.Apply(value, Http2Role.Server);
            if (!wrong.IsNone) return wrong;
            if (value.Setting == Http2Setting.HeaderTableSize) connection.Sender.Encoder.SetTableLimit(value.Value);
        }

        connection.Sender.WriteSettingsAck();
        if (connection.Announced.InitialWindowSize != window && !connection.TryAdjustWindows(connection.Announced.InitialWindowSize - window)) return Http2Violation.OfConnection(Http2ErrorCode.FlowControlError, "6.9.2");
        HasSettings = true;
        connection.OnSettings();
        return default;
    }

    private Http2Violation TakePing(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Has(FrameFlags.Ack)) return default; // that anything came at all was noted already
        Http2Violation flood = TakeControl();
        if (!flood.IsNone) return flood;
        connection.Sender.WritePing(FrameFlags.Ack, payload);
        return default;
    }

    private Http2Violation TakeGoAway(ReadOnlySpan<byte> payload)
    {
        connection.OnGoAway(GoAwayFrame.Read(payload).LastStream);
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
            return connection.Sender.TryGrowWindow(increment) ? default : Http2Violation.OfConnection(Http2ErrorCode.FlowControlError, "6.9.1");
        }

        if (connection.FindOrNull(header.Stream) is not { } call) return connection.IsIdle(header.Stream) ? OfGoneStream(header.Stream) : default;
        if (!call.SendWindow.TryGrow(increment)) return Http2Violation.OfStream(Http2ErrorCode.FlowControlError, "6.9.1");
        if (!call.IsBlocked) call.OnSendable();
        return default;
    }

    /// <summary>A frame for a stream that is not open: one never opened is an error; one that is over may still have had it on its way.</summary>
    private Http2Violation OfGoneStream(StreamId id) =>
        connection.IsIdle(id) ? Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "5.1") : TakeControl();

    private Http2Violation TakeControl() =>
        _control.TryTake(connection.Loop.Now, connection.Pool.Options.ControlFramesPer10s) ? default : Http2Violation.OfConnection(Http2ErrorCode.EnhanceYourCalm, "10.5");
}

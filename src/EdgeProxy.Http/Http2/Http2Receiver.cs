using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Http2;

/// <summary>The receiving half of a client's HTTP/2 connection: takes bytes apart into frames, and hands each to whoever it is for.</summary>
/// <remarks>
/// Field blocks go to <see cref="Http2Requests"/> once they are whole, DATA to <see cref="Http2Bodies"/> as it comes, what changes a
/// stream to <see cref="Http2Streams"/>; SETTINGS and PING are answered here. Loop thread only.
/// </remarks>
internal sealed class Http2Receiver(Http2Connection connection)
{
    private const int FramesPerTurn = 1024;
    private const int RequestsPerTurn = 64;
    private const int LargestFrame = FrameHeader.LeastMaxFrameSize;
    private const int LingerBytes = 1024 * 1024;

    private InboundBuffer? _inbound;
    private Http2Settings _client = new();
    private FieldBlock _block;
    private bool _prefaceDue = true;
    private bool _resuming;
    private int _discarded;

    /// <summary>Whether it reads now, and will see to the connection's deadline itself when it has.</summary>
    public bool IsReading { get; private set; }

    /// <summary>Whether the client has sent its settings, as it must first of all.</summary>
    public bool HasSettings { get; private set; }

    /// <summary>When the client must have acknowledged our settings; 0 once it has.</summary>
    public long SettingsDue { get; private set; }

    /// <summary>Whether the client has seen our settings.</summary>
    public bool IsAcknowledged => SettingsDue == 0;

    /// <summary>When the frame or field block began that is not whole yet; 0 between them.</summary>
    public long FrameStarted { get; private set; }

    /// <summary>Begins with what was received so far, from the preface on; the buffer belongs to the receiver from here.</summary>
    public void Start(InboundBuffer inbound, long settingsDue)
    {
        _inbound = inbound;
        SettingsDue = settingsDue;
        Read();
    }

    public void OnReadable()
    {
        if (!_resuming) Read();
    }

    /// <summary>Reads what is there, as far as this turn has room for it.</summary>
    public void Read()
    {
        if (connection.IsClosed || IsReading) return;
        IsReading = true;
        if (!connection.IsLeaving) ReadFrames();
        else if (connection.IsLingering) Discard();
        IsReading = false;
        if (connection.IsClosed) return;
        if (_inbound is { Length: 0 } inbound)
        {
            _inbound = null;
            connection.Server.ReturnInbound(inbound);
        }

        if (!connection.IsLeaving) connection.SetDeadline();
    }

    /// <summary>Forgets the field block under way: no request begins any more.</summary>
    public void DropBlock() => _block.Drop(connection.Loop.Buffers);

    /// <summary>Gives the memory back.</summary>
    public void Close()
    {
        DropBlock();
        if (_inbound is not { } inbound) return;
        _inbound = null;
        connection.Server.ReturnInbound(inbound);
    }

    private void ReadFrames()
    {
        _inbound ??= connection.Server.RentInbound();
        int frames = FramesPerTurn;
        int requests = RequestsPerTurn;
        while (true)
        {
            while (_inbound!.Length > 0 && ReadFrame(ref frames, ref requests))
            {
                if (connection.IsOver) return;
                if (frames > 0 && requests > 0) continue;

                // The others of this loop have their turn first.
                ResumeNextTurn();
                return;
            }

            if (connection.IsOver) return;
            IoResult received = _inbound.Receive(connection.Transport);
            if (received.IsOk) continue;
            if (received.Status == IoStatus.WouldBlock)
            {
                if (connection.Transport.MayReceive) ResumeNextTurn();
            }
            else
            {
                bool ended = received.Status == IoStatus.Closed;
                connection.CloseNow(ended ? CloseReason.ClientClosed : CloseReason.ClientReset, AbortReason.ClientGone);
            }

            return;
        }
    }

    /// <summary>Reads to its end what is not served any more.</summary>
    private void Discard()
    {
        if (connection.IsClosed) return;
        _inbound ??= connection.Server.RentInbound();
        while (true)
        {
            _inbound.Consume(_inbound.Length);
            IoResult received = _inbound.Receive(connection.Transport);
            if (received.IsOk)
            {
                _discarded += received.Count;
                if (_discarded <= LingerBytes) continue;
            }
            else if (received.Status == IoStatus.WouldBlock)
            {
                if (connection.Transport.MayReceive) ResumeNextTurn();
                return;
            }

            connection.EndLinger();
            return;
        }
    }

    /// <summary>Reads one frame, or what is there of a DATA frame; false when more bytes are needed.</summary>
    private bool ReadFrame(ref int frames, ref int requests)
    {
        InboundBuffer inbound = _inbound!;
        if (_prefaceDue) return ReadPreface(inbound);
        if (connection.Bodies.HasMore)
        {
            connection.Bodies.Read(inbound);
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
            connection.Fail(violation);
            return false;
        }

        // Of a DATA frame only the byte that tells its padding is waited for; all others are short, and read whole.
        int needed = FrameHeader.Size + (header.Type == FrameType.Data ? header.Has(FrameFlags.Padded) ? 1 : 0 : header.Length);
        if (unread.Length < needed)
        {
            NotePartial();
            return false;
        }

        if (!_block.IsUnderWay) FrameStarted = 0;
        frames--;
        ReadOnlySpan<byte> payload = unread[FrameHeader.Size..needed];
        if (!violation.IsNone)
        {
            violation = connection.Streams.OnViolation(header, violation);
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

        if (connection.IsOver) return false;
        if (!violation.IsNone)
        {
            connection.Fail(violation);
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
                FrameStarted = 0;
                return true;
            case PrefaceMatch.Partial:
                NotePartial();
                return false;
            default:
                connection.Fail(Http2ErrorCode.ProtocolError, CloseReason.Violation);
                return false;
        }
    }

    // Something of a frame is there: from now on its rest is due.
    private void NotePartial()
    {
        if (FrameStarted == 0) FrameStarted = connection.Loop.Now;
    }

    /// <summary>The rules that hold between frames: SETTINGS first, and nothing within a field block.</summary>
    private Http2Violation CheckOrder(in FrameHeader header)
    {
        if (!HasSettings)
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
                return connection.Bodies.OnData(header, payload);

            case FrameType.Continuation:
                return OnContinuation(header, payload);

            case FrameType.WindowUpdate:
                return connection.Streams.OnWindowUpdate(header, payload);

            case FrameType.RstStream:
                return connection.Streams.OnReset(header, payload);

            case FrameType.Settings:
                return OnSettings(header, payload);

            case FrameType.Ping:
                return OnPing(header, payload);

            case FrameType.PriorityUpdate:
                if (!connection.TryTakeControl()) return default;
                return connection.Streams.OnPriorityUpdate(payload);

            case FrameType.GoAway:
                // The client opens no more streams; those it has are served to their end.
                if (!connection.TryTakeControl()) return default;
                connection.OnClientLeaving();
                return default;

            default:
                // PRIORITY of RFC 7540 has no meaning any more (RFC 9113, 5.3.2), and a type nobody knows none yet (5.5).
                connection.TryTakeControl();
                return default;
        }
    }

    private Http2Violation OnHeaders(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        Http2Violation violation = HeadersFrame.Read(header, payload, out FramePart part);
        if (!violation.IsNone) return violation;
        if (!header.Stream.IsClients) return Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "5.1.1");

        int id = (int)header.Stream.Value;
        ReadOnlySpan<byte> fragment = payload.Slice(part.Start, part.Length);
        if (header.Has(FrameFlags.EndHeaders)) return connection.Requests.OnBlock(id, fragment, header.Has(FrameFlags.EndStream));

        FrameStarted = connection.Loop.Now;
        _block.Begin(id, header.Has(FrameFlags.EndStream), fragment, connection.Loop.Buffers);
        return default;
    }

    private Http2Violation OnContinuation(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (_block.CountContinuation() > connection.Options.ContinuationFrames)
        {
            connection.Metrics.ContinuationFrames.Increment(connection.Stripe);
            return connection.Flood(connection.Metrics.ContinuationFlood);
        }

        if (_block.Length + payload.Length > connection.Options.HeaderBlock)
        {
            connection.Metrics.HeaderBlock.Increment(connection.Stripe);
            return connection.Flood(connection.Metrics.ContinuationFlood);
        }

        _block.Append(payload, connection.Loop.Buffers);
        if (!header.Has(FrameFlags.EndHeaders)) return default;

        int id = _block.Stream;
        _block.End();
        FrameStarted = 0;
        Http2Violation violation = connection.Requests.OnBlock(id, _block.Bytes, _block.EndsStream);
        _block.Drop(connection.Loop.Buffers);
        return violation;
    }

    private Http2Violation OnSettings(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Has(FrameFlags.Ack))
        {
            if (SettingsDue == 0) connection.TryTakeControl();
            SettingsDue = 0;
            return default;
        }

        if (HasSettings && !connection.TryTakeControl()) return default;
        HasSettings = true;
        int window = _client.InitialWindowSize;
        int count = SettingsFrame.Count(payload);
        for (int i = 0; i < count; i++)
        {
            SettingValue value = SettingsFrame.Read(payload, i);
            Http2Violation violation = _client.Apply(value, Http2Role.Client);
            if (!violation.IsNone) return violation;
            if (value.Setting == Http2Setting.HeaderTableSize) connection.Sender.Encoder.SetTableLimit(value.Value);
        }

        connection.Sender.InitialWindow = _client.InitialWindowSize;
        if (!connection.Streams.TryAdjustWindows(_client.InitialWindowSize - window)) return Http2Violation.OfConnection(Http2ErrorCode.FlowControlError, "6.9.2");
        if (!connection.CountControl()) return default;
        connection.Sender.WriteSettingsAck();
        return default;
    }

    private Http2Violation OnPing(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        if (header.Has(FrameFlags.Ack))
        {
            if (!connection.TryTakeDrainPing(payload)) connection.TryTakeControl();
            return default;
        }

        if (!connection.TryTakeControl() || !connection.CountControl()) return default;
        connection.Sender.WritePing(FrameFlags.Ack, payload);
        return default;
    }

    private void ResumeNextTurn()
    {
        if (_resuming) return;
        _resuming = true;
        ResumeAsync().Forget();
    }

    private async LoopTask ResumeAsync()
    {
        await connection.Loop.YieldAsync();
        _resuming = false;
        Read();
    }
}

using System.Diagnostics;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http2.FlowControl;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Http2;

/// <summary>The sending half of a client's HTTP/2 connection: what all streams write gathers here and leaves in one send a turn.</summary>
/// <remarks>
/// A response goes straight into the output while its windows and the output have room; what does not fit waits with its stream, and
/// <see cref="WriteOrder"/> says whose turn it is. A client that does not read stops all of it, up to the bounds of the output and of
/// one write a stream. Loop thread only.
/// </remarks>
internal sealed class Http2Sender(Http2Connection connection) : ITurnOutput
{
    private const int FlushesPerTurn = 4;
    private const int LargestFrame = FrameHeader.LeastMaxFrameSize;
    private const int LeastUsefulWindow = 1024;
    private const long TinyWindowDelay = 250_000_000;

    private HpackEncoder? _encoder;
    private WriteOrder? _order;
    private FrameOutput _output = new(connection.Transport.Loop.Buffers);
    private SendWindow _window = new(SendWindow.Initial);
    private int _controlPending;
    private long _blockedSince;
    private bool _flushAsked;
    private bool _draining;
    private bool _closed;

    /// <summary>The window that new streams have; the client's setting.</summary>
    public int InitialWindow { get; set; } = SendWindow.Initial;

    /// <summary>Whether the client lets anything be sent at all.</summary>
    public bool HasWindow => _window.Left > 0;

    /// <summary>Compresses what is sent; the client's settings say how much it may remember.</summary>
    public HpackEncoder Encoder => _encoder ??= new HpackEncoder();

    private Connection Transport => connection.Transport;

    private EventLoop Loop => connection.Transport.Loop;

    /// <summary>Sends part of a response, or keeps it until it can be sent.</summary>
    public LoopTask<IoStatus> SendAsync(Http2Exchange stream, ReadOnlySpan<byte> bytes, bool end)
    {
        Debug.Assert(!stream.IsHeld, "a response is written twice at once");

        // Past those who wait for the connection's window a head or an end may go: only DATA needs it (RFC 9113, 5.2.1).
        WriteHold hold = _order is { IsEmpty: false } && _window.Left > 0 ? WriteHold.Turn : Move(stream, ref bytes, end, int.MaxValue);
        AskFlush();
        if (hold == WriteHold.None)
        {
            if (end) connection.Streams.OnSent(stream);
            return IoStatus.Ok;
        }

        LoopTask<IoStatus> task = stream.HoldAsync(bytes, end);
        if (hold == WriteHold.StreamWindow) return task;
        (_order ??= new WriteOrder()).Add(stream);
        return task;
    }

    /// <summary>Writes 100 (Continue).</summary>
    public void SendContinue(Http2Exchange stream)
    {
        if (_closed) return;
        var writer = new ByteWriter(_output.Reserve(64));
        int start = FrameWriter.BeginHeaders(ref writer);
        Encoder.BeginBlock(ref writer);
        Encoder.WriteStatus(ref writer, 100);
        FrameWriter.EndHeaders(ref writer, start, stream.Stream, FrameFlags.None, LargestFrame);
        _output.Commit(writer.Length);
        AskFlush();
    }

    /// <summary>Called when a stream's window, or the time for a tiny one, has opened.</summary>
    public void OnWindow(Http2Exchange stream)
    {
        if (!stream.IsHeld || stream.SendWindow.Left <= 0) return;
        if (stream.Queue < 0) (_order ??= new WriteOrder()).Add(stream);
        AskFlush();
    }

    /// <summary>Takes the client's update of the connection's window; false when it becomes too large.</summary>
    public bool TryGrowWindow(int increment)
    {
        if (!_window.TryGrow(increment)) return false;
        if (_order is { IsEmpty: false }) AskFlush();
        return true;
    }

    /// <summary>Takes a stream out of the order: it sends no more.</summary>
    public void Forget(Http2Exchange stream) => _order?.Remove(stream);

    /// <summary>Changes a stream's priority, and its place among those that wait.</summary>
    public void SetPriority(Http2Exchange stream, StreamPriority priority)
    {
        bool waits = stream.Queue >= 0;
        if (waits) _order!.Remove(stream);
        stream.SetPriority(priority);
        if (waits) _order!.Add(stream);
    }

    /// <summary>Counts an answer to a control frame; false when more of them wait for a client that does not read than may.</summary>
    public bool TryCountControl(int most) => ++_controlPending <= most;

    /// <summary>Writes our settings and the connection's window.</summary>
    public void WriteSettings(Http2Options options, int increment)
    {
        var writer = new ByteWriter(_output.Reserve(128));
        FrameWriter.WriteSettings(
            ref writer,
            [
                new SettingValue(Http2Setting.MaxConcurrentStreams, (uint)options.MaxConcurrentStreams),
                new SettingValue(Http2Setting.InitialWindowSize, (uint)options.StreamWindow),
                new SettingValue(Http2Setting.MaxHeaderListSize, (uint)options.MaxHeaderList),
                new SettingValue(Http2Setting.NoRfc7540Priorities, 1),
            ]);
        if (increment > 0) FrameWriter.WriteWindowUpdate(ref writer, StreamId.Connection, increment);
        _output.Commit(writer.Length);
        AskFlush();
    }

    public void WriteSettingsAck()
    {
        _output.WriteSettingsAck();
        AskFlush();
    }

    public void WritePing(FrameFlags flags, ReadOnlySpan<byte> payload)
    {
        _output.WritePing(flags, payload);
        AskFlush();
    }

    public void WriteWindowUpdate(StreamId stream, int increment)
    {
        _output.WriteWindowUpdate(stream, increment);
        AskFlush();
    }

    public void WriteGoAway(StreamId last, Http2ErrorCode code)
    {
        _output.WriteGoAway(last, code);
        AskFlush();
    }

    public void WriteReset(StreamId stream, Http2ErrorCode code)
    {
        _output.WriteReset(stream, code);
        AskFlush();
    }

    /// <summary>Has what gathers sent at the end of the turn.</summary>
    public void AskFlush()
    {
        if (_flushAsked || _draining || _closed) return;
        _flushAsked = true;
        Loop.FlushAtTurnEnd(this);
    }

    /// <summary>Sends at once what has gathered when there is no room for more; true when that made room.</summary>
    private bool TryMakeRoom(int length)
    {
        if (_draining || _closed) return false;
        if (_output.Flush(Transport) == IoStatus.Ok) _controlPending = 0;
        else AskFlush(); // which then waits for the client, or sees that it is gone
        return _output.Room >= length + FrameHeader.Size;
    }

    /// <summary>Sends what is there now as far as the client takes it, for a connection that is cut.</summary>
    public void FlushNow() => _output.Flush(Transport);

    /// <summary>Sends no more and gives the memory back.</summary>
    public void Close()
    {
        _closed = true;
        _output.Clear();
    }

    public void FlushTurn()
    {
        _flushAsked = false;
        if (_closed) return;
        connection.BeforeFlush();
        WriteHold hold = WriteHold.None;
        for (int i = 0; i < FlushesPerTurn; i++)
        {
            hold = MoveHeld();
            IoStatus status = _output.Flush(Transport);
            if (status == IoStatus.WouldBlock)
            {
                if (!_draining) DrainAsync().Forget();
                return;
            }

            if (status != IoStatus.Ok)
            {
                connection.CloseNow(CloseReason.ClientReset, AbortReason.ClientGone);
                return;
            }

            _controlPending = 0;
            if (hold != WriteHold.Output) break;
        }

        if (hold == WriteHold.Output) AskFlush();
        else connection.OnAllSent();
    }

    /// <summary>Moves as much of a response into the output as its windows and the output's room allow.</summary>
    /// <param name="stream">The stream.</param>
    /// <param name="bytes">Body bytes; those moved are taken off.</param>
    /// <param name="end">Whether the response ends with them.</param>
    /// <param name="share">How many bytes it may send before others have their turn.</param>
    private WriteHold Move(Http2Exchange stream, ref ReadOnlySpan<byte> bytes, bool end, int share)
    {
        bool trailers = end && stream.SendsTrailers;
        if (!stream.HeadSent)
        {
            if (_output.Room == 0 && !TryMakeRoom(1)) return WriteHold.Output;
            bool endsHere = end && bytes.IsEmpty && !trailers;
            WriteHead(stream, endsHere ? FrameFlags.EndStream : FrameFlags.None);
            stream.HeadSent = true;
            if (endsHere) return WriteHold.None;
        }

        bool ended = false;
        while (!bytes.IsEmpty)
        {
            int window = Math.Min(stream.SendWindow.Left, _window.Left);
            if (window <= 0) return stream.SendWindow.Left <= 0 ? WriteHold.StreamWindow : WriteHold.ConnectionWindow;

            int length = Math.Min(Math.Min(bytes.Length, window), LargestFrame);
            if (length < bytes.Length && length < LeastUsefulWindow && length < InitialWindow / 2 && !stream.MaySendTiny)
            {
                stream.AwaitMoreWindow(Loop.Now + TinyWindowDelay);
                return stream.SendWindow.Left <= _window.Left ? WriteHold.StreamWindow : WriteHold.ConnectionWindow;
            }

            int room = _output.Room - FrameHeader.Size;
            if (length > room)
            {
                if (TryMakeRoom(length)) room = _output.Room - FrameHeader.Size;
                if (length > room && room < FrameOutput.LeastRoom) return WriteHold.Output;
                length = Math.Min(length, room);
            }

            ended = end && !trailers && length == bytes.Length;
            _output.WriteData(stream.Stream, bytes[..length], ended ? FrameFlags.EndStream : FrameFlags.None);
            connection.OnDataSent();
            _window.Take(length);
            stream.SendWindow.Take(length);
            stream.CountMoved(length);
            bytes = bytes[length..];
            share -= length;
            if (share <= 0 && !bytes.IsEmpty) return WriteHold.Turn;
        }

        if (!end || ended) return WriteHold.None;
        if (trailers)
        {
            if (_output.Room == 0 && !TryMakeRoom(1)) return WriteHold.Output;
            WriteTrailers(stream);
        }
        else
        {
            _output.WriteData(stream.Stream, default, FrameFlags.EndStream);
        }

        return WriteHold.None;
    }

    private void WriteHead(Http2Exchange stream, FrameFlags flags)
    {
        ResponseHead response = stream.Response;
        ReadOnlySpan<byte> date = connection.Server.DateField()["Date: "u8.Length..^2];
        int most = HpackEncoder.MostBytes(response.Headers, date.Length + 64) + (2 * FrameHeader.Size);
        most += most / LargestFrame * FrameHeader.Size;
        var writer = new ByteWriter(_output.Reserve(most));
        int start = FrameWriter.BeginHeaders(ref writer);
        Encoder.BeginBlock(ref writer);
        Encoder.WriteStatus(ref writer, response.Status);
        Encoder.WriteFields(ref writer, response.Headers);
        Encoder.TryWriteField(ref writer, KnownHeader.Date, "date"u8, date);
        bool hasBodyFields = response.Status is not (204 or < 200);
        if (response.Framing == BodyFraming.Length && hasBodyFields) WriteContentLength(ref writer, response.ContentLength);
        else if (response.Framing == BodyFraming.None && !stream.IsBodyless) WriteContentLength(ref writer, 0);
        FrameWriter.EndHeaders(ref writer, start, stream.Stream, flags, LargestFrame);
        Debug.Assert(!writer.Overflowed, "a head took more room than it may");
        _output.Commit(writer.Length);
    }

    private void WriteContentLength(ref ByteWriter writer, long length)
    {
        Span<byte> digits = stackalloc byte[20];
        var text = new ByteWriter(digits);
        text.Write(length);
        Encoder.TryWriteField(ref writer, KnownHeader.ContentLength, "content-length"u8, text.Written);
    }

    private void WriteTrailers(Http2Exchange stream)
    {
        HeaderTable trailers = stream.ResponseTrailers;
        int most = HpackEncoder.MostBytes(trailers, 64) + (2 * FrameHeader.Size);
        most += most / LargestFrame * FrameHeader.Size;
        var writer = new ByteWriter(_output.Reserve(most));
        int start = FrameWriter.BeginHeaders(ref writer);
        Encoder.BeginBlock(ref writer);
        Encoder.WriteFields(ref writer, trailers);
        FrameWriter.EndHeaders(ref writer, start, stream.Stream, FrameFlags.EndStream, LargestFrame);
        _output.Commit(writer.Length);
    }

    /// <summary>Waits until the client takes what it was sent, and sends on.</summary>
    private async LoopTask DrainAsync()
    {
        _draining = true;
        _output.Moved = 0;
        _blockedSince = Loop.Now;
        while (true)
        {
            // Only time in which nothing could be sent counts: the rate is that of this wait.
            IoStatus status = await Transport.WritableAsync(connection.Server.Options.WriteRate.Deadline(Loop.Now, _blockedSince, _output.Moved));
            if (_closed) return;
            if (status == IoStatus.Ok)
            {
                status = _output.Flush(Transport);
                if (status == IoStatus.WouldBlock) continue;
            }

            if (status == IoStatus.Ok) break;
            if (status == IoStatus.TimedOut) connection.Server.Metrics.WriteTimeouts.Increment(Loop.Ordinal);
            connection.CloseNow(status == IoStatus.TimedOut ? CloseReason.Aborted : CloseReason.ClientReset, status == IoStatus.TimedOut ? AbortReason.ClientTooSlow : AbortReason.ClientGone);
            return;
        }

        _draining = false;
        _controlPending = 0;
        AskFlush();
    }

    /// <summary>Fills the output from what streams hold, by whose turn it is; returns why it had to stop, or none when nobody waits for room.</summary>
    private WriteHold MoveHeld()
    {
        while (_order?.NextOrNull() is { } stream)
        {
            ReadOnlySpan<byte> bytes = stream.Held;
            int before = bytes.Length;
            bool end = stream.EndHeld;
            WriteHold hold = Move(stream, ref bytes, end, LargestFrame);
            if (bytes.Length < before) stream.OnHeldMoved(before - bytes.Length);
            switch (hold)
            {
                case WriteHold.None:
                    _order.Remove(stream);
                    stream.OnAllMoved();
                    if (end) connection.Streams.OnSent(stream);
                    continue;
                case WriteHold.Turn:
                    _order.Rotate(stream);
                    continue;
                case WriteHold.StreamWindow:
                    _order.Remove(stream);
                    continue;
                default:
                    return hold;
            }
        }

        return WriteHold.None;
    }
}

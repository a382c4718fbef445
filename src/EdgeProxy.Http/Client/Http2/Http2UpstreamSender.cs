using System.Diagnostics;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Http2;
using EdgeProxy.Http.Http2.FlowControl;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Http2.Hpack;
using EdgeProxy.Http.Messages;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Client.Http2;

/// <summary>The sending half of an HTTP/2 connection to an upstream: what all calls write gathers here and leaves in one send a turn.</summary>
/// <remarks>A call that the connection's window or the output stops stands in line, and is told when it may go on. Loop thread only.</remarks>
internal sealed class Http2UpstreamSender(Http2UpstreamConnection connection) : ITurnOutput
{
    /// <summary>The largest head that is sent: what a head may take in HTTP/1.1 too.</summary>
    private const int LargestHead = LoopBuffers.ScratchSize;

    private readonly HpackEncoder _encoder = new();
    private FrameOutput _output = new(connection.Loop.Buffers);
    private SendWindow _window = new(SendWindow.Initial);
    private Http2Call? _firstBlocked;
    private Http2Call? _lastBlocked;
    private int _blocked;
    private bool _flushAsked;
    private bool _draining;

    /// <summary>Whether anything more can be written at all.</summary>
    public bool HasRoom => _output.Room > 0;

    /// <summary>Compresses what is sent; the upstream's settings say how much it may remember.</summary>
    public HpackEncoder Encoder => _encoder;

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
            if (connection.IsClosed) break;
            int most = Math.Min(Math.Min(call.SendWindow.Left, _window.Left), Math.Min(connection.Announced.MaxFrameSize, _output.Room - FrameHeader.Size));
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
            _window.Take(length);
            connection.Receiver.EarnByData();
            sent += length;
            if (last) break;
        }

        AskFlush();
        return sent;
    }

    /// <summary>Sends trailers, which end the stream.</summary>
    public void SendTrailers(Http2Call call, HeaderTable trailers)
    {
        int most = HpackEncoder.MostBytes(trailers, 0);
        most += FrameHeader.Size * (2 + (most / connection.Announced.MaxFrameSize));
        Span<byte> room = _output.Reserve(most);
        var writer = new ByteWriter(room);
        int start = FrameWriter.BeginHeaders(ref writer);
        _encoder.BeginBlock(ref writer);
        _encoder.WriteFields(ref writer, trailers);
        FrameWriter.EndHeaders(ref writer, start, call.Id, FrameFlags.EndStream, connection.Announced.MaxFrameSize);
        Commit(writer.Length);
    }

    /// <summary>Writes the head of a request, which opens its stream.</summary>
    /// <returns>False, with nothing written, when it cannot be sent.</returns>
    public bool TryWriteHead(Http2Call call, StreamId id, bool ends)
    {
        HeaderTable headers = call.Headers;
        ReadOnlySpan<byte> method = headers.Slice(call.MethodStart, call.MethodLength);
        ReadOnlySpan<byte> target = headers.Slice(call.TargetStart, call.TargetLength);
        if (method.IsEmpty || method.ContainsAnyExcept(Syntax.TokenBytes) || target.IsEmpty || target.ContainsAnyExcept(Syntax.TargetBytes)) return false;
        int host = headers.IndexOf(KnownHeader.Host);
        int most = HpackEncoder.MostBytes(headers, method.Length + target.Length);
        if (most > LargestHead) return false;

        Span<byte> room = _output.Reserve(most + 256 + (FrameHeader.Size * (2 + (most / connection.Announced.MaxFrameSize))));
        var writer = new ByteWriter(room);
        int start = FrameWriter.BeginHeaders(ref writer);
        _encoder.BeginBlock(ref writer);
        _encoder.TryWritePseudo(ref writer, PseudoHeader.Method, method);
        _encoder.TryWritePseudo(ref writer, PseudoHeader.Scheme, connection.Pool.Name.IsTls ? "https"u8 : "http"u8);
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
        FrameWriter.EndHeaders(ref writer, start, id, ends ? FrameFlags.EndStream : FrameFlags.None, connection.Announced.MaxFrameSize);
        if (writer.Overflowed)
        {
            _encoder.ForgetTable();
            return false;
        }

        Commit(writer.Length);
        return true;
    }

    /// <summary>Writes what every connection begins with (RFC 9113, 3.4).</summary>
    /// <param name="streamWindow">The window that streams begin with.</param>
    /// <param name="window">The connection's window.</param>
    /// <param name="headBytes">How large a head may be.</param>
    public void WritePreface(int streamWindow, int window, int headBytes)
    {
        var writer = new ByteWriter(_output.Reserve(Preface.Length + 128));
        writer.Write(Preface.Bytes);
        FrameWriter.WriteSettings(ref writer,
        [
            new SettingValue(Http2Setting.EnablePush, 0),
            new SettingValue(Http2Setting.InitialWindowSize, (uint)streamWindow),
            new SettingValue(Http2Setting.MaxHeaderListSize, (uint)headBytes),
        ]);
        FrameWriter.WriteWindowUpdate(ref writer, StreamId.Connection, window - SendWindow.Initial);
        Commit(writer.Length);
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

    /// <summary>Lets the upstream send more, where there is more that it may.</summary>
    public void WriteWindowUpdate(StreamId stream, int increment)
    {
        if (increment <= 0 || connection.IsClosed) return;
        _output.WriteWindowUpdate(stream, increment);
        AskFlush();
    }

    public void WriteReset(StreamId stream, Http2ErrorCode code)
    {
        _output.WriteReset(stream, code);
        AskFlush();
    }

    /// <summary>Writes the last frame and sends what the upstream takes at once.</summary>
    public void WriteGoAway(Http2ErrorCode code)
    {
        _output.WriteGoAway(StreamId.Connection, code);
        if (!_draining) _output.Flush(connection.Transport);
    }

    /// <summary>Takes the upstream's update of the connection's window; false when it becomes too large.</summary>
    public bool TryGrowWindow(int increment)
    {
        if (!_window.TryGrow(increment)) return false;
        WakeBlocked();
        return true;
    }

    /// <summary>Gives the memory back.</summary>
    public void Close() => _output.Clear();

    void ITurnOutput.FlushTurn()
    {
        _flushAsked = false;
        if (!_draining) Flush();
    }

    private void AskFlush()
    {
        if (_flushAsked || _draining || connection.IsClosed || _output.Pending == 0) return;
        _flushAsked = true;
        connection.Loop.FlushAtTurnEnd(this);
    }

    private void Flush()
    {
        if (connection.IsClosed) return;
        IoStatus status = _output.Flush(connection.Transport);
        if (status == IoStatus.Ok)
        {
            WakeBlocked();
            connection.OnRoom();
        }
        else if (status == IoStatus.WouldBlock)
        {
            _draining = true;
            DrainAsync().Forget();
        }
        else
        {
            connection.Lose();
        }
    }

    // Without a deadline of its own: every call has one, and one that passes without a sign of life puts the connection to the test.
    private async LoopTask DrainAsync()
    {
        IoStatus status = await connection.Transport.WritableAsync(long.MaxValue);
        _draining = false;
        if (status == IoStatus.Ok) Flush();
        else if (status != IoStatus.Aborted) connection.Lose();
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

    /// <summary>Takes a stream out of the line of those that wait for the connection's window or for room.</summary>
    public void Forget(Http2Call call)
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
        for (int left = _blocked; left > 0 && _firstBlocked is { } call && _window.Left > 0 && _output.Room >= FrameOutput.LeastRoom; left--)
        {
            Forget(call);
            call.OnSendable();
            if (connection.IsClosed) return;
        }
    }

    private void Commit(int length)
    {
        _output.Commit(length);
        AskFlush();
    }
}

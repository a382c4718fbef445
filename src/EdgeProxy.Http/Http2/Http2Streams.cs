using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Http2.Streams;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Http.Http2;

/// <summary>The streams of a client's HTTP/2 connection: those that are open, how each ends, and what a client may not make of them.</summary>
/// <remarks>
/// A stream is let go when both directions are over and its handler has ended; a reset frees no slot before. Resets, whoever sends
/// them, come out of one budget (CVE-2023-44487, CVE-2025-8671). Loop thread only.
/// </remarks>
internal sealed class Http2Streams(Http2Connection connection)
{
    private StreamTable<Http2Exchange> _table = new();
    private ResetBudget _resets = new(connection.Options.ResetBudget);
    private RecentResets _recentResets = new(connection.Options.MaxConcurrentStreams);
    private Http2Exchange? _unfinished;

    /// <summary>Streams that are not let go yet.</summary>
    public int Count => _table.Count;

    /// <summary>The last stream the client opened.</summary>
    public int Last { get; set; }

    /// <summary>The last stream that is served, once the client was told; until then the greatest.</summary>
    public int AnnouncedLast { get; private set; } = int.MaxValue;

    /// <summary>The last stream that was or is served, for a GOAWAY.</summary>
    public int LastServed => Math.Min(Last, AnnouncedLast);

    /// <summary>Settles that no stream is served that opens from now on.</summary>
    public void AnnounceLast() => AnnouncedLast = Last;

    public Http2Exchange? FindOrNull(int id) => _table.FindOrNull(id);

    /// <summary>Takes in a stream that has opened.</summary>
    public void Add(Http2Exchange stream)
    {
        _table.Add(stream.Id, stream);
        connection.Metrics.Streams.Add(connection.Stripe, 1);
    }

    /// <summary>Takes in that the client changed what each stream may be sent; false when a window becomes too large.</summary>
    public bool TryAdjustWindows(int difference)
    {
        if (difference == 0) return true;
        int position = 0;
        while (_table.NextOrNull(ref position) is { } stream)
        {
            if (!stream.SendWindow.TryAdjust(difference)) return false;
            if (difference > 0) connection.Sender.OnWindow(stream);
        }

        return true;
    }

    /// <summary>The client opens the window of the connection or of a stream.</summary>
    public Http2Violation OnWindowUpdate(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        int id = (int)header.Stream.Value;
        if (id > Last || (id != 0 && !header.Stream.IsClients)) return Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "5.1");
        if (!connection.TryTakeControl()) return default;

        Http2Violation violation = WindowUpdateFrame.Read(header, payload, out int increment);
        if (id == 0)
        {
            if (!violation.IsNone) return violation;
            return connection.Sender.TryGrowWindow(increment) ? default : Http2Violation.OfConnection(Http2ErrorCode.FlowControlError, "6.9.1");
        }

        if (_table.FindOrNull(id) is not { } stream || stream.State is StreamState.Closed or StreamState.ResetByUs) return default;
        if (!violation.IsNone) return ResetForMistake(stream, violation.Code);
        if (!stream.SendWindow.TryGrow(increment)) return ResetForMistake(stream, Http2ErrorCode.FlowControlError);
        connection.Sender.OnWindow(stream);
        return default;
    }

    /// <summary>The client resets a stream (RST_STREAM).</summary>
    public Http2Violation OnReset(in FrameHeader header, ReadOnlySpan<byte> payload)
    {
        int id = (int)header.Stream.Value;
        if (id > Last || !header.Stream.IsClients) return Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "5.1");
        Http2ErrorCode code = RstStreamFrame.Read(payload);
        connection.Metrics.CountResetReceived(connection.Stripe, code);
        if (_table.FindOrNull(id) is not { } stream || stream.State is StreamState.Closed or StreamState.ResetByUs)
        {
            connection.TryTakeControl();
            return default;
        }

        // The slot stays taken until the handler has stopped: to reset is no way to have more work done at once.
        stream.State = StreamLife.Next(stream.State, StreamEvent.ResetReceived);
        connection.Bodies.GiveBack(stream.DropBody());
        connection.Sender.Forget(stream);
        stream.Abort(AbortReason.ClientGone);
        TryRelease(stream);
        return TakeReset();
    }

    /// <summary>The client says anew how urgent a stream is (RFC 9218, 7.1).</summary>
    public Http2Violation OnPriorityUpdate(ReadOnlySpan<byte> payload)
    {
        Http2Violation violation = PriorityUpdateFrame.Read(payload, out StreamId id, out StreamPriority priority);
        if (!violation.IsNone) return violation;

        // For a stream that is not open yet it would have to be kept; the field that comes with the request says the same.
        if (_table.FindOrNull((int)id.Value) is not { } stream) return default;
        connection.Sender.SetPriority(stream, priority);
        return default;
    }

    /// <summary>A frame whose header is wrong in a way that ends only its stream.</summary>
    public Http2Violation OnViolation(in FrameHeader header, Http2Violation violation)
    {
        int id = (int)header.Stream.Value;
        if (_table.FindOrNull(id) is { } stream && stream.State is not (StreamState.Closed or StreamState.ResetByUs)) return ResetForMistake(stream, violation.Code);
        if (id > Last || !header.Stream.IsClients) return Http2Violation.OfConnection(violation.Code, "5.1"); // an idle stream cannot be reset
        return OnGoneStream(id);
    }

    /// <summary>A frame for a stream whose client has ended its direction (RFC 9113, 5.1).</summary>
    public Http2Violation OnClosedStream(Http2Exchange stream)
    {
        if (stream.State == StreamState.HalfClosedRemote) return ResetForMistake(stream, Http2ErrorCode.StreamClosed);
        return Http2Violation.OfConnection(Http2ErrorCode.StreamClosed, "5.1");
    }

    /// <summary>A frame for a stream that ended and was forgotten.</summary>
    public Http2Violation OnGoneStream(int id)
    {
        WriteReset(id, Http2ErrorCode.StreamClosed);
        return TakeReset();
    }

    /// <summary>Resets a stream for what the client did; it comes out of the same budget as the client's own resets (CVE-2025-8671).</summary>
    public Http2Violation ResetForMistake(Http2Exchange stream, Http2ErrorCode code)
    {
        Reset(stream, code);
        stream.Abort(AbortReason.ClientGone);
        TryRelease(stream);
        return TakeReset();
    }

    /// <summary>Takes one of the resets that the client may cause; the violation when it has caused too many.</summary>
    public Http2Violation TakeReset()
    {
        if (connection.IsOver || _resets.TryTake(connection.Loop.Now, connection.Options.ResetBudget, connection.Options.ResetRefill, connection.Opened)) return default;
        connection.Metrics.Resets.Increment(connection.Stripe);
        return connection.Flood(connection.Metrics.RapidReset);
    }

    /// <summary>Whether we reset a stream that is gone, so that more may have been on its way.</summary>
    public bool WasReset(int id) => id > AnnouncedLast || _recentResets.Contains(id);

    /// <summary>Called when a response has waited too long.</summary>
    public void OnStalled(Http2Exchange stream)
    {
        // A stream that waits for its turn, and not for its client's window, is not the client's fault; a client that takes nothing at
        // all meets the connection's own limit.
        if (stream.Queue >= 0 && connection.Sender.HasWindow && stream.SendWindow.Left > 0 && !stream.MaySendTiny)
        {
            stream.RestartWriteDeadline();
            return;
        }

        connection.Metrics.StreamStall.Increment(connection.Stripe);
        Reset(stream, Http2ErrorCode.Cancel);
        stream.Abort(AbortReason.ClientTooSlow);
        TryRelease(stream);
    }

    /// <summary>Tells the client that a stream is over.</summary>
    public void WriteReset(int id, Http2ErrorCode code)
    {
        connection.Metrics.CountResetSent(connection.Stripe, code);
        _recentResets.Add(id);
        if (connection.CountControl()) connection.Sender.WriteReset(new StreamId((uint)id), code);
    }

    /// <summary>Called first thing when an exchange is aborted, by its handler or from here.</summary>
    public void OnAborted(Http2Exchange stream, AbortReason reason)
    {
        connection.Sender.Forget(stream);
        if (stream.State is StreamState.Closed or StreamState.ResetByUs) return;
        Reset(stream, reason is AbortReason.Drained or AbortReason.ClientTooSlow or AbortReason.ClientGone ? Http2ErrorCode.Cancel : Http2ErrorCode.InternalError);
    }

    /// <summary>Called when the last of a response is in the output.</summary>
    public void OnSent(Http2Exchange stream)
    {
        stream.State = StreamLife.Next(stream.State, StreamEvent.EndSent);
        TryRelease(stream);
    }

    /// <summary>Lets a stream go that is over for both sides and for its handler.</summary>
    public void TryRelease(Http2Exchange stream)
    {
        if (!stream.IsHandled) return;
        if (stream.State == StreamState.HalfClosedLocal && !connection.IsClosed)
        {
            // The request may end with what is already received, this very turn.
            if (stream.IsUnfinished) return;
            stream.IsUnfinished = true;
            stream.NextUnfinished = _unfinished;
            _unfinished = stream;
            connection.Sender.AskFlush();
            return;
        }

        if (stream.State is not (StreamState.Closed or StreamState.ResetByUs) || stream.IsUnfinished) return;

        // A reset may be one answer too many and end the connection, and with it let go the very stream that was being reset.
        if (!_table.Remove(stream.Id)) return;
        if (!connection.IsOver) connection.Bodies.GiveBack(stream.DropBody());
        connection.Metrics.Streams.Add(connection.Stripe, -1);
        stream.Detach();
        connection.Server.Http2Exchanges.Return(stream);
        if (_table.Count > 0) return;
        if (connection.IsClosed)
        {
            _table.Release();
            return;
        }

        connection.OnNoStreams();
    }

    /// <summary>Stops the rest of requests that were answered before they were whole (RFC 9113, 8.1).</summary>
    public void ResetUnfinished()
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

    /// <summary>Ends every stream; those whose handlers still run are let go when these end.</summary>
    public void AbortAll(AbortReason reason)
    {
        _unfinished = null;
        int position = 0;
        while (_table.NextOrNull(ref position) is { } stream)
        {
            stream.IsUnfinished = false;
            stream.State = StreamState.Closed;
            connection.Sender.Forget(stream);
            stream.Abort(reason);
            if (!stream.IsHandled) continue;
            TryRelease(stream);
            position--; // another may stand in its place now
        }
    }

    private void Reset(Http2Exchange stream, Http2ErrorCode code)
    {
        StreamState next = StreamLife.Next(stream.State, StreamEvent.ResetSent);
        if (next == StreamState.Illegal) return;
        stream.State = next;
        connection.Sender.Forget(stream);
        if (connection.IsOver) return;
        connection.Bodies.GiveBack(stream.DropBody());
        WriteReset(stream.Id, code);
    }
}

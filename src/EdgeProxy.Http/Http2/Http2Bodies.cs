using EdgeProxy.Http.Http2.FlowControl;
using EdgeProxy.Http.Http2.Frames;
using EdgeProxy.Http.Http2.Streams;
using EdgeProxy.Http.Messages;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Http2;

/// <summary>The requests' bodies on a client's HTTP/2 connection: DATA on its way into its stream, and the windows that bound how much may come.</summary>
/// <remarks>
/// A DATA frame is handed on as it is received, never gathered. The client may send as much again only once a handler has taken it
/// (RFC 9113, 5.2). Loop thread only.
/// </remarks>
internal sealed class Http2Bodies(Http2Connection connection)
{
    private const int LeastUsefulWindow = 1024;

    private ReceiveWindow _window = new(SendWindow.Initial);
    private DataUnderWay _data;

    /// <summary>Whether more of a DATA frame is to come before the next frame.</summary>
    public bool HasMore => _data.HasMore;

    /// <summary>Whether the client may send hardly any body at all now, because other streams' bytes are unread.</summary>
    public bool IsWindowClosed => _window.Left < LeastUsefulWindow;

    /// <summary>Makes the connection's window larger than it begins with.</summary>
    /// <returns>What to tell the client.</returns>
    public int Enlarge(int size) => _window.Enlarge(size);

    /// <summary>Takes the head of a DATA frame, with the byte that tells its padding where it has one; its body is read as it comes.</summary>
    public Http2Violation OnData(in FrameHeader header, ReadOnlySpan<byte> paddingLength)
    {
        Http2Violation violation = DataFrame.Read(header, paddingLength, out FramePart part);
        if (!violation.IsNone) return violation;

        int id = (int)header.Stream.Value;
        if (id > connection.Streams.Last || !header.Stream.IsClients) return Http2Violation.OfConnection(Http2ErrorCode.ProtocolError, "5.1");

        // The connection's window counts every DATA frame, also those of streams that are gone (RFC 9113, 6.9).
        if (!_window.TryTake(header.Length))
        {
            connection.Metrics.ConnectionWindow.Increment(connection.Stripe);
            return Http2Violation.OfConnection(Http2ErrorCode.FlowControlError, "6.9.1");
        }

        _data.Begin(header, part);
        if (part.Start > 0) GiveBack(part.Start);
        Http2Exchange? stream = connection.Streams.FindOrNull(id);

        // What still comes for a stream that we have reset is let pass, but a frame that carries nothing costs what it does anywhere.
        bool wasReset = stream is null ? connection.Streams.WasReset(id) : stream.State == StreamState.ResetByUs;
        if (wasReset && part.Length == 0 && !connection.TryTakeControl()) return default;
        if (stream is null)
        {
            if (!wasReset) violation = connection.Streams.OnGoneStream(id);
        }
        else
        {
            violation = BeginData(stream, header, part);
        }

        if (!violation.IsNone || connection.IsOver) return violation;
        if (!_data.HasMore) EndData(connection.Streams.FindOrNull(id));
        return default;
    }

    private Http2Violation BeginData(Http2Exchange stream, in FrameHeader header, FramePart part)
    {
        StreamState next = StreamLife.Next(stream.State, StreamEvent.BodyReceived);
        if (next == StreamState.Illegal) return connection.Streams.OnClosedStream(stream);
        if (next == StreamState.ResetByUs) return default;
        if (!stream.ReceiveWindow.TryTake(header.Length))
        {
            connection.Metrics.StreamWindow.Increment(connection.Stripe);
            return connection.Streams.ResetForMistake(stream, Http2ErrorCode.FlowControlError);
        }

        // Padding is consumed as it comes: nobody will ever read it.
        int padding = header.Length - part.Length;
        if (padding > 0) Announce(stream, padding);
        if (part.Length == 0 && !_data.EndsStream && ++stream.EmptyFrames > connection.Options.EmptyFrames)
        {
            connection.Metrics.EmptyFrames.Increment(connection.Stripe);
            return connection.Flood(connection.Metrics.EmptyFlood);
        }

        if (stream.IsWrongLength(part.Length, _data.EndsStream))
        {
            connection.Server.Metrics.Count(connection.Stripe, ViolationCode.LengthMismatch);
            stream.OnBodyViolation(ViolationCode.LengthMismatch);
            return connection.Streams.ResetForMistake(stream, Http2ErrorCode.ProtocolError);
        }

        return default;
    }

    /// <summary>Takes what is there of the DATA frame under way.</summary>
    public void Read(InboundBuffer inbound)
    {
        Http2Exchange? stream = connection.Streams.FindOrNull(_data.Stream);
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
        if (_data.EndsStream && stream is not null && CanTakeBody(stream)) OnEnd(stream);
    }

    /// <summary>The client's direction of a stream has ended, with DATA or with trailers.</summary>
    public Http2Violation OnEnd(Http2Exchange stream)
    {
        if (stream.IsWrongLength(0, ends: true))
        {
            connection.Server.Metrics.Count(connection.Stripe, ViolationCode.LengthMismatch);
            stream.OnBodyViolation(ViolationCode.LengthMismatch);
            return connection.Streams.ResetForMistake(stream, Http2ErrorCode.ProtocolError);
        }

        stream.State = StreamLife.Next(stream.State, StreamEvent.EndReceived);
        stream.OnBodyEnd();
        connection.Streams.TryRelease(stream);
        return default;
    }

    private static bool CanTakeBody(Http2Exchange stream) => stream.State is StreamState.Open or StreamState.HalfClosedLocal;

    /// <summary>Called when the handler has taken body bytes: only now the client may send as many again.</summary>
    public void OnConsumed(Http2Exchange stream, int length)
    {
        if (connection.IsClosed) return;
        GiveBack(length);
        Announce(stream, length);
    }

    private void Announce(Http2Exchange stream, int length)
    {
        int increment = stream.ReceiveWindow.Consume(length);
        if (increment == 0 || !CanTakeBody(stream)) return;
        WriteWindowUpdate(stream.Stream, increment);
    }

    /// <summary>Lets the client send as many bytes again on the connection, since nothing holds these any more.</summary>
    public void GiveBack(int length)
    {
        int increment = _window.Consume(length);
        if (increment > 0) WriteWindowUpdate(StreamId.Connection, increment);
    }

    private void WriteWindowUpdate(StreamId stream, int increment)
    {
        if (!connection.IsOver) connection.Sender.WriteWindowUpdate(stream, increment);
    }
}

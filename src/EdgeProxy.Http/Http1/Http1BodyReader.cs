using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Messages;
using EdgeProxy.Transport.Connections;

namespace EdgeProxy.Http.Http1;

/// <summary>Reads one HTTP/1.1 body out of what a connection receives (RFC 9112, 6 and 7), for requests and responses alike.</summary>
/// <remarks>A chunk it yields lies in the inbound buffer: borrowed until the next read.</remarks>
internal struct Http1BodyReader
{
    private ChunkedDecoder _decoder;
    private long _remaining;
    private BodyFraming _framing;
    private bool _done;

    /// <summary>Body bytes so far, transfer coding removed.</summary>
    public long Received { get; private set; }

    /// <summary>Whether the body was read to its end.</summary>
    public readonly bool IsDone => _done;

    /// <summary>The rule that was broken, after <see cref="BodyStatus.Violation"/>.</summary>
    public ViolationCode Violation { get; private set; }

    /// <summary>Begins with a body.</summary>
    /// <param name="framing">How the head frames it.</param>
    /// <param name="contentLength">Its length, where that frames it.</param>
    /// <param name="limits">What a chunked one may bring beside itself.</param>
    public void Start(BodyFraming framing, long contentLength, in ChunkLimits limits)
    {
        _framing = framing;
        _remaining = contentLength;
        _done = framing == BodyFraming.None || (framing == BodyFraming.Length && contentLength == 0);
        if (framing == BodyFraming.Chunked) _decoder = new ChunkedDecoder(limits);
        Received = 0;
        Violation = ViolationCode.None;
    }

    /// <summary>Reads without waiting; false when the connection has to be waited for.</summary>
    /// <param name="connection">Where bytes come from.</param>
    /// <param name="inbound">Bytes already received.</param>
    /// <param name="limit">Largest body, or -1.</param>
    /// <param name="read">What was read.</param>
    /// <param name="trailers">Where trailers are recorded, the same at each read; null to read and limit them only.</param>
    public bool TryRead(Connection connection, InboundBuffer inbound, long limit, out BodyRead read, HeaderTable? trailers = null)
    {
        while (true)
        {
            if (_done)
            {
                read = BodyRead.Of(BodyStatus.End);
                return true;
            }

            if (inbound.Length > 0 && TryTake(inbound, trailers, out read))
            {
                if (limit >= 0 && Received > limit) read = BodyRead.Of(BodyStatus.TooLarge);
                return true;
            }

            IoResult result = inbound.Receive(connection);
            switch (result.Status)
            {
                case IoStatus.Ok:
                    continue;
                case IoStatus.WouldBlock:
                    read = default;
                    return false;
                case IoStatus.Closed when _framing == BodyFraming.UntilClose && !connection.WasTruncated: // RFC 9112, 9.8: over TLS anybody on the way can send a FIN
                    _done = true;
                    continue;
                case IoStatus.Aborted:
                    read = BodyRead.Of(BodyStatus.Aborted);
                    return true;
                default:
                    read = BodyRead.Of(BodyStatus.Truncated);
                    return true;
            }
        }
    }

    private bool TryTake(InboundBuffer inbound, HeaderTable? trailers, out BodyRead read)
    {
        switch (_framing)
        {
            case BodyFraming.Length:
                int length = (int)Math.Min(_remaining, inbound.Length);
                _remaining -= length;
                _done = _remaining == 0;
                read = Take(inbound, 0, length, length);
                return true;
            case BodyFraming.UntilClose:
                read = Take(inbound, 0, inbound.Length, inbound.Length);
                return true;
            default:
                return TryTakeChunked(inbound, trailers, out read);
        }
    }

    private bool TryTakeChunked(InboundBuffer inbound, HeaderTable? trailers, out BodyRead read)
    {
        ChunkStep step = _decoder.Next(inbound.Unread, trailers);
        switch (step.Kind)
        {
            case ChunkStepKind.Data:
                // The end often follows in the same bytes; found now, the whole body goes on in one piece. Trailers recorded on the way
                // would be recorded twice if the look ahead were thrown away, so it counts as well when it took all there is.
                int consumed = step.Consumed;
                ChunkedDecoder ahead = _decoder;
                ChunkStep next = ahead.Next(inbound.Unread[consumed..], trailers);
                if (next.Kind is ChunkStepKind.End or ChunkStepKind.NeedMore)
                {
                    _decoder = ahead;
                    _done = next.Kind == ChunkStepKind.End;
                    consumed += next.Consumed;
                }

                read = Take(inbound, step.Start, step.Length, consumed);
                return true;
            case ChunkStepKind.End:
                inbound.Consume(step.Consumed);
                _done = true;
                read = BodyRead.Of(BodyStatus.End);
                return true;
            case ChunkStepKind.Violation:
                Violation = step.Violation;
                read = BodyRead.Of(BodyStatus.Violation);
                return true;
            default:
                inbound.Consume(step.Consumed);
                read = default;
                return false;
        }
    }

    private BodyRead Take(InboundBuffer inbound, int offset, int length, int consumed)
    {
        int start = inbound.Start + offset;
        var chunk = new BodyChunk(inbound.Bytes, start, length, headroom: start);
        inbound.Consume(consumed);
        Received += length;
        return new BodyRead(_done ? BodyStatus.End : BodyStatus.Data, chunk);
    }
}

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

namespace EdgeProxy.Http.Http2;

/// <summary>The requests of a client's HTTP/2 connection: decodes field blocks into heads and trailers, judges them, and has requests served.</summary>
/// <remarks>Loop thread only.</remarks>
internal sealed class Http2Requests(Http2Connection connection)
{
    private const int EarlyStreams = 1000;

    private HpackDecoder? _decoder;
    private int _refusedEarly;

    private HpackDecoder Decoder => _decoder ??= new HpackDecoder();

    private HpackLimits DecodeLimits => new(connection.Options.MaxHeaderList, connection.Server.Options.Head.HeaderCount);

    private ExchangePool<Http2Exchange> Exchanges => connection.Server.Http2Exchanges;

    /// <summary>A whole field block: a request's head, its trailers, or what must only be decoded so that the tables stay equal.</summary>
    public Http2Violation OnBlock(int id, ReadOnlySpan<byte> block, bool ends)
    {
        if (block.Length > connection.Options.HeaderBlock)
        {
            connection.Metrics.HeaderBlock.Increment(connection.Stripe);
            return connection.Flood(connection.Metrics.ContinuationFlood);
        }

        if (id > connection.Streams.Last) return OnRequest(id, block, ends);
        if (connection.Streams.FindOrNull(id) is { } stream) return OnTrailers(stream, block, ends);

        // A stream that has ended. What was on its way when we reset it is let pass (RFC 9113, 5.1).
        if (!connection.Streams.WasReset(id)) return Http2Violation.OfConnection(Http2ErrorCode.StreamClosed, "5.1");
        return PassOver(id, block);
    }

    private Http2Violation OnRequest(int id, ReadOnlySpan<byte> block, bool ends)
    {
        Http2Exchange stream = Exchanges.Rent();
        stream.Attach(connection, id, connection.Loop.Now);
        HpackResult decoded = Decoder.Decode(block, FieldBlockKind.Request, DecodeLimits, stream.Request.Headers, out PseudoHeaders pseudo);
        if (decoded.Status is HpackStatus.CompressionError or HpackStatus.Excess)
        {
            Exchanges.Return(stream);
            return Undecodable(decoded.Status);
        }

        connection.Streams.Last = id;

        // After the last GOAWAY the client knows that this is not served, and sends it elsewhere.
        if (id > connection.Streams.AnnouncedLast)
        {
            Exchanges.Return(stream);
            return default;
        }

        connection.OnOpened();
        if (connection.Streams.Count >= connection.Options.MaxConcurrentStreams)
        {
            Exchanges.Return(stream);
            return Refuse(id);
        }

        stream.SendWindow = new SendWindow(connection.Sender.InitialWindow);

        // Until it has seen our settings the client goes by the initial window, but it waits for updates by the smaller one once it has.
        stream.ReceiveWindow = new ReceiveWindow(connection.Options.StreamWindow, connection.Receiver.IsAcknowledged ? connection.Options.StreamWindow : Math.Max(connection.Options.StreamWindow, SendWindow.Initial));
        stream.State = StreamLife.Next(StreamState.Idle, StreamEvent.HeadReceived);
        if (ends) stream.State = StreamLife.Next(stream.State, StreamEvent.EndReceived);
        connection.Streams.Add(stream);
        connection.OnRequest();

        ViolationCode wrong = decoded.Violation;
        StreamPriority? priority = null;
        if (decoded.IsComplete) wrong = RequestRules.Judge(stream.Request, pseudo, ends, connection.Server.Options.Head, connection.Server.Options.Parse, out priority);
        if (wrong != ViolationCode.None) return OnWrongRequest(stream, wrong);

        if (priority is { } said) stream.SetPriority(said);
        if (stream.Request.Tier != DesyncTier.Compliant) connection.Server.Metrics.CountTolerated(connection.Stripe, stream.Request.Tier, stream.Request.Reason);
        stream.Begin();
        ServeAsync(stream).Forget();
        return default;
    }

    private Http2Violation OnWrongRequest(Http2Exchange stream, ViolationCode wrong)
    {
        connection.Server.Metrics.Count(connection.Stripe, wrong);
        if (wrong == ViolationCode.HeadTooLarge) connection.Metrics.HeaderList.Increment(connection.Stripe);
        if (RequestRules.IsMalformed(wrong))
        {
            stream.IsHandled = true;
            return connection.Streams.ResetForMistake(stream, Http2ErrorCode.ProtocolError);
        }

        Answer(stream, ViolationAnswers.StatusOf(wrong));
        stream.IsHandled = true; // only now: until then it must not be let go
        connection.Streams.TryRelease(stream);
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
        connection.Metrics.ConcurrentStreams.Increment(connection.Stripe);
        connection.Streams.WriteReset(id, Http2ErrorCode.RefusedStream);

        // Before it has seen our settings a client cannot know how many are too many (RFC 9113, 6.5.2).
        if (!connection.Receiver.IsAcknowledged && ++_refusedEarly <= EarlyStreams) return default;
        return connection.Streams.TakeReset();
    }

    private Http2Violation OnTrailers(Http2Exchange stream, ReadOnlySpan<byte> block, bool ends)
    {
        StreamState next = StreamLife.Next(stream.State, StreamEvent.HeadReceived);
        if (next == StreamState.Illegal)
        {
            Http2Violation decoded = DecodeOnly(block);
            return decoded.IsNone ? connection.Streams.OnClosedStream(stream) : decoded;
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
            connection.Server.Metrics.Count(connection.Stripe, wrong);
            stream.OnBodyViolation(wrong);
            return connection.Streams.ResetForMistake(stream, Http2ErrorCode.ProtocolError);
        }

        return connection.Bodies.OnEnd(stream);
    }

    /// <summary>A block for a stream that is over on our side: it was on its way, which happens once a stream and not without end.</summary>
    private Http2Violation PassOver(int id, ReadOnlySpan<byte> block) => id > connection.Streams.AnnouncedLast || connection.TryTakeControl() ? DecodeOnly(block) : default;

    private Http2Violation DecodeOnly(ReadOnlySpan<byte> block)
    {
        Http2Exchange scratch = Exchanges.Rent();
        scratch.Request.Clear();
        HpackResult decoded = Decoder.Decode(block, FieldBlockKind.Request, DecodeLimits, scratch.Request.Headers, out _);
        Exchanges.Return(scratch);
        return decoded.Status is HpackStatus.CompressionError or HpackStatus.Excess ? Undecodable(decoded.Status) : default;
    }

    private Http2Violation Undecodable(HpackStatus status)
    {
        if (status == HpackStatus.CompressionError) return Http2Violation.OfConnection(Http2ErrorCode.CompressionError, "4.3");
        connection.Metrics.HeaderList.Increment(connection.Stripe);
        return connection.Flood(connection.Metrics.ContinuationFlood);
    }

    private async LoopTask ServeAsync(Http2Exchange stream)
    {
        try
        {
            await connection.Server.Handler.HandleAsync(stream);
        }
        catch (Exception exception)
        {
            connection.Server.OnHandlerFailed(exception);
            if (!stream.ResponseStarted && stream.Aborted == AbortReason.None) Answer(stream, 500);
        }

        stream.IsHandled = true;
        connection.Server.Count(stream);
        if (!stream.ResponseEnded) stream.Abort(AbortReason.HandlerFailed);
        connection.Streams.TryRelease(stream);
    }
}

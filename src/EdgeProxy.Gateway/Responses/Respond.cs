using EdgeProxy.Core.Buffers;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Compression;
using EdgeProxy.Gateway.Grpc;
using EdgeProxy.Gateway.Integrations.Http;
using EdgeProxy.Gateway.Integrations.Lambda;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Responses;

/// <summary>Phase: the only way out, for answers and faults alike.</summary>
/// <remarks>
/// A backend's body streams with back-pressure: the next run is read when the client has taken the last. One without a declared length is held
/// up to 64 KB, so that a small answer gets Content-Length and any failure until then still gets its status; beyond, a failure can only cut the
/// connection (architecture.md 3). What <c>responseTransferMode: STREAM</c> says is not held at all.
/// </remarks>
internal static class Respond
{
    /// <summary>Bytes of an undeclared body that are held before it streams.</summary>
    public const int HeldBytes = 64 * 1024;

    private const int PieceBytes = 256 * 1024;

    public static LoopTask RunAsync(RequestContext request, Verdict verdict)
    {
        if (verdict.IsFault) return RespondFaultAsync(request, verdict.Fault);
        if (request.HeldAnswer.IsWhole) return RespondHeldAsync(request);
        return request.Function is { } function ? RespondFunction.RunAsync(request, function) : RespondUpstreamAsync(request, request.Call!);
    }

    private static LoopTask RespondFaultAsync(RequestContext request, FaultKind kind)
    {
        Exchange exchange = request.Exchange;
        Fault fault = Faults.Of(kind);
        request.Fault = kind;
        if (kind == FaultKind.ClientGone)
        {
            exchange.Abort(AbortReason.ClientGone);
            return LoopTask.Completed;
        }

        if (kind == FaultKind.ClientCertificateCut)
        {
            exchange.Abort(AbortReason.ClientRefused);
            return LoopTask.Completed;
        }

        exchange.Response.Clear();
        request.HidesLength = false;
        BodyChunk body = EncodeAnswer.OfFault(request, request.ErrorForm.Fill(request, fault));

        // What is left of such a body is not worth reading to keep the connection.
        if (kind is FaultKind.BodyTooLarge or FaultKind.BodyTimedOut or FaultKind.BodyMalformed) exchange.CloseAfterwards = true;
        return EndAsync(request, request.IsGrpc ? (BodyFraming.Chunked, -1) : Length(request, body.Length), body);
    }

    private static LoopTask RespondHeldAsync(RequestContext request)
    {
        if (request.CacheUseOrNull is { HasEntry: true } use) return RespondCachedAsync(request, use);
        LoopTask end = EndAsync(request, Length(request, request.HeldAnswer.Length), request.HeldAnswer.Chunk);
        return request.Call is { } call && !request.IsAnswerReceived ? DiscardAsync(end, call) : end;
    }

    /// <summary>Sends an entry of the cache out of the cache's own memory, and lets it go as soon as its bytes are sent or, for a client that takes them slowly, copied.</summary>
    private static LoopTask RespondCachedAsync(RequestContext request, CacheUse use)
    {
        if (request.HeldAnswer.Length > PieceBytes && request.Exchange.Request.Method != HttpMethod.Head) return RespondPiecesAsync(request);
        LoopTask end = EndAsync(request, Length(request, request.HeldAnswer.Length), request.HeldAnswer.Chunk);
        use.LetGo();

        // The backend was asked, and had nothing newer.
        return request.Call is { } call && !request.IsAnswerReceived ? DiscardAsync(end, call) : end;
    }

    /// <summary>Sends a large entry in pieces: of what a slow client leaves, no more than one is copied.</summary>
    private static async LoopTask RespondPiecesAsync(RequestContext request)
    {
        Exchange exchange = request.Exchange;
        BodyChunk body = request.HeldAnswer.Chunk;
        exchange.StartResponse(BodyFraming.Length, body.Length);
        for (int at = 0; at < body.Length; at += PieceBytes)
        {
            var piece = new BodyChunk(body.Buffer, body.Start + at, Math.Min(PieceBytes, body.Length - at));
            if (await (at + piece.Length == body.Length ? exchange.EndAsync(piece) : exchange.WriteAsync(piece)) == IoStatus.Ok) continue;
            LoseClient(request);
            return;
        }
    }

    private static async LoopTask DiscardAsync(LoopTask responded, UpstreamCall call)
    {
        await responded;
        await DiscardAnswer.RunAsync(call);
    }

    private static (BodyFraming Framing, long Length) Length(RequestContext request, long length) =>
        request.HidesLength || request.Exchange.Response.Status is 204 or 304 ? (BodyFraming.None, 0) : (BodyFraming.Length, length);

    private static async LoopTask EndAsync(RequestContext request, (BodyFraming Framing, long Length) framing, BodyChunk body)
    {
        Exchange exchange = request.Exchange;
        exchange.StartResponse(framing.Framing, framing.Length);
        bool hasBody = framing.Framing != BodyFraming.None && exchange.Request.Method != HttpMethod.Head && body.Length > 0;
        IoStatus sent = await (hasBody ? exchange.EndAsync(body) : exchange.EndAsync());
        if (sent != IoStatus.Ok) LoseClient(request);
    }

    private static LoopTask RespondUpstreamAsync(RequestContext request, UpstreamCall call)
    {
        Exchange exchange = request.Exchange;
        ResponseHead answer = call.Response;
        if (request.IsGrpc) return RespondGrpc.RunAsync(request, call);
        if (request.EncodedAnswer.IsActive) return HoldAsync(request, call, request.EncodedAnswer);
        if (exchange.Response.Status is 204 or 304) return WithoutBodyAsync(request, call, BodyFraming.None, 0);
        if (exchange.Request.Method == HttpMethod.Head)
        {
            // What GET would have said, as far as the backend said it.
            return answer.ContentLength >= 0 && !request.HidesLength
                ? WithoutBodyAsync(request, call, BodyFraming.Length, answer.ContentLength)
                : WithoutBodyAsync(request, call, BodyFraming.None, 0);
        }

        if (request.Route!.Integration.StreamsAnswer && answer.Framing != BodyFraming.None) return StreamAtOnceAsync(request, call);
        return answer.Framing switch
        {
            BodyFraming.None => WithoutBodyAsync(request, call, BodyFraming.Length, 0),
            BodyFraming.Length => StreamAsync(request, call, BodyFraming.Length, answer.ContentLength),
            _ => HoldAsync(request, call, request.AnswerSource),
        };
    }

    private static async LoopTask WithoutBodyAsync(RequestContext request, UpstreamCall call, BodyFraming framing, long length)
    {
        if (call.Response.Framing == BodyFraming.None)
        {
            BodyRead end = await request.AnswerSource.ReadBodyAsync();
            if (end.Failed)
            {
                await RespondFaultAsync(request, CallHttp.FaultOf(end.Status));
                return;
            }
        }

        // HEAD may have been answered by a GET, and its body is for nobody.
        LoopTask ended = EndAsync(request, (framing, length), BodyChunk.Empty);
        await (call.Response.Framing == BodyFraming.None ? ended : DiscardAsync(ended, call));
    }

    private static async LoopTask StreamAsync(RequestContext request, UpstreamCall call, BodyFraming framing, long length)
    {
        Exchange exchange = request.Exchange;

        // Nothing is started before the first bytes are there, so that a backend that fails behind its head is still answered for.
        IBodySource body = request.AnswerSource;
        BodyRead read = await body.ReadBodyAsync();
        if (read.Failed)
        {
            await RespondFaultAsync(request, CallHttp.FaultOf(read.Status));
            return;
        }

        exchange.StartResponse(framing, length);
        await PumpAsync(request, call, body, read);
    }

    /// <summary>Sends the head before a byte of the body is here (rest-api.md 5.13): from then on a failure can only cut the connection.</summary>
    private static async LoopTask StreamAtOnceAsync(RequestContext request, UpstreamCall call)
    {
        Exchange exchange = request.Exchange;
        exchange.StartResponse(BodyFraming.Chunked, -1);
        if (await exchange.WriteAsync(BodyChunk.Empty) != IoStatus.Ok)
        {
            LoseClient(request);
            return;
        }

        await PumpAsync(request, call, call, await call.ReadBodyAsync());
    }

    private static async LoopTask PumpAsync(RequestContext request, UpstreamCall call, IBodySource body, BodyRead read)
    {
        Exchange exchange = request.Exchange;
        while (true)
        {
            if (read.Failed)
            {
                // Whoever aborts a call under way does so because its client is gone.
                request.Fault = read.Status == BodyStatus.Aborted ? FaultKind.ClientGone : CallHttp.FaultOf(read.Status);
                exchange.Abort(request.Fault == FaultKind.ResponseTooLarge ? AbortReason.ResponseTooLarge : AbortReason.UpstreamFailed);
                return;
            }

            bool isLast = read.Status == BodyStatus.End;
            if (isLast) TakeTrailers(exchange, call);
            long began = exchange.Loop.Now;
            IoStatus sent = await (isLast ? exchange.EndAsync(read.Chunk) : exchange.WriteAsync(read.Chunk));
            call.Postpone(exchange.Loop.Now - began);
            if (sent != IoStatus.Ok)
            {
                LoseClient(request);
                return;
            }

            if (isLast) return;
            read = await body.ReadBodyAsync();
        }
    }

    private static async LoopTask HoldAsync(RequestContext request, UpstreamCall call, IBodySource body)
    {
        Exchange exchange = request.Exchange;
        BodyRead read = await body.ReadBodyAsync();
        if (read.Status == BodyStatus.End)
        {
            // All in one run, which is the usual small answer: nothing is copied.
            await EndAsync(request, HeldFraming(exchange, call, read.Chunk.Length), read.Chunk);
            return;
        }

        LoopBuffers buffers = exchange.Loop.Buffers;
        byte[] held = buffers.Rent(HeldBytes);
        int length = 0;
        try
        {
            while (!read.Failed && read.Chunk.Length <= HeldBytes - length)
            {
                read.Chunk.Span.CopyTo(held.AsSpan(length));
                length += read.Chunk.Length;
                if (read.Status == BodyStatus.End)
                {
                    await EndAsync(request, HeldFraming(exchange, call, length), new BodyChunk(held, 0, length));
                    return;
                }

                read = await body.ReadBodyAsync();
            }

            if (read.Failed)
            {
                await RespondFaultAsync(request, CallHttp.FaultOf(read.Status));
                return;
            }

            await StreamHeldAsync(request, call, body, held, length, read, buffers);
        }
        finally
        {
            buffers.Return(held);
        }
    }

    /// <summary>Goes over from holding to streaming: what is held first, then the run that did not fit, then the rest.</summary>
    private static async LoopTask StreamHeldAsync(RequestContext request, UpstreamCall call, IBodySource body, byte[] held, int length, BodyRead next, LoopBuffers buffers)
    {
        Exchange exchange = request.Exchange;
        exchange.StartResponse(BodyFraming.Chunked, -1);

        // The run lies in borrowed memory, which the wait for the client below may overwrite.
        byte[] aside = buffers.Rent(next.Chunk.Length);
        try
        {
            next.Chunk.Span.CopyTo(aside);
            long began = exchange.Loop.Now;
            IoStatus sent = await exchange.WriteAsync(new BodyChunk(held, 0, length));
            call.Postpone(exchange.Loop.Now - began);
            if (sent != IoStatus.Ok)
            {
                LoseClient(request);
                return;
            }

            await PumpAsync(request, call, body, new BodyRead(next.Status, new BodyChunk(aside, 0, next.Chunk.Length)));
        }
        finally
        {
            buffers.Return(aside);
        }
    }

    /// <summary>A body that is here whole gets its length, unless trailers follow it, for which HTTP/1.1 needs chunks.</summary>
    private static (BodyFraming Framing, long Length) HeldFraming(Exchange exchange, UpstreamCall call, int length) =>
        TakeTrailers(exchange, call) ? (BodyFraming.Chunked, -1) : (BodyFraming.Length, length);

    /// <summary>Has the backend's trailers follow the response, where they may pass and the client takes them.</summary>
    internal static bool TakeTrailers(Exchange exchange, UpstreamCall call)
    {
        if (!call.PassesTrailers || call.ResponseTrailers.Count == 0 || !exchange.TakesTrailers) return false;
        HeaderTable from = call.ResponseTrailers;
        HeaderTable to = exchange.ResponseTrailers;
        for (int i = 0; i < from.Count; i++) to.Add(from[i].Known, from.Name(i), from.Value(i));
        return true;
    }

    /// <summary>Notes that the client is gone.</summary>
    internal static void LoseClient(RequestContext request)
    {
        request.Fault = FaultKind.ClientGone;
        request.Exchange.Abort(AbortReason.ClientGone);
    }
}

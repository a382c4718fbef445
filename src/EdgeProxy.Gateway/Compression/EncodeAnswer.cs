using System.Text;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Caching;
using EdgeProxy.Gateway.Caching.Freshness;
using EdgeProxy.Gateway.Integrations.Http;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Compression;

/// <summary>Phase: compresses the answer where the API asks for it and the client takes it (rest-api.md 11.3).</summary>
/// <remarks>
/// Not confirmed, and chosen here (decision 0027): an empty body is not compressed; nor is a 206, whose range is one of the plain bytes, nor what says
/// <c>no-transform</c>; a strong ETag becomes a weak one; an answer that would be compressed for another client says <c>Vary: Accept-Encoding</c>. The gateway's own
/// answers go by the same rule, from <see cref="Respond"/>.
/// </remarks>
internal static class EncodeAnswer
{
    public static LoopTask<Verdict> RunAsync(RequestContext request, Verdict mapped)
    {
        int least = request.Deployment!.Plan.MinimumCompressionSize;
        if (least < 0 || mapped.IsFault || !MayEncode(request)) return mapped;
        if (HasNoBody(request))
        {
            AnnounceCoding(request, LengthOf(request), least);
            return mapped;
        }

        if (request.HeldAnswer.IsWhole)
        {
            return request.HeldAnswer.Length >= Math.Max(1, least) && Choose(request) is var held and not ContentCoding.Identity ? EncodeHeldAsync(request, held, mapped) : mapped;
        }

        if (request.Call is not { } call) return mapped;
        bool isDeclared = call.Response.Framing == BodyFraming.Length;
        if (call.Response.Framing == BodyFraming.None || (isDeclared && call.Response.ContentLength < Math.Max(1, least))) return mapped;
        ContentCoding coding = Choose(request);
        if (coding == ContentCoding.Identity) return mapped;
        if (!isDeclared) return HoldAsync(request, Math.Max(1, least), coding, mapped);
        TryFollow(request, null, coding); // without memory for an encoder the answer goes as it is
        return mapped;
    }

    /// <summary>Compresses the gateway's own answer to a request that failed.</summary>
    /// <param name="request">The request; its head is filled.</param>
    /// <param name="body">The body, in memory that is not the held answer's.</param>
    /// <returns>The body to send.</returns>
    public static BodyChunk OfFault(RequestContext request, BodyChunk body)
    {
        int least = request.Deployment?.Plan.MinimumCompressionSize ?? -1;
        if (least < 0 || body.Length < Math.Max(1, least) || !MayEncode(request)) return body;
        if (HasNoBody(request))
        {
            AnnounceCoding(request, body.Length, least);
            return body;
        }

        ContentCoding coding = Choose(request);
        if (coding == ContentCoding.Identity || request.Services.Codecs.RentEncoderOrNull(coding, request.Settings.Compression.Level) is not { } encoder) return body;
        HeldBody output = request.HeldAnswer;
        output.Release(request.Exchange.Loop.Buffers);
        RecodeStatus status = RecodeStatus.Going;
        for (int taken = 0; status == RecodeStatus.Going;) status = Recode.Run(encoder, body.Span, ref taken, isLast: true, output, long.MaxValue, request.Exchange.Loop.Buffers);
        request.Services.Codecs.ReturnEncoder(coding, request.Settings.Compression.Level, encoder);
        if (status != RecodeStatus.Ended) return body;
        Mark(request, coding, body.Length, output.Length);
        return output.Chunk;
    }

    private static bool MayEncode(RequestContext request)
    {
        ResponseHead response = request.Exchange.Response;
        if (request.IsGrpc || request.Exchange is RefreshExchange || response.Status == 204) return false;
        if (request.Route?.Integration is { StreamsAnswer: true } && request.Fault == FaultKind.None) return false;
        HeaderTable headers = response.Headers;
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known == KnownHeader.ContentEncoding) return false;
            if (headers[i].Known == KnownHeader.CacheControl && FieldList.Contains(headers.Value(i), "no-transform"u8)) return false;
        }

        return true;
    }

    private static bool HasNoBody(RequestContext request) =>
        request.Exchange.Request.Method == HttpMethod.Head || request.Exchange.Response.Status is 206 or 304;

    /// <summary>How long the body is that GET would have got, as far as that is known; -1 where it is not.</summary>
    private static long LengthOf(RequestContext request) =>
        request.HeldAnswer.IsWhole ? request.HeldAnswer.Length : request.Call is { } call ? call.Response.ContentLength : -1;

    /// <summary>
    /// Says of an answer without a compressible body what the whole one says (RFC 9110, 9.3.2, 15.3.7 and 15.4.5): that it depends on the client, with the tag it has then,
    /// and to HEAD in which coding it would have come. How long that would have been nobody knows, and a wrong length must not be said (8.6).
    /// </summary>
    private static void AnnounceCoding(RequestContext request, long length, int least)
    {
        int status = request.Exchange.Response.Status;
        if (status is not (206 or 304) && length >= 0 && length < Math.Max(1, least)) return;
        if (Choose(request) is var coding && (coding == ContentCoding.Identity || status == 206)) return;
        if (status != 304 && length >= 0)
        {
            MarkHead(request, coding);
            request.HidesLength = true;
            return;
        }

        WeakenTag(request.Exchange.Response.Headers);
    }

    /// <summary>Chooses, and says to caches that the choice depends on the client (RFC 9110, 12.5.5).</summary>
    private static ContentCoding Choose(RequestContext request)
    {
        HeaderTable headers = request.Exchange.Response.Headers;
        bool isSaid = false;
        for (int i = 0; i < headers.Count && !isSaid; i++)
        {
            if (!Ascii.EqualsIgnoreCase(headers.Name(i), "vary"u8)) continue;
            isSaid = FieldList.Contains(headers.Value(i), "accept-encoding"u8) || FieldList.Contains(headers.Value(i), "*"u8);
        }

        if (!isSaid) headers.Add(KnownHeader.Other, "Vary"u8, "Accept-Encoding"u8);
        return AcceptEncoding.Choose(request.Exchange.Request.Headers, request.Settings.Compression.Codings);
    }

    private static async LoopTask<Verdict> EncodeHeldAsync(RequestContext request, ContentCoding coding, Verdict mapped)
    {
        Exchange exchange = request.Exchange;
        request.HeldAnswer.Keep(exchange.Loop.Buffers);
        int level = request.Settings.Compression.Level;
        bool isVariant = CompressedVariant.AreStored(request);
        if (isVariant && CompressedVariant.TryServe(request, coding))
        {
            MarkHead(request, coding);
            return mapped;
        }

        CodecPool codecs = request.Services.Codecs;
        if (codecs.RentEncoderOrNull(coding, level) is not { } encoder) return mapped;
        HeldBody output = request.Recoded;
        try
        {
            for (int taken = 0; ;)
            {
                RecodeStatus status = Recode.Run(encoder, request.HeldAnswer.Span, ref taken, isLast: true, output, long.MaxValue, exchange.Loop.Buffers);
                if (status == RecodeStatus.Ended) break;
                if (status != RecodeStatus.Going) return mapped;
                await exchange.Loop.YieldAsync();
                if (exchange.Aborted != AbortReason.None) return Verdict.Of(FaultKind.ClientGone);
            }
        }
        finally
        {
            codecs.ReturnEncoder(coding, level, encoder);
        }

        output.Complete();
        Mark(request, coding, request.HeldAnswer.Length, output.Length);
        if (isVariant) CompressedVariant.Store(request, coding, output.Span);
        request.HeldAnswer.TakeOver(output, exchange.Loop.Buffers);
        return mapped;
    }

    /// <summary>Reads so much of a body of unknown length that it is clear whether it is to be compressed.</summary>
    private static async LoopTask<Verdict> HoldAsync(RequestContext request, int least, ContentCoding coding, Verdict mapped)
    {
        HeldBody held = request.HeldAnswer;
        IBodySource source = request.AnswerSource;
        while (held.Length < least)
        {
            BodyRead read = await source.ReadBodyAsync();
            if (read.Failed) return Verdict.Of(CallHttp.FaultOf(read.Status));
            held.Append(read.Chunk.Span, request.Exchange.Loop.Buffers);
            if (read.Status != BodyStatus.End) continue;
            held.Complete();
            request.IsAnswerReceived = true;
            return held.Length < least ? mapped : await EncodeHeldAsync(request, coding, mapped);
        }

        return TryFollow(request, held, coding) ? mapped : Verdict.Of(FaultKind.Aborted);
    }

    private static bool TryFollow(RequestContext request, HeldBody? held, ContentCoding coding)
    {
        if (!request.EncodedAnswer.TryFollow(held, request.AnswerSource, coding, request.Settings.Compression.Level, request.Services, request.Exchange.Loop)) return false;
        MarkHead(request, coding);
        return true;
    }

    private static void Mark(RequestContext request, ContentCoding coding, long taken, long made)
    {
        request.Services.Metrics.Codings.CountEncoded(request.Exchange.Loop.Ordinal, coding, taken, made);
        MarkHead(request, coding);
    }

    private static void MarkHead(RequestContext request, ContentCoding coding)
    {
        HeaderTable headers = request.Exchange.Response.Headers;
        headers.Add(KnownHeader.ContentEncoding, "Content-Encoding"u8, ContentCodings.NameOf(coding));

        WeakenTag(headers);
    }

    // The same tag for other bytes would be a lie (RFC 9110, 8.8.3.3).
    private static void WeakenTag(HeaderTable headers)
    {
        for (int i = 0; i < headers.Count; i++)
        {
            if (headers[i].Known != KnownHeader.Other || !Ascii.EqualsIgnoreCase(headers.Name(i), "etag"u8) || headers.Value(i).StartsWith("W/"u8)) continue;
            HeaderField tag = headers[i];
            int value = headers.Append("W/"u8);
            headers.Append(headers.Slice(tag.ValueStart, tag.ValueLength));
            headers.RemoveAt(i);
            headers.AddAt(tag.NameStart, tag.NameLength, value, tag.ValueLength + 2, KnownHeader.Other);
            return;
        }
    }
}

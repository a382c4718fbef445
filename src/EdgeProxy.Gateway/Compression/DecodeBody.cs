using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Mapping;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Gateway.Compression;

/// <summary>Phase: takes the codings off the request's body, so that all later phases and the integration see it plain (rest-api.md 11.3).</summary>
/// <remarks>
/// <see cref="ReceiveBody"/> has held such a body whole: what is wrong with it is answered with 415 or 413 before anybody was called. An empty body is not
/// looked at (a recorded GET had a coding and no body). Large bodies are decoded in slices, between which the loop's other connections have their turns.
/// </remarks>
internal static class DecodeBody
{
    // Below this no ratio is too high: what is small when decoded harms nobody, and short texts of one character are legitimate.
    private const int AlwaysAllowed = 64 * 1024;

    public static LoopTask<Verdict> RunAsync(RequestContext request)
    {
        if (request.Codings.IsEmpty || request.Body.Length == 0) return Verdict.Continue;
        return request.Codings.Refusal != DecodingRefusal.None ? Refuse(request, request.Codings.Refusal) : DecodeAsync(request);
    }

    /// <summary>Reads what codings the request's body has, and refuses one that is sure not to be decoded before it is received.</summary>
    public static Verdict Announce(RequestContext request)
    {
        if (request.IsGrpc) return Verdict.Continue;
        RequestHead head = request.Exchange.Request;
        CodingStack codings = CodingStack.Read(head.Headers, request.Settings.Compression);
        request.Codings = codings;
        if (codings.IsEmpty || head.Framing != BodyFraming.Length || head.ContentLength <= 0) return Verdict.Continue;
        if (codings.Refusal != DecodingRefusal.None) return Refuse(request, codings.Refusal);
        return head.ContentLength > request.Settings.Compression.DecodedBody ? Refuse(request, DecodingRefusal.Size) : Verdict.Continue;
    }

    /// <summary>Whether a body that is being received is too long to be decoded already.</summary>
    public static bool IsTooLong(RequestContext request) =>
        !request.Codings.IsEmpty && request.Body.Length > request.Settings.Compression.DecodedBody;

    /// <summary>Counts a body that is not decoded and says what its client gets.</summary>
    public static Verdict Refuse(RequestContext request, DecodingRefusal refusal)
    {
        request.Services.Metrics.Codings.Refused(refusal).Increment(request.Exchange.Loop.Ordinal);
        return Verdict.Of(refusal is DecodingRefusal.Size or DecodingRefusal.Ratio ? FaultKind.BodyTooLarge : FaultKind.UnsupportedMediaType);
    }

    private static async LoopTask<Verdict> DecodeAsync(RequestContext request)
    {
        int received = request.Body.Length;
        for (int i = request.Codings.Count - 1; i >= 0; i--)
        {
            ContentCoding coding = request.Codings[i];
            CodecPool codecs = request.Services.Codecs;
            if (codecs.RentDecoderOrNull(coding) is not { } decoder) return Verdict.Of(FaultKind.Aborted);
            DecodingRefusal refusal;
            try
            {
                refusal = await DecodeAsync(request, decoder, received);
            }
            finally
            {
                codecs.ReturnDecoder(coding, decoder);
            }

            if (request.Exchange.Aborted != AbortReason.None) return Verdict.Of(FaultKind.ClientGone);
            if (refusal != DecodingRefusal.None) return Refuse(request, refusal);
            request.Services.Metrics.Codings.CountDecoded(request.Exchange.Loop.Ordinal, coding, request.Body.Length, request.Recoded.Length);
            request.Body.TakeOver(request.Recoded, request.Exchange.Loop.Buffers);
        }

        return Verdict.Continue;
    }

    private static async LoopTask<DecodingRefusal> DecodeAsync(RequestContext request, Codec decoder, int received)
    {
        Exchange exchange = request.Exchange;
        int taken = 0;
        while (true)
        {
            DecodingRefusal refusal = DecodeTurn(request, decoder, received, ref taken, out bool hasEnded);
            if (hasEnded || refusal != DecodingRefusal.None) return refusal;
            await exchange.Loop.YieldAsync();
            if (exchange.Aborted != AbortReason.None) return DecodingRefusal.None;
        }
    }

    private static DecodingRefusal DecodeTurn(RequestContext request, Codec decoder, int received, ref int taken, out bool hasEnded)
    {
        CompressionOptions options = request.Settings.Compression;
        HeldBody output = request.Recoded;
        long mostByRatio = Math.Max(AlwaysAllowed, (long)received * options.DecodedRatio);
        RecodeStatus status = Recode.Run(
            decoder, request.Body.Span, ref taken, isLast: false, output, Math.Min(options.DecodedBody, mostByRatio), request.Exchange.Loop.Buffers);
        hasEnded = status == RecodeStatus.Ended;
        if (output.Length > options.DecodedBody) return DecodingRefusal.Size;
        if (output.Length > mostByRatio) return DecodingRefusal.Ratio;
        if (hasEnded) output.Complete();

        // Where all is taken and the text goes on, it was cut off.
        return status is RecodeStatus.Corrupt or RecodeStatus.Starved ? DecodingRefusal.Corrupt : DecodingRefusal.None;
    }
}

using System.Text;
using System.Text.Unicode;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Converts bodies between text and bytes, as <c>contentHandling</c> and the API's binary media types say (rest-api.md 5.5, 11.2). Proxy types pass bodies untouched.</summary>
/// <remarks>
/// What stays bytes cannot go through a template, whatever the bytes are, and even when there are none: hence the 500 of a MOCK preflight under <c>*/*</c> (11.1).
/// Not confirmed, and chosen here: a node without a limit of bodies does not hold text only to repair it; it passes as it is.
/// </remarks>
internal static class ConvertBody
{
    /// <summary>Whether the request's body has to be held for this. What a template reads is held without being asked here, and what one replaces need not be.</summary>
    public static bool AwaitsRequest(RequestContext request) =>
        request.Route!.Integration is HttpPlan plan && !request.IsGrpc && Needs(StepForRequest(request, plan), request.Exchange.BodyLimit)
        && !RenderTemplate.ChooseForRequest(request, plan.RequestTemplates).Ends && request.RequestTemplate is null;

    /// <summary>Whether the integration's body has to be held for this.</summary>
    public static bool AwaitsAnswer(RequestContext request, UpstreamCall call) =>
        request.Route!.Integration is HttpPlan plan && !request.IsGrpc && call.Response.Framing != BodyFraming.None
        && plan.Responses.Choose(call.Response.Status) is { } chosen && Needs(StepForAnswer(request, chosen), call.ResponseBodyLimit)
        && RenderTemplate.ChooseForResponse(request, chosen.Templates) is null or { IsEmpty: true };

    /// <summary>Converts the request's body. The request template has been chosen, and has not run.</summary>
    public static Verdict RunForRequest(RequestContext request, IntegrationPlan plan)
    {
        ConversionStep step = StepForRequest(request, plan);

        // What was found to be JSON is UTF-8; what is coded anew is another text than was read.
        if (request.BodyReading != 0)
        {
            if (step == ConversionStep.ReadText) return Verdict.Continue;
            request.BodyReading = 0;
        }

        return Run(request, step, request.Body, hasTemplate: request.RequestTemplate is not null);
    }

    /// <summary>Converts the integration's body, before the response template runs.</summary>
    public static Verdict RunForAnswer(RequestContext request, ResponsePlan chosen, BodyTemplate? template) =>
        Run(request, StepForAnswer(request, chosen), request.HeldAnswer, hasTemplate: template is { IsEmpty: false });

    /// <summary>Makes UTF-8 of a body: each longest run of bytes that begins no character becomes U+FFFD.</summary>
    public static void Repair(HeldBody body, LoopBuffers buffers)
    {
        ReadOnlySpan<byte> bytes = body.Span;
        if (Utf8.IsValid(bytes)) return;
        ReadOnlySpan<byte> replacement = "\uFFFD"u8;
        int length = 0;
        for (int at = 0; at < bytes.Length;)
        {
            int taken = Next(bytes[at..], out bool isWrong);
            length += isWrong ? replacement.Length : taken;
            at += taken;
        }

        byte[] text = buffers.Rent(length);
        int written = 0;
        for (int at = 0; at < bytes.Length;)
        {
            int taken = Next(bytes[at..], out bool isWrong);
            ReadOnlySpan<byte> part = isWrong ? replacement : bytes.Slice(at, taken);
            part.CopyTo(text.AsSpan(written));
            written += part.Length;
            at += taken;
        }

        body.Hold(text, written, buffers);
    }

    private static ConversionStep StepForRequest(RequestContext request, IntegrationPlan plan)
    {
        BinaryMediaTypes binary = request.Deployment!.Plan.BinaryTypes;
        if (plan.Conversion == ContentConversion.None && binary.IsEmpty) return ConversionStep.ReadText;
        bool isBinary = binary.Matches(LastOf(request.Exchange.Request.Headers, KnownHeader.ContentType));
        return (isBinary, plan.Conversion) switch
        {
            (true, ContentConversion.ToText) => ConversionStep.EncodeBase64,
            (true, _) => ConversionStep.KeepBytes,
            (false, ContentConversion.ToBinary) => ConversionStep.DecodeBase64,
            _ => ConversionStep.ReadText,
        };
    }

    private static ConversionStep StepForAnswer(RequestContext request, ResponsePlan chosen)
    {
        BinaryMediaTypes binary = request.Deployment!.Plan.BinaryTypes;
        if (chosen.Conversion == ContentConversion.None && binary.IsEmpty) return ConversionStep.ReadText;

        // A function's result is JSON; a mock has no body, and so no type.
        ReadOnlySpan<byte> mediaType = request.Call is { } call ? LastOf(call.Response.Headers, KnownHeader.ContentType) : request.Function is null ? default : "application/json"u8;
        bool isBinary = binary.Matches(mediaType);
        bool wantsBinary = !binary.IsEmpty && binary.Matches(LastOf(request.Exchange.Request.Headers, KnownHeader.Accept));
        return (isBinary, wantsBinary, chosen.Conversion) switch
        {
            (false, _, ContentConversion.ToBinary) or (false, true, ContentConversion.None) => ConversionStep.DecodeBase64,
            (false, _, _) => ConversionStep.ReadText,
            (true, _, ContentConversion.ToText) or (true, false, ContentConversion.None) => ConversionStep.EncodeBase64,
            _ => ConversionStep.KeepBytes,
        };
    }

    private static bool Needs(ConversionStep step, long limit) => step switch
    {
        ConversionStep.KeepBytes => false,
        ConversionStep.ReadText => limit >= 0,
        _ => true,
    };

    private static Verdict Run(RequestContext request, ConversionStep step, HeldBody body, bool hasTemplate)
    {
        LoopBuffers buffers = request.Exchange.Loop.Buffers;
        switch (step)
        {
            case ConversionStep.ReadText:
                if (body.IsWhole) Repair(body, buffers);
                return Verdict.Continue;
            case ConversionStep.EncodeBase64:
                if (body.IsWhole) Base64Body.Encode(body, buffers);
                return Verdict.Continue;
            case ConversionStep.DecodeBase64 when body.IsWhole && !Base64Body.TryDecode(body, buffers):
                return Verdict.Of(FaultKind.BodyNotBase64);
            default:
                return hasTemplate ? Verdict.Of(FaultKind.BytesInTemplate) : Verdict.Continue;
        }
    }

    private static ReadOnlySpan<byte> LastOf(HeaderTable headers, KnownHeader known)
    {
        int at = headers.LastIndexOf(known);
        return at < 0 ? default : headers.Value(at);
    }

    private static int Next(ReadOnlySpan<byte> bytes, out bool isWrong)
    {
        isWrong = Rune.DecodeFromUtf8(bytes, out _, out int taken) != System.Buffers.OperationStatus.Done;
        return taken;
    }
}

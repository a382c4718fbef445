using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Gateway.Validation;
using EdgeProxy.Http.Messages;
using EdgeProxy.Templates;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Chooses and runs mapping templates, for whatever integration has them (rest-api.md 5.4, 5.10, 6).</summary>
/// <remarks>
/// In the order of the walk: <see cref="ChooseForRequest"/>, <see cref="RunForRequest"/>, then the mappings, which still read the client's body and
/// give way to what the template has set, then <see cref="TakeForRequest"/>. Between run and take lies no wait: the text is in memory of the loop. An answer stays there until it
/// is sent, unless its request waits before (<see cref="HeldBody.Keep"/>).
/// </remarks>
internal static class RenderTemplate
{
    /// <summary>Chooses by the request's Content-Type; 415 where nothing takes it (5.4). Not to be asked for proxy types.</summary>
    public static Verdict ChooseForRequest(RequestContext request, RequestTemplates templates)
    {
        HeaderTable headers = request.Exchange.Request.Headers;
        int contentType = headers.LastIndexOf(KnownHeader.ContentType);
        ReadOnlySpan<byte> mediaType = contentType < 0 ? default : headers.Value(contentType);
        int parameters = mediaType.IndexOf((byte)';');
        if (parameters >= 0) mediaType = mediaType[..parameters].TrimEnd(" \t"u8);
        if (!templates.TryChoose(mediaType, out BodyTemplate? template)) return Verdict.Of(FaultKind.UnsupportedMediaType);
        request.RequestTemplate = template;
        return Verdict.Continue;
    }

    /// <summary>Runs the request template that was chosen, if one was. What it sets is in <see cref="RequestContext.Overrides"/> afterwards.</summary>
    public static Verdict RunForRequest(RequestContext request) =>
        request.RequestTemplate is { Constant: null } template ? Run(request, template, request.Body.Memory, request.BodyReading) : Verdict.Continue;

    /// <summary>Puts what the request template has written in the place of <see cref="RequestContext.Body"/>, which passes where none was chosen.</summary>
    /// <param name="request">The request.</param>
    /// <param name="mayBorrow">Whether the caller sees to it that what is <see cref="HeldBody.IsBorrowed"/> is kept or released in time.</param>
    public static void TakeForRequest(RequestContext request, bool mayBorrow = false)
    {
        if (request.RequestTemplate is { } template) Take(request, template, request.Body, mayBorrow);
    }

    /// <summary>Chooses by the request's Accept: its first media type alone; else <c>application/json</c>; else the first stored (5.10).</summary>
    /// <returns>Null where there is none.</returns>
    public static BodyTemplate? ChooseForResponse(RequestContext request, BodyTemplate[] templates)
    {
        if (templates.Length == 0) return null;
        HeaderTable client = request.Exchange.Request.Headers;
        int accept = client.LastIndexOf(KnownHeader.Accept);
        if (accept >= 0)
        {
            ReadOnlySpan<byte> first = client.Value(accept);
            int end = first.IndexOfAny((byte)',', (byte)';');
            if (end >= 0) first = first[..end];
            if (Find(templates, first.Trim(" \t"u8)) is { } asked) return asked;
        }

        return Find(templates, "application/json"u8) ?? templates[0];
    }

    /// <summary>Runs a response template.</summary>
    /// <param name="request">The request.</param>
    /// <param name="template">The template; null, constant and empty ones have nothing to run.</param>
    /// <param name="body">What <c>$input</c> reads: the integration's body, nothing for a MOCK.</param>
    public static Verdict RunForResponse(RequestContext request, BodyTemplate? template, ReadOnlyMemory<byte> body) =>
        template is { Constant: null } ? Run(request, template, body, reading: 0) : Verdict.Continue;

    /// <summary>Puts what a response template has written in the place of <see cref="RequestContext.HeldAnswer"/>, borrowed. An empty template passes the body like none.</summary>
    /// <returns>Whether it did.</returns>
    public static bool TakeForResponse(RequestContext request, BodyTemplate? template)
    {
        if (template is null or { IsEmpty: true }) return false;
        Take(request, template, request.HeldAnswer, mayBorrow: true);
        return true;
    }

    private static Verdict Run(RequestContext request, BodyTemplate template, ReadOnlyMemory<byte> body, long reading)
    {
        if (template.Program is not { } program)
        {
            TemplateFailures.ReportBroken(request, template);
            return Verdict.Of(FaultKind.TemplateFailed);
        }

        LoopServices services = request.Services;
        TemplateExecutor templates = services.TemplatesWithin(request.Settings.Templates);
        RequestInputs inputs = services.TemplateInputs.For(request, body, ReferenceEquals(request.BodyTape, templates.Tape) ? reading : 0);
        TemplateResult result = templates.Run(program, inputs, services.Rendered, request.Observer?.OnTemplate(request, template));
        inputs.Release();
        request.Observer?.OnTemplateEnded(request, template, result);
        if (result is { IsOk: true, HasCutLoop: false }) return Verdict.Continue;
        TemplateFailures.Report(request, template, result);
        return result.IsOk ? Verdict.Continue : Verdict.Of(FaultKind.TemplateFailed);
    }

    private static void Take(RequestContext request, BodyTemplate template, HeldBody body, bool mayBorrow)
    {
        // Who watches may look at any time.
        LoopBuffers buffers = request.Exchange.Loop.Buffers;
        if (template.Constant is { } constant) body.Use(constant, buffers);
        else if (mayBorrow && request.Observer is null) body.Borrow(request.Services.Rendered.WrittenSegment, buffers);
        else body.Copy(request.Services.Rendered.Written, buffers);
    }

    private static BodyTemplate? Find(BodyTemplate[] templates, ReadOnlySpan<byte> mediaType)
    {
        foreach (BodyTemplate template in templates)
        {
            if (mediaType.SequenceEqual(template.MediaType.Span)) return template;
        }

        return null;
    }
}

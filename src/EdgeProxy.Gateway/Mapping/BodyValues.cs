using EdgeProxy.Core.Buffers;
using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Templates;

namespace EdgeProxy.Gateway.Mapping;

/// <summary>Values that mappings take out of a body: <c>method.request.body</c> and <c>integration.response.body</c>, whole or at a JSONPath (rest-api.md 5.3, 5.10).</summary>
/// <remarks>
/// A body counts as JSON only where it begins like JSON, blanks aside; any other, and an empty one, counts as an empty object. The whole body is taken
/// without the blanks around it.
/// </remarks>
internal static class BodyValues
{
    /// <summary>Judges a body before values are taken out of it, so that taking them cannot fail.</summary>
    /// <param name="request">The request.</param>
    /// <param name="body">Its own body, or the integration's.</param>
    /// <param name="notJson">The fault of one that begins like JSON and is none.</param>
    public static Verdict Check(RequestContext request, HeldBody body, FaultKind notJson)
    {
        ReadOnlyMemory<byte> text = Trim(body.Memory);
        if (!IsLikeJson(text.Span)) return Verdict.Continue;
        TemplateFault fault = Executor(request).Find(BodyPath.Root, text, request.Services.Found);
        if (fault == TemplateFault.None) return Verdict.Continue;
        if (fault == TemplateFault.InvalidJson) return Verdict.Of(notJson);
        TemplateFailures.CountLimit(request, fault);
        return Verdict.Of(FaultKind.TemplateFailed);
    }

    /// <summary>Writes a value of a body that was judged; nothing when there is none.</summary>
    public static void Write(ValueSource source, RequestContext request, HeldBody body, ref ByteWriter writer)
    {
        ReadOnlyMemory<byte> text = Trim(body.Memory);
        if (source.Path is not { } path)
        {
            writer.Write(text.IsEmpty ? "{}"u8 : text.Span);
            return;
        }

        if (!IsLikeJson(text.Span)) return;
        TemplateOutput found = request.Services.Found;
        if (Executor(request).Find(path, text, found) == TemplateFault.None) writer.Write(found.Written);
    }

    private static TemplateExecutor Executor(RequestContext request) => request.Services.TemplatesWithin(request.Settings.Templates);

    private static bool IsLikeJson(ReadOnlySpan<byte> text) => !text.IsEmpty && text[0] is ((byte)'{' or (byte)'[' or (byte)'"' or (byte)'\'');

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> body) => body.Trim(" \t\r\n"u8);
}

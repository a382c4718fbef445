using EdgeProxy.Gateway.Integrations.Mock;
using EdgeProxy.Templates;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>A mapping template of one media type: constant text, a compiled template, or one that cannot be compiled (rest-api.md 6).</summary>
internal sealed class BodyTemplate
{
    /// <summary>A template without references and directives, which renders to itself.</summary>
    /// <param name="mediaType">The key as stored, compared with case; <c>$default</c> takes what no other takes (requests only).</param>
    /// <param name="text">The text.</param>
    public BodyTemplate(Utf8Text mediaType, Utf8Text text)
    {
        MediaType = mediaType;
        IsEmpty = text.IsEmpty;

        // 6.6: blanks around the whole of a template do not count.
        Constant = text.Span.Trim(" \t\r\n\f"u8).ToArray();
        HasMockStatus = MockStatus.TryRead(Constant, out int status);
        Status = status;
    }

    /// <summary>A template that is run for each request.</summary>
    public BodyTemplate(Utf8Text mediaType, Template program)
    {
        MediaType = mediaType;
        Program = program;
        ReadsBody = Mentions(program.Source);
    }

    private BodyTemplate(Utf8Text mediaType) => MediaType = mediaType;

    public Utf8Text MediaType { get; }

    /// <summary>Whether nothing is written for the media type: the message's own body passes unchanged.</summary>
    public bool IsEmpty { get; }

    /// <summary>What it renders to, whatever the request; null for one that has to be run.</summary>
    public byte[]? Constant { get; }

    /// <summary>What is run; null for a constant, and for what cannot be compiled.</summary>
    public Template? Program { get; }

    /// <summary>Whether a run may ask for the body. Without doubt it does not when this is false.</summary>
    public bool ReadsBody { get; }

    /// <summary>Whether the constant holds a <c>statusCode</c> that MOCK can take.</summary>
    public bool HasMockStatus { get; }

    /// <summary>That <c>statusCode</c>.</summary>
    public int Status { get; }

    /// <summary>A template with an error: each request that meets it fails, as with the service.</summary>
    public static BodyTemplate Broken(Utf8Text mediaType) => new(mediaType);

    // The body is reached by the name alone, which stands in the text as it is, or in one that is put together for #evaluate.
    private static bool Mentions(ReadOnlySpan<byte> text)
    {
        if (text.IndexOf("evaluate"u8) >= 0) return true;
        while (true)
        {
            int at = text.IndexOf("input"u8);
            if (at < 0) return false;
            text = text[(at + 5)..];
            if (!text.StartsWith(".params("u8)) return true;
        }
    }
}

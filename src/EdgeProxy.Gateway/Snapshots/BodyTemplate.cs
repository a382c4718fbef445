using EdgeProxy.Gateway.Integrations.Mock;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>A body written by the operator for one media type.</summary>
internal sealed class BodyTemplate
{
    /// <param name="mediaType">The key as stored, compared with case; <c>$default</c> takes what no other takes (requests only).</param>
    /// <param name="text">The text. A template that has references or directives cannot be made into one of these: such a route is served closed.</param>
    public BodyTemplate(Utf8Text mediaType, Utf8Text text)
    {
        MediaType = mediaType;
        Text = text;
        HasMockStatus = MockStatus.TryRead(text.Span, out int status);
        Status = status;
    }

    public Utf8Text MediaType { get; }

    /// <summary>The body; empty means that the message's own body passes unchanged.</summary>
    public Utf8Text Text { get; }

    /// <summary>Whether the text holds a <c>statusCode</c> that MOCK can take.</summary>
    public bool HasMockStatus { get; }

    /// <summary>That <c>statusCode</c>.</summary>
    public int Status { get; }
}

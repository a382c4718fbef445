namespace EdgeProxy.Gateway.Snapshots;

/// <summary>How one of the gateway's own answers was customised (rest-api.md 3.2). What is left out here keeps the type's standard form.</summary>
internal sealed class GatewayResponsePlan
{
    /// <summary>200 to 599, or 0 for the type's own.</summary>
    public int Status { get; init; }

    /// <summary>Fields to add or replace; their target is always a header.</summary>
    public ParameterMapping[] Parameters { get; init; } = [];

    /// <summary>Bodies in the order stored; none means the standard body.</summary>
    public GatewayResponseTemplate[] Templates { get; init; } = [];

    /// <summary>The body for a request, by the first media type it accepts, then <c>application/json</c>, then the first stored (unconfirmed); null when there is none.</summary>
    /// <param name="accept">The request's Accept field.</param>
    public GatewayResponseTemplate? TemplateOrNull(ReadOnlySpan<byte> accept)
    {
        if (Templates.Length == 0) return null;
        int end = accept.IndexOfAny((byte)',', (byte)';');
        ReadOnlySpan<byte> first = (end < 0 ? accept : accept[..end]).Trim(" \t"u8);
        return Find(first) ?? Find("application/json"u8) ?? Templates[0];
    }

    private GatewayResponseTemplate? Find(ReadOnlySpan<byte> mediaType)
    {
        foreach (GatewayResponseTemplate template in Templates)
        {
            if (template.MediaType.Span.SequenceEqual(mediaType)) return template;
        }

        return null;
    }
}

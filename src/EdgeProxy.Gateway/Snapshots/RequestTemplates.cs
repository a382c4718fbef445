namespace EdgeProxy.Gateway.Snapshots;

/// <summary>The request templates of an integration and the rule for what they do not take (rest-api.md 5.4).</summary>
internal sealed class RequestTemplates(BodyTemplate[] templates, PassthroughBehavior passthrough)
{
    /// <summary>No templates: every body passes.</summary>
    public static RequestTemplates None { get; } = new([], PassthroughBehavior.WhenNoMatch);

    /// <summary>In the order stored.</summary>
    public BodyTemplate[] Templates => templates;

    public PassthroughBehavior Passthrough => passthrough;

    /// <summary>Whether one is run for each request that it takes, and so may set overrides.</summary>
    public bool AreRun { get; } = Array.Exists(templates, static template => template.Program is not null);

    /// <summary>Chooses a template.</summary>
    /// <param name="mediaType">The request's Content-Type without parameters; empty counts as <c>application/json</c>.</param>
    /// <param name="template">The template, or null when the body passes unchanged.</param>
    /// <returns>False for 415.</returns>
    public bool TryChoose(ReadOnlySpan<byte> mediaType, out BodyTemplate? template)
    {
        if (mediaType.IsEmpty) mediaType = "application/json"u8;
        template = Find(mediaType) ?? Find("$default"u8);
        bool matched = template is not null;
        if (template is { IsEmpty: true }) template = null;
        else if (template is not null) return true;

        // An empty template that matches passes the body like no match at all, unless nothing may pass.
        return passthrough switch
        {
            PassthroughBehavior.WhenNoMatch => true,
            PassthroughBehavior.WhenNoTemplates => templates.Length == 0 || matched,
            _ => false,
        };
    }

    private BodyTemplate? Find(ReadOnlySpan<byte> mediaType)
    {
        foreach (BodyTemplate template in templates)
        {
            if (mediaType.SequenceEqual(template.MediaType.Span)) return template;
        }

        return null;
    }
}

namespace EdgeProxy.Definitions;

/// <summary>One entry of an integration's <c>responses</c>.</summary>
public sealed record IntegrationResponseDefinition
{
    /// <summary>Java regular expression over the whole selection value; null for the default response.</summary>
    public string? SelectionPattern { get; init; }

    /// <summary>Where the pattern is written.</summary>
    public Origin? PatternOrigin { get; init; }

    /// <summary>Status of the method response it leads to, 200 to 599.</summary>
    public required int StatusCode { get; init; }

    /// <summary>The response object.</summary>
    public Origin? Origin { get; init; }

    /// <summary>Response header mappings; targets are <c>method.response.header.NAME</c>.</summary>
    public IReadOnlyList<ParameterMappingDefinition> ResponseParameters { get; init; } = [];

    /// <summary>What makes the client's body of the integration's, by the content type that is answered.</summary>
    public IReadOnlyList<TemplateDefinition> ResponseTemplates { get; init; } = [];

    /// <summary>Conversion of the response body.</summary>
    public ContentHandling ContentHandling { get; init; }
}

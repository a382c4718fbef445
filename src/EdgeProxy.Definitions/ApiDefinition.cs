namespace EdgeProxy.Definitions;

/// <summary>An API as an operator wrote it, by a document or by the management API. Nothing in it has been worked out yet.</summary>
/// <remarks>All lists are in document order. Members that this version does not execute are kept, so that nothing written is lost.</remarks>
public sealed record ApiDefinition
{
    /// <summary>Ten characters of <c>[a-z0-9]</c>; stable for a file as long as its title and name are.</summary>
    public required string Id { get; init; }

    /// <summary>OpenAPI <c>info.title</c>.</summary>
    public required string Name { get; init; }

    /// <summary>REST or HTTP API.</summary>
    public ApiKind Kind { get; init; }

    /// <summary>The root of the document.</summary>
    public Origin? Origin { get; init; }

    /// <summary>OpenAPI <c>info.description</c>.</summary>
    public string? Description { get; init; }

    /// <summary>OpenAPI <c>info.version</c>.</summary>
    public string? Version { get; init; }

    /// <summary>Base path the document asks for (openapi-and-templates.md 4.2), <c>/</c> or <c>/a/b</c>; null when it has none.</summary>
    /// <remarks>With base path mode prepend or split it is already part of the resources' paths and null here.</remarks>
    public string? BasePath { get; init; }

    /// <summary>Every resource, the intermediate ones included, in the order of their first mention.</summary>
    public IReadOnlyList<ResourceDefinition> Resources { get; init; } = [];

    /// <summary>Every method of every resource.</summary>
    public IReadOnlyList<MethodDefinition> Methods { get; init; } = [];

    /// <summary>Security schemes that are authorizers.</summary>
    public IReadOnlyList<AuthorizerDefinition> Authorizers { get; init; } = [];

    /// <summary>All security schemes, authorizers or not.</summary>
    public IReadOnlyList<SecuritySchemeDefinition> SecuritySchemes { get; init; } = [];

    /// <summary>Named JSON schemas.</summary>
    public IReadOnlyList<ModelDefinition> Models { get; init; } = [];

    /// <summary>Named request validators.</summary>
    public IReadOnlyList<RequestValidatorDefinition> RequestValidators { get; init; } = [];

    /// <summary>Customised gateway responses.</summary>
    public IReadOnlyList<GatewayResponseDefinition> GatewayResponses { get; init; } = [];

    /// <summary>Media types that are bytes rather than text.</summary>
    public IReadOnlyList<string> BinaryMediaTypes { get; init; } = [];

    /// <summary>Smallest response, in bytes, that is compressed; null for no compression.</summary>
    public int? MinimumCompressionSize { get; init; }

    /// <summary>Where API keys come from.</summary>
    public ApiKeySource ApiKeySource { get; init; }

    /// <summary>Resource policy, or null.</summary>
    public PolicyDefinition? Policy { get; init; }

    /// <summary>CORS of an HTTP API, or null.</summary>
    public CorsDefinition? Cors { get; init; }

    /// <summary>Endpoint settings, or null.</summary>
    public EndpointDefinition? Endpoint { get; init; }

    /// <summary>Documentation version and parts, or null.</summary>
    public DocumentationDefinition? Documentation { get; init; }

    /// <summary>Tags: name to value.</summary>
    public IReadOnlyDictionary<string, string> Tags { get; init; } = new Dictionary<string, string>();
}

namespace EdgeProxy.Definitions;

/// <summary>One verb of one resource (REST), or one route (HTTP API).</summary>
public sealed record MethodDefinition
{
    /// <summary>Path of its resource, for example <c>/pets/{petId}</c>.</summary>
    public required string Path { get; init; }

    /// <summary>Upper-case verb, or <c>ANY</c>.</summary>
    public required string Verb { get; init; }

    /// <summary>The operation object.</summary>
    public Origin? Origin { get; init; }

    /// <summary>True for the <c>$default</c> route of an HTTP API.</summary>
    public bool IsDefaultRoute { get; init; }

    /// <summary>OpenAPI <c>operationId</c>.</summary>
    public string? OperationName { get; init; }

    /// <summary>OpenAPI <c>description</c> or <c>summary</c>.</summary>
    public string? Description { get; init; }

    /// <summary>Declared parameters, those of the path item included.</summary>
    public IReadOnlyList<ParameterDefinition> Parameters { get; init; } = [];

    /// <summary>Media type to model of the request body.</summary>
    public IReadOnlyList<ModelUseDefinition> RequestModels { get; init; } = [];

    /// <summary>Who may call it.</summary>
    public AuthorizationDefinition Authorization { get; init; } = AuthorizationDefinition.None;

    /// <summary>True when a request needs an API key.</summary>
    public bool ApiKeyRequired { get; init; }

    /// <summary>What asks for the API key.</summary>
    public Origin? ApiKeyOrigin { get; init; }

    /// <summary>Name of the request validator in force (its own, else the API's); null for none.</summary>
    public string? RequestValidator { get; init; }

    /// <summary>What names the request validator.</summary>
    public Origin? RequestValidatorOrigin { get; init; }

    /// <summary>Whether answers are held against the models of <see cref="Responses"/>.</summary>
    public ResponseValidation ResponseValidation { get; init; }

    /// <summary>What the cache does beyond API Gateway; null for nothing.</summary>
    public CachePolicyDefinition? CachePolicy { get; init; }

    /// <summary>Declared responses by status.</summary>
    public IReadOnlyList<MethodResponseDefinition> Responses { get; init; } = [];

    /// <summary>What answers it; null when none is written.</summary>
    public IntegrationDefinition? Integration { get; init; }
}

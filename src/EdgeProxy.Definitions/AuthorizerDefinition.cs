namespace EdgeProxy.Definitions;

/// <summary>An authorizer (openapi-and-templates.md 4.5).</summary>
public sealed record AuthorizerDefinition
{
    /// <summary>Name of the security scheme.</summary>
    public required string Name { get; init; }

    /// <summary>How it judges.</summary>
    public required AuthorizerKind Kind { get; init; }

    /// <summary>The <c>x-amazon-apigateway-authorizer</c> object.</summary>
    public Origin? Origin { get; init; }

    /// <summary>Free text of <c>x-amazon-apigateway-authtype</c>.</summary>
    public string? AuthType { get; init; }

    /// <summary>ARN through which the function is invoked.</summary>
    public string? Uri { get; init; }

    /// <summary>Role ARN.</summary>
    public string? Credentials { get; init; }

    /// <summary>Expressions such as <c>method.request.header.Authorization</c>, all of which a request must have.</summary>
    public IReadOnlyList<string> IdentitySources { get; init; } = [];

    /// <summary>Regular expression that a token must match as a whole; null for any.</summary>
    public string? IdentityValidationExpression { get; init; }

    /// <summary>Seconds a verdict is cached; null for the default (300).</summary>
    public int? ResultTtlInSeconds { get; init; }

    /// <summary><c>1.0</c> or <c>2.0</c> (HTTP APIs).</summary>
    public string? PayloadFormatVersion { get; init; }

    /// <summary>True when the function answers <c>isAuthorized</c> instead of a policy (HTTP APIs).</summary>
    public bool EnableSimpleResponses { get; init; }

    /// <summary>User pool ARNs.</summary>
    public IReadOnlyList<string> ProviderArns { get; init; } = [];

    /// <summary>Issuers of tokens with their audiences.</summary>
    public IReadOnlyList<JwtIssuerDefinition> Issuers { get; init; } = [];

    /// <summary>Algorithms for issuers that name none (REST).</summary>
    public IReadOnlyList<string> DefaultAlgorithms { get; init; } = [];
}

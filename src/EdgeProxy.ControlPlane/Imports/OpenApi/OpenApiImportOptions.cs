using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>How a document is imported.</summary>
public sealed record OpenApiImportOptions
{
    /// <summary>Id of the API; null to derive one from title and file name.</summary>
    public string? ApiId { get; init; }

    /// <summary>REST or HTTP API; null to let the document say (<c>x-edgeproxy-api-type</c>), REST by default.</summary>
    public ApiKind? Kind { get; init; }

    /// <summary>True to refuse what API Gateway refuses though EdgeProxy could serve it.</summary>
    public bool Strict { get; init; }

    /// <summary>What happens to the document's base path.</summary>
    public BasePathMode BasePath { get; init; } = BasePathMode.Mount;

    /// <summary>True to leave documentation parts out.</summary>
    public bool IgnoreDocumentation { get; init; }

    /// <summary>Value of <c>${AWS::AccountId}</c>.</summary>
    public string AccountId { get; init; } = "123456789012";

    /// <summary>Value of <c>${AWS::Region}</c>.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>Value of <c>${AWS::Partition}</c>.</summary>
    public string Partition { get; init; } = "aws";
}

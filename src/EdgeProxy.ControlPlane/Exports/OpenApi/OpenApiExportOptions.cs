namespace EdgeProxy.ControlPlane.Exports.OpenApi;

/// <summary>What an exported document says besides the definition.</summary>
public sealed record OpenApiExportOptions
{
    public OpenApiExportForm Form { get; init; }

    public OpenApiExtensions Extensions { get; init; }

    /// <summary>The stage whose address is given; null for the base path that the definition asks for, and no host.</summary>
    public string? Stage { get; init; }

    /// <summary>In the host name of a stage.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary><c>info.version</c> of an API without a version, as the service puts the date of its creation there; null for none.</summary>
    public string? FallbackVersion { get; init; }
}

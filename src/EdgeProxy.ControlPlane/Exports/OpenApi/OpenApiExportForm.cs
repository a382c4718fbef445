namespace EdgeProxy.ControlPlane.Exports.OpenApi;

/// <summary>What an API is exported as.</summary>
public enum OpenApiExportForm
{
    /// <summary>OpenAPI 3.0.1.</summary>
    OpenApi30,

    /// <summary>Swagger 2.0: REST APIs only, and not all of them (decision 0050).</summary>
    Swagger20,
}

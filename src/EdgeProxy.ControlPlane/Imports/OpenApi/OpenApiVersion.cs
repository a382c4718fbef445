namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>The dialect of a document.</summary>
internal enum OpenApiVersion
{
    /// <summary>Swagger 2.0.</summary>
    Swagger20,

    /// <summary>OpenAPI 3.0.x.</summary>
    OpenApi30,

    /// <summary>OpenAPI 3.1.x.</summary>
    OpenApi31,
}

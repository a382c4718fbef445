namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>What happens to the base path of a document (openapi-and-templates.md 4.2).</summary>
public enum BasePathMode
{
    /// <summary>It is kept in <see cref="Definitions.ApiDefinition.BasePath"/>: the API is mounted there. For files.</summary>
    Mount,

    /// <summary>It is dropped. The default of the management API.</summary>
    Ignore,

    /// <summary>Its parts become resources above all others.</summary>
    Prepend,

    /// <summary>As <see cref="Prepend"/>, without the first part.</summary>
    Split,
}

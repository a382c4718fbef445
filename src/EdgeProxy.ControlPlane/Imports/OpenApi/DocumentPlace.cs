namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Where in a document an extension or member stands.</summary>
internal enum DocumentPlace
{
    /// <summary>The root object.</summary>
    Root,

    /// <summary>An entry of <c>servers</c>.</summary>
    Server,

    /// <summary><c>components</c>.</summary>
    Components,

    /// <summary>A path item.</summary>
    PathItem,

    /// <summary>An operation.</summary>
    Operation,

    /// <summary>An integration.</summary>
    Integration,

    /// <summary>A security scheme.</summary>
    SecurityScheme,

    /// <summary>An entry of the root's <c>tags</c>.</summary>
    Tag,

    /// <summary>Anywhere else.</summary>
    Other,
}

namespace EdgeProxy.ControlPlane.Management.Shapes;

internal enum ShapeKind
{
    Text,
    Integer,
    Double,
    Boolean,

    /// <summary>A text out of a few.</summary>
    Enumeration,
    List,

    /// <summary>Texts to values.</summary>
    Map,

    /// <summary>An object with members of its own.</summary>
    Structure,
}

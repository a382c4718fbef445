namespace EdgeProxy.ControlPlane.Management.Shapes;

/// <summary>What a member of a call's body has to be, before its operation looks at it.</summary>
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

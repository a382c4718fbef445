namespace EdgeProxy.ControlPlane.Management.Shapes;

/// <summary>The type of a member.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Name">The name of a shape or of an enumeration; empty for others.</param>
/// <param name="Element">What a list or a map holds; null for others.</param>
internal sealed record ShapeType(ShapeKind Kind, string Name = "", ShapeType? Element = null);

namespace EdgeProxy.ControlPlane.Management.Shapes;

/// <summary>A member of a request.</summary>
internal sealed record MemberShape(string Name, ShapeType Type, bool IsRequired);

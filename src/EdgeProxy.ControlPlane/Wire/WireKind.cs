namespace EdgeProxy.ControlPlane.Wire;

/// <summary>What a JSON value is.</summary>
public enum WireKind
{
    Null,
    Boolean,
    Number,
    Text,
    List,
    Object,
}

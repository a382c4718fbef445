namespace EdgeProxy.ControlPlane.Documents;

/// <summary>How a scalar was written.</summary>
public enum ScalarStyle
{
    /// <summary>Without quotes.</summary>
    Plain,

    /// <summary>In single quotes.</summary>
    SingleQuoted,

    /// <summary>In double quotes, as every JSON text.</summary>
    DoubleQuoted,

    /// <summary>A YAML block that keeps its lines (<c>|</c>).</summary>
    Literal,

    /// <summary>A YAML block that folds its lines (<c>></c>).</summary>
    Folded,
}

namespace EdgeProxy.ControlPlane.Documents;

/// <summary>What a scalar means under the core schema of YAML 1.2, which is also what it means in JSON.</summary>
public enum ScalarKind
{
    /// <summary>Text, among it everything that is quoted.</summary>
    Text,

    /// <summary>Plain <c>null</c>, <c>~</c> or nothing at all.</summary>
    Null,

    /// <summary>Plain <c>true</c> or <c>false</c>.</summary>
    Boolean,

    /// <summary>A plain whole number.</summary>
    Integer,

    /// <summary>A plain number with a fraction or exponent.</summary>
    Number,
}

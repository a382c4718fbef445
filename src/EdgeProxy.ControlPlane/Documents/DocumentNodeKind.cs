namespace EdgeProxy.ControlPlane.Documents;

/// <summary>What a node of a document is.</summary>
public enum DocumentNodeKind
{
    /// <summary>A single value.</summary>
    Scalar,

    /// <summary>A list.</summary>
    Sequence,

    /// <summary>Keys and values, in document order.</summary>
    Mapping,
}

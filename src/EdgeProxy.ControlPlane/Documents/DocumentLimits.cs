namespace EdgeProxy.ControlPlane.Documents;

/// <summary>What a document may cost at most, whatever its bytes say.</summary>
public static class DocumentLimits
{
    /// <summary>Bytes of a document: the limit of an API definition import (rest-api.md 12).</summary>
    public const int Bytes = 6 * 1024 * 1024;

    /// <summary>Nesting of mappings and sequences, aliases followed.</summary>
    public const int Depth = 100;

    /// <summary>Nodes as a walk sees them, aliases followed each time (against a billion laughs).</summary>
    public const int Nodes = 1_000_000;
}

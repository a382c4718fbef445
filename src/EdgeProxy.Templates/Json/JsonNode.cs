namespace EdgeProxy.Templates.Json;

/// <summary>A node of a <see cref="JsonTape"/>: scalars are ranges of the text, containers the range of nodes that follows.</summary>
internal struct JsonNode
{
    public JsonKind Kind;

    /// <summary>Which text the range is of.</summary>
    public short Segment;

    /// <summary>Where the text begins; of a container how many members it has; of a forward or alias what it stands for.</summary>
    public int Offset;

    /// <summary>Bytes of text.</summary>
    public int Length;

    /// <summary>The node after the subtree; of a key its hash.</summary>
    public int Next;
}

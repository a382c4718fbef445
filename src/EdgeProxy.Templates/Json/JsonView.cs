namespace EdgeProxy.Templates.Json;

/// <summary>A JSON text as it is written, and its nodes.</summary>
/// <remarks>Borrows both; nothing it yields outlives them.</remarks>
internal readonly ref struct JsonView(ReadOnlySpan<byte> text, ReadOnlySpan<JsonNode> nodes, int origin)
{
    private readonly ReadOnlySpan<byte> _text = text;
    private readonly int _origin = origin;

    public readonly ReadOnlySpan<JsonNode> Nodes = nodes;

    /// <summary>The bytes of a scalar or name as written; of a string what is between its quotes.</summary>
    public ReadOnlySpan<byte> Raw(int node) => _text.Slice(Nodes[node].Offset - _origin, Nodes[node].Length);

    /// <summary>The bytes of a string with its quotes.</summary>
    public ReadOnlySpan<byte> Quoted(int node) => _text.Slice(Nodes[node].Offset - _origin - 1, Nodes[node].Length + 2);

    /// <summary>The node behind a value and all in it.</summary>
    public int After(int node) => Nodes[node].Kind >= JsonKind.Array ? Nodes[node].Next : node + 1;
}

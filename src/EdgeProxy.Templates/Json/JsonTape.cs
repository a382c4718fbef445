namespace EdgeProxy.Templates.Json;

/// <summary>Parsed JSON as one flat array, depth first: a container is followed by its content. All documents of a run share it.</summary>
internal sealed class JsonTape
{
    private const int Kept = 64 * 1024;

    private JsonNode[] _nodes = new JsonNode[64];

    public int Count { get; private set; }

    public ReadOnlySpan<JsonNode> Nodes => _nodes.AsSpan(0, Count);

    public ref JsonNode this[int node] => ref _nodes[node];

    public void Reset()
    {
        Count = 0;
        if (_nodes.Length > Kept) _nodes = new JsonNode[64];
    }

    public int Add(JsonKind kind, int segment, int offset, int length, int next)
    {
        if (Count == _nodes.Length)
        {
            var larger = new JsonNode[Count * 2];
            _nodes.CopyTo(larger, 0);
            _nodes = larger;
        }

        _nodes[Count] = new JsonNode { Kind = kind, Segment = (short)segment, Offset = offset, Length = length, Next = next };
        return Count++;
    }

    public void Truncate(int count) => Count = count;

    /// <summary>The node after a node and all in it.</summary>
    public int After(int node) => _nodes[node].Kind >= JsonKind.Array ? _nodes[node].Next : node + 1;

    /// <summary>The node that counts: where an alias points.</summary>
    public int Actual(int node)
    {
        while (_nodes[node].Kind == JsonKind.Alias) node = _nodes[node].Offset;
        return node;
    }
}

using System.Runtime.CompilerServices;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Json;

/// <summary>Parsed JSON as one flat array, depth first: a container is followed by its content. All documents of a run share it.</summary>
internal sealed class JsonTape
{
    private const int Kept = 64 * 1024;

    private JsonNode[] _nodes = new JsonNode[64];
    private int[] _likes = new int[16];

    public int Count { get; private set; }

    /// <summary><see cref="TextHash.Seed"/>, where reading it asks for nothing.</summary>
    public ulong Seed { get; } = TextHash.Seed;

    /// <summary>The memory of the nodes; another one after it has grown.</summary>
    public JsonNode[] Nodes => _nodes;

    /// <summary>What a node's index is added to, to number its key: no two names get one number, in this run or an earlier one. (One name may have several.)</summary>
    public int FirstKey { get; private set; }

    public ref JsonNode this[int node] => ref _nodes[node];

    /// <summary>Forgets all nodes.</summary>
    /// <returns>Whether the numbers of keys begin anew: what was kept of them says nothing any more.</returns>
    public bool Reset()
    {
        // Nodes of a run that failed do not count, but may have been read.
        bool beginsAnew = FirstKey > int.MaxValue - (2 * _nodes.Length);
        FirstKey = beginsAnew ? 1 : FirstKey + _nodes.Length;
        Count = 0;
        if (_nodes.Length > Kept) _nodes = new JsonNode[64];
        return beginsAnew;
    }

    /// <summary>For the containers that are being read, by depth: where the names of an object are likely to be found next, of an array its last object.</summary>
    public int[] Likes(int depth)
    {
        if (depth >= _likes.Length) Array.Resize(ref _likes, depth * 2);
        return _likes;
    }

    /// <summary>Twice the memory.</summary>
    public JsonNode[] Grow()
    {
        Array.Resize(ref _nodes, _nodes.Length * 2);
        return _nodes;
    }

    /// <summary>Takes over what was written to <see cref="Nodes"/>, or drops what comes behind that.</summary>
    public void SetCount(int count) => Count = count;

    /// <summary>The node after a node and all in it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int After(int node)
    {
        ref readonly JsonNode at = ref _nodes[node];
        return at.Kind >= JsonKind.Array ? at.Next : node + 1;
    }

    /// <summary>The node that counts: where an alias points.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Actual(int node)
    {
        while (_nodes[node].Kind == JsonKind.Alias) node = _nodes[node].Offset;
        return node;
    }
}

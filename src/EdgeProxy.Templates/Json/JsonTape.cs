using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using EdgeProxy.Core.Json;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Json;

/// <summary>Parsed JSON as one flat array, depth first: a container is followed by its content. All documents of a run share it.</summary>
/// <remarks>
/// What is read first may be for somebody else than the run that comes next: <see cref="Reading"/> tells whether it is still there. It stands as it is written, escapes and
/// names that come twice included, until one run takes it (<see cref="TemplateJson"/>).
/// </remarks>
internal sealed class JsonTape
{
    /// <summary>The segment of what is read for the run that comes next.</summary>
    public const int BodySegment = 2;

    /// <summary>Nodes whose memory is kept. That of more is borrowed, so that one great text does not cost its 20 bytes a node for ever.</summary>
    public const int Kept = 16 * 1024;

    /// <summary>Most nodes, whatever limits say.</summary>
    public const int MostNodes = 1 << 24;

    /// <summary>How many bytes at the end of a text are read from <see cref="Tail"/>.</summary>
    public const int TailLength = 96;

    private readonly List<JsonNode[]> _rented = [];
    private JsonNode[] _nodes = new JsonNode[64];
    private JsonNode[] _kept;
    private int[] _likes = new int[16];
    private int[] _unsettled = [];
    private int[] _table = [];

    public JsonTape() => _kept = _nodes;

    public int Count { get; private set; }

    /// <summary><see cref="TextHash.Seed"/>, where reading it asks for nothing.</summary>
    public ulong Seed { get; } = TextHash.Seed;

    /// <summary>For the text that is being read: a copy of its last <see cref="TailLength"/> bytes, or of all of it at its end, and as many zeros behind it.</summary>
    public byte[] Tail { get; } = new byte[2 * TailLength];

    /// <summary>The memory of the nodes; another one after it has grown.</summary>
    public JsonNode[] Nodes => _nodes;

    /// <summary>What a node's index is added to, to number its key: no two names get one number, as long as <see cref="Numbering"/> is the same. (One name may have several.)</summary>
    public int FirstKey { get; private set; }

    /// <summary>Goes up when numbers of keys begin anew: what was kept of them says nothing any more.</summary>
    public int Numbering { get; private set; }

    /// <summary>Which reading the nodes begin with: another number each time.</summary>
    public long Reading { get; private set; } = 1;

    /// <summary>Where the text that was read last begins in its segment, how long it is, and what it was allowed to be.</summary>
    public int Origin { get; private set; }

    public int TextLength { get; private set; }

    public int DepthLimit { get; private set; }

    /// <summary>Whether the text that was read last has none but ASCII bytes; told of one that had to be UTF-8.</summary>
    public bool IsAscii { get; set; }

    /// <summary>Names in the text that was read last.</summary>
    public int Names { get; private set; }

    /// <summary>Of the text that was read last, the last string with escapes, which leads to the one before it (<see cref="JsonNode.Start"/>); -1 for none.</summary>
    public int LastEscaped { get; private set; } = -1;

    /// <summary>Where the text that was read last stopped being JSON; its length when it did not.</summary>
    public int FaultAt { get; private set; }

    /// <summary>Objects of the text that was read last in which a name comes twice or has escapes, inner ones first.</summary>
    public ReadOnlySpan<int> Unsettled => _unsettled.AsSpan(0, UnsettledCount);

    private int UnsettledCount { get; set; }

    public ref JsonNode this[int node] => ref _nodes[node];

    /// <summary>Forgets all nodes.</summary>
    public void Reset()
    {
        // Nodes of a run that failed do not count, but may have been read.
        FirstKey += _nodes.Length;
        Reading++;
        if (FirstKey > int.MaxValue - (2 * MostNodes))
        {
            FirstKey = 1;
            Numbering++;
        }

        Count = 0;
        GiveBack();
        if (_unsettled.Length > Kept) _unsettled = [];
        if (_table.Length > Kept) _table = [];
    }

    /// <summary>Forgets all nodes if they need more memory than is kept.</summary>
    public void Release()
    {
        if (_rented.Count > 0) Reset();
    }

    /// <summary>A text and the nodes that were read of it, which are all there are.</summary>
    public JsonView View(ReadOnlySpan<byte> text) => new(text, _nodes.AsSpan(0, Count), Origin);

    /// <summary>Whether the nodes begin with a reading that nobody has taken, of a text that stands at that place.</summary>
    public bool Holds(long reading, int origin, int length) => reading == Reading && Count > 0 && Origin == origin && TextLength == length;

    /// <summary>Makes the reading that of one run, which changes the nodes.</summary>
    public void Take() => Reading++;

    /// <summary>For the containers that are being read, by depth: where the names of an object are likely to be found next, of an array its last object.</summary>
    public int[] Likes(int depth)
    {
        if (depth >= _likes.Length) Array.Resize(ref _likes, depth * 2);
        return _likes;
    }

    /// <summary>Twice the memory. The old stays as it is until the next <see cref="Reset"/>, because somebody may still look at it.</summary>
    public JsonNode[] Grow()
    {
        int size = _nodes.Length * 2;
        if (size <= Kept)
        {
            Array.Resize(ref _nodes, size);
            return _kept = _nodes;
        }

        JsonNode[] larger = ArrayPool<JsonNode>.Shared.Rent(size);
        _nodes.AsSpan().CopyTo(larger);
        _rented.Add(larger);
        return _nodes = larger;
    }

    private void GiveBack()
    {
        foreach (JsonNode[] rented in _rented) ArrayPool<JsonNode>.Shared.Return(rented);
        _rented.Clear();
        _nodes = _kept;
    }

    /// <summary>A zeroed table of at least twice that size, good until it is asked for again.</summary>
    public Span<int> RentTable(int count)
    {
        int size = (int)BitOperations.RoundUpToPowerOf2((uint)count * 2);
        if (_table.Length < size) _table = new int[size];
        Span<int> table = _table.AsSpan(0, size);
        table.Clear();
        return table;
    }

    /// <summary>Begins a text.</summary>
    public void Begin(int origin, int length, int depthLimit)
    {
        Origin = origin;
        TextLength = length;
        DepthLimit = depthLimit;
        UnsettledCount = 0;
    }

    /// <summary>Notes an object in which a name comes twice or has escapes.</summary>
    public void AddUnsettled(int node)
    {
        if (UnsettledCount == _unsettled.Length) Array.Resize(ref _unsettled, Math.Max(16, UnsettledCount * 2));
        _unsettled[UnsettledCount++] = node;
    }

    /// <summary>Takes over what was written to <see cref="Nodes"/>.</summary>
    public void End(int count, int names, int lastEscaped, int faultAt)
    {
        Count = count;
        Names = names;
        LastEscaped = lastEscaped;
        FaultAt = faultAt;
    }

    /// <summary>Drops what comes behind.</summary>
    public void Truncate(int count) => Count = count;

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

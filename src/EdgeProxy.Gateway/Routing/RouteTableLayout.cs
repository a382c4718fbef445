namespace EdgeProxy.Gateway.Routing;

/// <summary>The arrays of a <see cref="RouteTable{TRules}"/> while they grow.</summary>
/// <param name="routes">How many routes to make room for.</param>
internal sealed class RouteTableLayout(int routes)
{
    private readonly List<int> _parents = new(2 * routes);
    private readonly List<int> _children = new(8 * routes);
    private readonly List<int> _ordinals = new(2 * routes);
    private RouteNode[] _nodes = new RouteNode[Math.Max(16, 2 * routes)];

    public int RouteCount => _ordinals.Count;

    /// <summary>Makes a node. References that <see cref="Node"/> gave before are stale then.</summary>
    public int AddNode(int parent, int parameters)
    {
        int node = _parents.Count;
        if (node == _nodes.Length)
        {
            Array.Resize(ref _nodes, 2 * node);
        }

        _parents.Add(parent);
        _nodes[node].ParameterCount = (byte)parameters;
        return node;
    }

    public ref RouteNode Node(int node) => ref _nodes[node];

    public int AddChildren(int count)
    {
        int start = _children.Count;
        for (int i = 0; i < count; i++)
        {
            _children.Add(0);
        }

        return start;
    }

    public void SetChild(int place, int node) => _children[place] = node;

    public void AddRoute(int ordinal) => _ordinals.Add(ordinal);

    /// <summary>Tells each node the methods of all below it. Children come after their parents, so one pass from the end suffices.</summary>
    public void SpreadMethods()
    {
        for (int i = _parents.Count - 1; i >= 0; i--)
        {
            ref RouteNode node = ref _nodes[i];
            node.Methods |= (byte)(node.EndMethods | node.GreedyMethods);
            if (i > 0)
            {
                _nodes[_parents[i]].Methods |= node.Methods;
            }
        }
    }

    public RouteNode[] TakeNodes() => _nodes.AsSpan(0, _parents.Count).ToArray();

    public int[] TakeChildren() => [.. _children];

    public int[] TakeOrdinals() => [.. _ordinals];
}

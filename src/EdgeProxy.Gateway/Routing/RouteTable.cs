using System.Numerics;
using System.Runtime.CompilerServices;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Routing;

/// <summary>Finds the route of a request among all routes of a deployment. Immutable, and shared by all loops.</summary>
/// <remarks>
/// <para>A radix tree over the bytes of the raw path. A node's literal children come first; at the start of a segment a parameter, then a
/// greedy parameter may also begin, and when the way taken fails, the search returns there. That order is the precedence of both kinds of API.</para>
/// <para>Two ways never lead to the same node, so a search enters each node at most once: whatever path a client invents, the work is bounded by
/// the size of the table (and mostly by the length of the path). Nodes without the request's method are not entered at all.</para>
/// <code>
///   GET /pets   GET /pets/dog   ANY /pets/{id}   GET /{proxy+}
///
///   (root) --"pets"--> end: GET --"/"--> . --"dog"--> end: GET
///      \                                  \--{id}---> end: ANY
///       \--{proxy+}: GET
/// </code>
/// </remarks>
internal sealed class RouteTable<TRules> where TRules : struct, IMatchRules
{
    private readonly RouteNode[] _nodes;
    private readonly int[] _children;
    private readonly int[] _ordinals;
    private readonly RouteTemplate?[] _templates;
    private readonly int _defaultOrdinal;

    internal RouteTable(RouteTableLayout layout, RouteTemplate?[] templates, int defaultOrdinal)
    {
        _nodes = layout.TakeNodes();
        _children = layout.TakeChildren();
        _ordinals = layout.TakeOrdinals();
        _templates = templates;
        _defaultOrdinal = defaultOrdinal;
    }

    /// <summary>How many routes the builder was given.</summary>
    public int RouteCount => _templates.Length;

    /// <summary>How many nodes the tree has, which bounds every search.</summary>
    public int NodeCount => _nodes.Length;

    /// <summary>The memory of the tree in bytes, without the templates' texts.</summary>
    public long TreeBytes => ((long)_nodes.Length * Unsafe.SizeOf<RouteNode>()) + (4L * _children.Length) + (4L * _ordinals.Length);

    /// <summary>The template of a route; null for the default route and for routes whose template was refused.</summary>
    public RouteTemplate? TemplateOrNull(int ordinal) => _templates[ordinal];

    /// <summary>Finds the route for a path and method.</summary>
    /// <param name="rawPath">The path as sent, without query, stage and base path. Empty means <c>/</c>; what begins otherwise (<c>*</c>) has no route.</param>
    /// <param name="method">The request's method.</param>
    /// <param name="match">Filled on success; its offsets count from the start of <paramref name="rawPath"/>.</param>
    /// <returns>False if no route takes the request.</returns>
    public bool TryMatch(ReadOnlySpan<byte> rawPath, HttpMethod method, ref RouteMatch match)
    {
        int start = 0;
        if (rawPath.Length > 0)
        {
            if (rawPath[0] != '/')
            {
                return false;
            }

            start = 1;
            if (TRules.CollapsesLeadingSlashes)
            {
                while (start < rawPath.Length && rawPath[start] == '/')
                {
                    start++;
                }
            }

            if (TRules.IgnoresTrailingSlashes)
            {
                while (rawPath.Length > start && rawPath[^1] == '/')
                {
                    rawPath = rawPath[..^1];
                }
            }
        }

        int methodBit = RoutableMethods.Bit(method);
        bool found = TRules.DecodesLiterals && rawPath.Contains((byte)'%')
            ? Search<DecodedSymbols>(rawPath, start, methodBit, ref match)
            : Search<RawSymbols>(rawPath, start, methodBit, ref match);

        if (!found && TRules.HasDefaultRoute && _defaultOrdinal >= 0)
        {
            match.Ordinal = _defaultOrdinal;
            match.Count = 0;
            return true;
        }

        return found;
    }

    /// <summary>Walks the tree; the remarks of the class say in which order.</summary>
    /// <remarks>
    /// The labels are the steps at one node: enter it and go on by a literal; else by its parameter; else by its greedy parameter; else return
    /// to the last node where a later step is still to be tried. Both scratch arrays (1.3 KB) are written before they are read, so they are
    /// not cleared first: that took 15 ns of 54 in RouterBenchmarks.Match_literal_among_10000.
    /// </remarks>
    [SkipLocalsInit]
    private bool Search<TSymbols>(ReadOnlySpan<byte> path, int at, int method, ref RouteMatch match) where TSymbols : struct, IPathSymbols
    {
        Unsafe.SkipInit(out Places places);
        Unsafe.SkipInit(out PathRanges greedyRanges);
        RouteNode[] nodes = _nodes;
        int[] children = _children;
        int greedyNode = -1;
        int depth = 0;
        int visited = 0;
        int node = 0;

        while (true)
        {
            ref readonly RouteNode here = ref nodes[node];
            if ((here.Methods & method) == 0)
            {
                goto Return;
            }

            visited++;
            if (here.Label.Length != 0)
            {
                at = TSymbols.Skip(path, at, here.Label);
                if (at < 0)
                {
                    goto Return;
                }
            }

            if (at == path.Length)
            {
                if ((here.EndMethods & method) != 0)
                {
                    match.Visited = visited;
                    match.Count = here.ParameterCount;
                    match.Ordinal = EndRoute(here, method);
                    return true;
                }

                if (TRules.GreedyMatchesNothing)
                {
                    goto Greedy;
                }

                goto Return;
            }

            int symbol = TSymbols.At(path, at, out int length);
            uint column = (uint)(symbol - here.LowByte);
            int child = column > here.ByteSpan ? 0 : here.ByteSpan == 0 ? here.Children : children[here.Children + (int)column];
            if (child != 0)
            {
                if (here.Branches)
                {
                    places[depth++] = new Place(node, at);
                }

                node = child;
                at += length;
                continue;
            }

            if (!here.Branches)
            {
                goto Return;
            }

        Parameter:
            if (here.Parameter != 0 && path[at] != '/')
            {
                if ((here.GreedyMethods & method) != 0)
                {
                    places[depth++] = new Place(~node, at);
                }

                int end = PathSegment.End(path, at);
                match.Ranges[here.ParameterCount] = new PathRange(at, end - at);
                node = here.Parameter;
                at = end;
                continue;
            }

        Greedy:
            if ((here.GreedyMethods & method) != 0)
            {
                if (!TRules.WholeMatchComesBeforeGreedy)
                {
                    match.Ranges[here.ParameterCount] = new PathRange(at, path.Length - at);
                    match.Visited = visited;
                    match.Count = here.ParameterCount + 1;
                    match.Ordinal = GreedyRoute(here, method);
                    return true;
                }

                // The first one found is the best; a whole match further on would still win, and may write over the values so far.
                if (greedyNode < 0)
                {
                    greedyNode = node;
                    ReadOnlySpan<PathRange> ranges = match.Ranges;
                    ranges[..here.ParameterCount].CopyTo(greedyRanges);
                    greedyRanges[here.ParameterCount] = new PathRange(at, path.Length - at);
                }
            }

        Return:
            if (depth == 0)
            {
                break;
            }

            Place place = places[--depth];
            at = place.At;
            node = place.Node;
            if (node >= 0)
            {
                here = ref nodes[node];
                goto Parameter;
            }

            node = ~node;
            here = ref nodes[node];
            goto Greedy;
        }

        match.Visited = visited;
        if (greedyNode < 0)
        {
            return false;
        }

        ref readonly RouteNode best = ref nodes[greedyNode];
        match.Count = best.ParameterCount + 1;
        match.Ordinal = GreedyRoute(best, method);
        ReadOnlySpan<PathRange> bestRanges = greedyRanges;
        bestRanges[..match.Count].CopyTo(match.Ranges);
        return true;
    }

    private int EndRoute(in RouteNode node, int method) => _ordinals[node.Routes + BitOperations.PopCount((uint)(node.EndMethods & (method - 1)))];

    private int GreedyRoute(in RouteNode node, int method) =>
        _ordinals[node.Routes + BitOperations.PopCount(node.EndMethods) + BitOperations.PopCount((uint)(node.GreedyMethods & (method - 1)))];

    /// <summary>A node to return to, and where its segment begins. Written as its complement, only the greedy parameter of the node is still to be tried.</summary>
    private readonly record struct Place(int Node, int At);

    /// <summary>One for each segment at which the way could part.</summary>
    [InlineArray(RouteTemplate.MaxSegments)]
    private struct Places
    {
        private Place _first;
    }
}

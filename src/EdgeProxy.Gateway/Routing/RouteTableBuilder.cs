using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Routing;

/// <summary>Collects the routes of one deployment and lays them out as a <see cref="RouteTable{TRules}"/>. Off the hot path, for one thread.</summary>
/// <remarks>A route with a problem keeps its ordinal, but no request will reach it.</remarks>
/// <param name="routes">How many routes to make room for.</param>
internal sealed class RouteTableBuilder<TRules>(int routes = 0) where TRules : struct, IMatchRules
{
    private readonly List<Entry> _entries = new(routes);
    private readonly List<RouteTemplate?> _templates = new(routes);
    private readonly List<RouteProblem> _problems = [];
    private int _defaultOrdinal = -1;

    /// <summary>How many routes were added, those with problems included: the next ordinal.</summary>
    public int Count => _templates.Count;

    /// <summary>Adds a route for one method.</summary>
    /// <returns>The route's ordinal: 0 for the first, and so on.</returns>
    public int Add(HttpMethod method, string template)
    {
        int bit = RoutableMethods.Bit(method);
        if (bit != 0)
        {
            return Add(bit, isAny: false, template);
        }

        int ordinal = Count;
        _templates.Add(null);
        _problems.Add(new RouteProblem(ordinal, RouteProblemCode.MethodNotRoutable, $"No route can have the method {method}; use DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT or ANY at '{template}'."));
        return ordinal;
    }

    /// <summary>Adds a route for <c>ANY</c>: the methods of <see cref="RoutableMethods.Any"/> that have no route of their own at this template.</summary>
    /// <returns>The route's ordinal.</returns>
    public int AddAny(string template) => Add(RoutableMethods.Any, isAny: true, template);

    /// <summary>Adds the route for all that no other takes (<c>$default</c>).</summary>
    /// <returns>The route's ordinal.</returns>
    public int AddDefault()
    {
        int ordinal = Count;
        _templates.Add(null);
        if (!TRules.HasDefaultRoute)
        {
            _problems.Add(new RouteProblem(ordinal, RouteProblemCode.NoDefaultRoute, "Only an HTTP API can have a $default route; use ANY on /{proxy+} and on /."));
        }
        else if (_defaultOrdinal >= 0)
        {
            _problems.Add(new RouteProblem(ordinal, RouteProblemCode.Duplicate, "There is a $default route already; remove one.", _defaultOrdinal));
        }
        else
        {
            _defaultOrdinal = ordinal;
        }

        return ordinal;
    }

    /// <summary>Lays out the table of all routes without a problem, and hands over the problems of the others in the order of the routes.</summary>
    public RouteTable<TRules> Build(out IReadOnlyList<RouteProblem> problems)
    {
        // Equal keys come together, the first one added first, so that the later one is the duplicate.
        Entry[] entries = [.. _entries];
        Array.Sort(entries, static (left, right) =>
            left.Key.AsSpan().SequenceCompareTo(right.Key) is int order and not 0 ? order : left.Ordinal.CompareTo(right.Ordinal));

        var layout = new RouteTableLayout(entries.Length);
        var found = new List<RouteProblem>(_problems);
        Plant(entries, layout, found);
        found.Sort(static (left, right) => left.Ordinal.CompareTo(right.Ordinal));
        problems = found;
        return new RouteTable<TRules>(layout, [.. _templates], _defaultOrdinal);
    }

    private int Add(int methods, bool isAny, string template)
    {
        int ordinal = Count;
        RouteTemplate? parsed = RouteTemplate.Parse<TRules>(template, ordinal, out RouteProblem? problem);
        _templates.Add(parsed);
        if (parsed is null)
        {
            _problems.Add(problem!);
        }
        else
        {
            _entries.Add(new Entry(parsed.Key, ordinal, methods, isAny));
        }

        return ordinal;
    }

    /// <summary>Makes the nodes level by level: each range of sorted keys that agree so far becomes a node, and its parts wait in line. No recursion, so no template is too deep.</summary>
    private void Plant(Entry[] entries, RouteTableLayout layout, List<RouteProblem> problems)
    {
        var waiting = new Stack<Plot>();
        waiting.Push(new Plot(layout.AddNode(parent: 0, parameters: 0), 0, entries.Length, 0));
        while (waiting.TryPop(out Plot plot))
        {
            if (plot.From == plot.To)
            {
                continue; // only the root of an empty table
            }

            // In sorted order, what the first and the last key share is shared by all between them.
            byte[] first = entries[plot.From].Key;
            byte[] last = entries[plot.To - 1].Key;
            int at = plot.At;
            int shared = Math.Min(Math.Min(first.Length, last.Length), at + RouteLabel.MaxLength);
            while (at < shared && first[at] == last[at] && first[at] > RouteTemplate.GreedyMark)
            {
                at++;
            }

            ref RouteNode node = ref layout.Node(plot.Node);
            int parameters = node.ParameterCount;
            node.Label = new RouteLabel(first.AsSpan(plot.At..at));
            node.Routes = layout.RouteCount;

            int next = plot.From;
            int group = EndOfGroup(entries, next, plot.To, at, symbol: -1);
            node.EndMethods = AddRoutes(entries, next, group, layout, problems);
            next = group;

            group = EndOfGroup(entries, next, plot.To, at, RouteTemplate.ParameterMark);
            if (group > next)
            {
                node.Branches = true;
                int child = layout.AddNode(plot.Node, parameters + 1);
                layout.Node(plot.Node).Parameter = child;
                waiting.Push(new Plot(child, next, group, at + 1));
                next = group;
            }

            // Adding a node may have moved them all.
            node = ref layout.Node(plot.Node);
            group = EndOfGroup(entries, next, plot.To, at, RouteTemplate.GreedyMark);
            if (group > next)
            {
                node.Branches = true;
                node.GreedyMethods = AddRoutes(entries, next, group, layout, problems);
                next = group;
            }

            if (next == plot.To)
            {
                continue;
            }

            byte low = entries[next].Key[at];
            node.LowByte = low;
            node.ByteSpan = (byte)(last[at] - low);
            bool only = low == last[at];
            int row = only ? 0 : layout.AddChildren(node.ByteSpan + 1);
            node.Children = row;
            while (next < plot.To)
            {
                byte symbol = entries[next].Key[at];
                group = EndOfGroup(entries, next, plot.To, at, symbol);
                int child = layout.AddNode(plot.Node, parameters);
                if (only)
                {
                    layout.Node(plot.Node).Children = child;
                }
                else
                {
                    layout.SetChild(row + symbol - low, child);
                }

                waiting.Push(new Plot(child, next, group, at + 1));
                next = group;
            }
        }

        layout.SpreadMethods();
    }

    /// <summary>Where the keys that have <paramref name="symbol"/> at <paramref name="at"/> end; -1 stands for the end of the key.</summary>
    private static int EndOfGroup(Entry[] entries, int from, int to, int at, int symbol)
    {
        while (from < to && (at < entries[from].Key.Length ? entries[from].Key[at] : -1) == symbol)
        {
            from++;
        }

        return from;
    }

    /// <summary>Gives each method at one template its route: its own, else that of <c>ANY</c>.</summary>
    private byte AddRoutes(Entry[] entries, int from, int to, RouteTableLayout layout, List<RouteProblem> problems)
    {
        Span<int> routes = stackalloc int[8];
        routes.Fill(-1);
        int any = -1;
        for (int i = from; i < to; i++)
        {
            Entry entry = entries[i];
            ref int slot = ref any;
            if (!entry.IsAny)
            {
                slot = ref routes[int.TrailingZeroCount(entry.Methods)];
            }

            if (slot < 0)
            {
                slot = entry.Ordinal;
                continue;
            }

            string text = _templates[entry.Ordinal]!.Text;
            string other = _templates[slot]!.Text;
            problems.Add(text == other
                ? new RouteProblem(entry.Ordinal, RouteProblemCode.Duplicate, $"The path '{text}' has this method twice; remove one.", slot)
                : new RouteProblem(entry.Ordinal, RouteProblemCode.Conflict, $"The path '{text}' takes the same requests as '{other}'; remove one.", slot));
        }

        int methods = 0;
        for (int bit = 0; 1 << bit <= RoutableMethods.Any; bit++)
        {
            int ordinal = routes[bit] >= 0 ? routes[bit] : any;
            if (ordinal >= 0)
            {
                methods |= 1 << bit;
                layout.AddRoute(ordinal);
            }
        }

        return (byte)methods;
    }

    private readonly record struct Entry(byte[] Key, int Ordinal, int Methods, bool IsAny);

    /// <summary>A node to be made of the entries from <paramref name="From"/> to <paramref name="To"/>, which agree up to <paramref name="At"/>.</summary>
    private readonly record struct Plot(int Node, int From, int To, int At);
}

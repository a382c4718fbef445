namespace EdgeProxy.ControlPlane.Management;

/// <summary>Finds the operation of a method and a raw path: split at the slashes as sent, then each segment decoded once (control-plane.md 1.1).</summary>
public sealed class OperationTable
{
    private readonly Node _root = new();

    /// <param name="operations">All operations.</param>
    public OperationTable(IReadOnlyList<Operation> operations)
    {
        All = operations;
        foreach (Operation operation in operations) Add(operation);
    }

    public IReadOnlyList<Operation> All { get; }

    /// <summary>Whether a path belongs to the management API, whether or not it has an operation for it.</summary>
    public bool Has(string path)
    {
        string first = path.Length > 1 ? path[1..].Split('/', 2)[0] : "";
        return first is "v2" || _root.Literals.ContainsKey(first);
    }

    /// <summary>The operation; null when there is none.</summary>
    /// <param name="method">Upper case.</param>
    /// <param name="path">Raw.</param>
    /// <param name="isImport">Whether the query says <c>mode=import</c>.</param>
    /// <param name="values">Gets the values out of the path, decoded.</param>
    public Operation? Find(string method, string path, bool isImport, List<KeyValuePair<string, string>> values)
    {
        if (!path.StartsWith('/')) return null;
        string[] segments = path[1..].Split('/');

        // Clients may end a path with a slash.
        int count = segments.Length > 1 && segments[^1].Length == 0 ? segments.Length - 1 : segments.Length;
        return Find(_root, segments.AsSpan(0, count), method, isImport, values);
    }

    private static Operation? Find(Node node, ReadOnlySpan<string> rest, string method, bool isImport, List<KeyValuePair<string, string>> values)
    {
        if (rest.IsEmpty) return node.Of(method, isImport);
        if (node.Literals.TryGetValue(rest[0], out Node? literal) && Find(literal, rest[1..], method, isImport, values) is { } found) return found;
        if (rest[0].Length == 0) return null;
        foreach ((string name, Node next) in node.Names)
        {
            int before = values.Count;
            values.Add(new(name, QueryText.Decoded(rest[0])));
            if (Find(next, rest[1..], method, isImport, values) is { } named) return named;
            values.RemoveRange(before, values.Count - before);
        }

        if (node.Greedy is not { } greedy || greedy.Node.Of(method, isImport) is not { } taker) return null;
        values.Add(new(greedy.Name, QueryText.Decoded(string.Join('/', rest.ToArray()))));
        return taker;
    }

    private void Add(Operation operation)
    {
        Node node = _root;
        foreach (string segment in operation.Path[1..].Split('/'))
        {
            if (!segment.StartsWith('{'))
            {
                if (!node.Literals.TryGetValue(segment, out Node? literal)) node.Literals.Add(segment, literal = new Node());
                node = literal;
            }
            else if (segment.EndsWith("+}", StringComparison.Ordinal))
            {
                node.Greedy ??= (segment[1..^2], new Node());
                node = node.Greedy.Value.Node;
            }
            else
            {
                string name = segment[1..^1];
                Node? next = null;
                foreach ((string known, Node named) in node.Names)
                {
                    if (known == name) next = named;
                }

                if (next is null) node.Names.Add((name, next = new Node()));
                node = next;
            }
        }

        node.Operations.Add(operation);
    }

    private sealed class Node
    {
        public Dictionary<string, Node> Literals { get; } = new(StringComparer.Ordinal);

        // Operations may call the same place by other names.
        public List<(string Name, Node Node)> Names { get; } = [];

        public (string Name, Node Node)? Greedy { get; set; }

        public List<Operation> Operations { get; } = [];

        public Operation? Of(string method, bool isImport)
        {
            Operation? found = null;
            foreach (Operation operation in Operations)
            {
                if (operation.Method != method) continue;
                if (operation.IsImport == isImport) return operation;
                if (!operation.IsImport) found = operation;
            }

            return found;
        }
    }
}

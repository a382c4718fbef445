using System.Text;
using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates;

/// <summary>The names under <c>$context</c>, as a tree. Built once; whoever builds it gives each name the id by which it is asked for.</summary>
public sealed class ContextCatalog
{
    private readonly List<Node> _nodes = [new Node([], 0)];

    /// <summary>No names but those of the overrides.</summary>
    public static ContextCatalog Empty { get; } = new([]);

    /// <param name="names">
    /// Dotted names with their ids, as in <c>identity.sourceIp</c>. A last part of <c>*</c> makes its group an open one: members are asked for by name.
    /// </param>
    /// <param name="numbers">The ids among them whose values are integers.</param>
    public ContextCatalog(IEnumerable<KeyValuePair<string, int>> names, params int[] numbers)
    {
        foreach ((string name, int id) in names)
        {
            int at = 0;
            string[] parts = name.Split('.');
            foreach (string part in parts.AsSpan(0, parts.Length - 1)) at = ChildOf(at, part);
            if (parts[^1] == "*")
            {
                _nodes[at].Open = id;
                continue;
            }

            Node leaf = _nodes[ChildOf(at, parts[^1])];
            leaf.Id = id;
            leaf.IsNumber = numbers.Contains(id);
        }
    }

    internal Node this[int node] => _nodes[node];

    /// <summary>The child of a name; -1 when there is none.</summary>
    internal int Find(int node, ReadOnlySpan<byte> name, int hash)
    {
        foreach (int child in _nodes[node].Children)
        {
            Node candidate = _nodes[child];
            if (candidate.Hash == hash && name.SequenceEqual(candidate.Name)) return child;
        }

        return -1;
    }

    private int ChildOf(int node, string name)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(name);
        int hash = TextHash.Of(bytes);
        int found = Find(node, bytes, hash);
        if (found >= 0) return found;
        _nodes.Add(new Node(bytes, hash));
        _nodes[node].Children = [.. _nodes[node].Children, _nodes.Count - 1];
        return _nodes.Count - 1;
    }

    internal sealed class Node(byte[] name, int hash)
    {
        public byte[] Name => name;

        public int Hash => hash;

        public int[] Children { get; set; } = [];

        /// <summary>The variable's id; -1 for what is only a group.</summary>
        public int Id { get; set; } = -1;

        /// <summary>The id by which members of an open group are asked for; -1 when it is not open.</summary>
        public int Open { get; set; } = -1;

        public bool IsNumber { get; set; }
    }
}

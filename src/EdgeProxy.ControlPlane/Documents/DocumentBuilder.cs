using System.Globalization;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Documents;

/// <summary>Puts the events of a reader together to nodes, without recursion, and keeps the limits.</summary>
internal sealed class DocumentBuilder(string file, ProblemList problems)
{
    private readonly Stack<Frame> _open = new();
    private long _nodes;

    /// <summary>The finished document; null before its end.</summary>
    public DocumentNode? Root { get; private set; }

    /// <summary>How many mappings and sequences are open.</summary>
    public int Depth => _open.Count;

    /// <summary>Begins a mapping or sequence; false when the document has to be given up.</summary>
    public bool Open(DocumentNodeKind kind, int line, int column, string? tag)
    {
        if (_open.Count >= DocumentLimits.Depth)
        {
            return TooDeep(line, column);
        }

        if (!Count(1, line, column)) return false;
        _open.Push(new Frame(kind, line, column, tag));
        return true;
    }

    /// <summary>Ends the mapping or sequence begun last; null when the document has to be given up.</summary>
    public Measured? Close()
    {
        Frame frame = _open.Pop();
        DocumentNode node;
        if (frame.Kind == DocumentNodeKind.Sequence)
        {
            node = DocumentNode.Sequence(frame.Items.ToArray(), file, frame.Line, frame.Column, frame.Tag);
        }
        else
        {
            if (!Merge(frame)) return null;
            node = DocumentNode.Mapping(frame.Entries.ToArray(), file, frame.Line, frame.Column, frame.Tag);
        }

        var measured = new Measured(node, frame.Weight + 1, frame.Height + 1);
        Place(measured, frame.Line, frame.Column);
        return measured;
    }

    /// <summary>Adds a scalar, as a key where one is due; null when the document has to be given up.</summary>
    public Measured? Scalar(string text, ScalarKind meaning, ScalarStyle style, int line, int column, string? tag, TextStart? start = null)
    {
        if (!Count(1, line, column)) return null;
        var measured = new Measured(DocumentNode.Scalar(text, meaning, style, file, line, column, tag, start), 1, 0);
        Place(measured, line, column);
        return measured;
    }

    /// <summary>Adds an existing node once more; false when the document has to be given up.</summary>
    public bool Alias(Measured target, int line, int column)
    {
        if (_open.Count + target.Height > DocumentLimits.Depth) return TooDeep(line, column);
        if (!Count(target.Weight, line, column)) return false;
        Place(target, line, column);
        return true;
    }

    /// <summary>Adds an error at a place inside the mapping or sequence that is open.</summary>
    public void Error(ProblemCode code, int line, int column, string message) =>
        problems.Error(code, new Origin(file, Pointer(), line, column), message);

    /// <summary>The pointer of what is being read.</summary>
    public string Pointer()
    {
        var pointer = new System.Text.StringBuilder();
        foreach (Frame frame in _open.Reverse())
        {
            if (frame.Kind == DocumentNodeKind.Sequence)
            {
                pointer.Append(CultureInfo.InvariantCulture, $"/{frame.Items.Count}");
            }
            else if (frame.Key is { } key)
            {
                pointer.Append('/').Append(key.Text.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal));
            }
        }

        return pointer.ToString();
    }

    private void Place(Measured measured, int line, int column)
    {
        if (_open.Count == 0)
        {
            Root = measured.Node;
            return;
        }

        Frame frame = _open.Peek();
        frame.Weight += measured.Weight;
        frame.Height = Math.Max(frame.Height, measured.Height);
        if (frame.Kind == DocumentNodeKind.Sequence)
        {
            frame.Items.Add(measured.Node);
            return;
        }

        if (!frame.HasKey)
        {
            frame.HasKey = true;
            frame.Key = measured.Node.IsScalar ? measured.Node : null;
            if (frame.Key is null) Error(ProblemCode.BadKey, line, column, $"A key is {measured.Node.Described}. Keys must be text or numbers.");
            return;
        }

        frame.HasKey = false;
        if (frame.Key is not { } key) return;
        frame.Key = null;
        if (key is { Text: "<<", Style: ScalarStyle.Plain })
        {
            // An alias used as key "<<" cannot occur twice in earnest; a later one is merged after the earlier.
            frame.Merges.Add((measured, key));
            return;
        }

        if (frame.Names.TryAdd(key.Text, key))
        {
            frame.Entries.Add(new DocumentEntry(key, measured.Node));
            return;
        }

        DocumentNode first = frame.Names[key.Text];
        frame.Key = key;
        Error(ProblemCode.DuplicateKey, key.Line, key.Column, string.Create(CultureInfo.InvariantCulture,
            $"The key \"{key.Text}\" is already in this object, at line {first.Line}. Remove or rename one of them."));
        frame.Key = null;
    }

    // YAML's merge key: own keys win over merged ones, earlier merged ones over later.
    private bool Merge(Frame frame)
    {
        foreach ((Measured value, DocumentNode key) in frame.Merges)
        {
            IReadOnlyList<DocumentNode> sources = value.Node.IsSequence ? value.Node.Items : [value.Node];
            foreach (DocumentNode source in sources)
            {
                if (!source.IsMapping)
                {
                    Error(ProblemCode.BadAlias, key.Line, key.Column, $"The merge key \"<<\" has {source.Described}. It takes a mapping, an alias of one, or a list of them.");
                    continue;
                }

                if (!Count(source.Entries.Count, key.Line, key.Column)) return false;
                foreach (DocumentEntry entry in source.Entries)
                {
                    if (frame.Names.TryAdd(entry.Name, entry.Key)) frame.Entries.Add(entry);
                }
            }
        }

        return true;
    }

    private bool Count(long more, int line, int column)
    {
        _nodes += more;
        if (_nodes <= DocumentLimits.Nodes) return true;
        Error(ProblemCode.TooLarge, line, column, string.Create(CultureInfo.InvariantCulture,
            $"The document has more than {DocumentLimits.Nodes} values, aliases followed. Split it, or use fewer aliases of large anchors."));
        return false;
    }

    private bool TooDeep(int line, int column)
    {
        Error(ProblemCode.TooDeep, line, column, string.Create(CultureInfo.InvariantCulture,
            $"Nesting is deeper than {DocumentLimits.Depth}. Flatten this part, or move it into a definition of its own."));
        return false;
    }

    /// <summary>A node with its cost to a walk that follows aliases.</summary>
    /// <param name="Node">The node.</param>
    /// <param name="Weight">Nodes at and below it.</param>
    /// <param name="Height">Levels below it.</param>
    internal sealed record Measured(DocumentNode Node, long Weight, int Height);

    private sealed class Frame(DocumentNodeKind kind, int line, int column, string? tag)
    {
        public readonly DocumentNodeKind Kind = kind;
        public readonly int Line = line;
        public readonly int Column = column;
        public readonly string? Tag = tag;
        public readonly List<DocumentNode> Items = [];
        public readonly List<DocumentEntry> Entries = [];
        public readonly Dictionary<string, DocumentNode> Names = new(StringComparer.Ordinal);
        public readonly List<(Measured Value, DocumentNode Key)> Merges = [];
        public DocumentNode? Key;
        public bool HasKey;
        public long Weight;
        public int Height;
    }
}

using System.Globalization;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Documents;

/// <summary>A value in a YAML or JSON document that knows where it was written.</summary>
/// <remarks>
/// Immutable once read. YAML aliases share the node of their anchor, so the whole is a graph without cycles, and a shared node points at
/// the place where it was written. Nesting is at most <see cref="DocumentLimits.Depth"/>, so recursion over it is safe.
/// </remarks>
public sealed class DocumentNode
{
    private static readonly DocumentNode[] NoItems = [];
    private static readonly DocumentEntry[] NoEntries = [];

    // Beyond this many entries a look-up by walking costs more than a table.
    private const int TableThreshold = 8;

    private readonly Dictionary<string, DocumentNode>? _table;
    private readonly DocumentEntry[] _entries = NoEntries;
    private readonly DocumentNode[] _items = NoItems;
    private DocumentNode? _parent;
    private string? _name;
    private string? _pointer;

    private DocumentNode(DocumentNodeKind kind, string file, int line, int column, string? tag)
    {
        Kind = kind;
        File = file;
        Line = line;
        Column = column;
        Tag = tag;
    }

    private DocumentNode(DocumentEntry[] entries, string file, int line, int column, string? tag)
        : this(DocumentNodeKind.Mapping, file, line, column, tag)
    {
        _entries = entries;
        if (entries.Length > TableThreshold)
        {
            _table = new Dictionary<string, DocumentNode>(entries.Length, StringComparer.Ordinal);
            foreach (DocumentEntry entry in entries) _table.TryAdd(entry.Name, entry.Value);
        }

        foreach (DocumentEntry entry in entries)
        {
            entry.Key.Adopt(this, entry.Name);
            entry.Value.Adopt(this, entry.Name);
        }
    }

    private DocumentNode(DocumentNode[] items, string file, int line, int column, string? tag)
        : this(DocumentNodeKind.Sequence, file, line, column, tag)
    {
        _items = items;
        for (int i = 0; i < items.Length; i++) items[i].Adopt(this, i.ToString(CultureInfo.InvariantCulture));
    }

    /// <summary>Scalar, sequence or mapping.</summary>
    public DocumentNodeKind Kind { get; }

    /// <summary>The name of the file as it was given to the reader.</summary>
    public string File { get; }

    /// <summary>Line of the first character, from 1.</summary>
    public int Line { get; }

    /// <summary>Column of the first character, from 1.</summary>
    public int Column { get; }

    /// <summary>An explicit YAML tag such as <c>!Ref</c>; null when there is none.</summary>
    public string? Tag { get; }

    /// <summary>How a scalar was written; <see cref="ScalarStyle.Plain"/> for others.</summary>
    public ScalarStyle Style { get; private init; }

    /// <summary>What a scalar means; <see cref="ScalarKind.Text"/> for others.</summary>
    public ScalarKind ScalarKind { get; private init; }

    /// <summary>Where a scalar's text begins, when its lines stand in the document as they are. Known for texts that may be templates alone.</summary>
    public TextStart? Start { get; private init; }

    /// <summary>The text of a scalar, unquoted; empty for others.</summary>
    public string Text { get; private init; } = "";

    /// <summary>The items of a sequence; empty for others.</summary>
    public IReadOnlyList<DocumentNode> Items => _items;

    /// <summary>The entries of a mapping in document order; empty for others. Keys are unique.</summary>
    public IReadOnlyList<DocumentEntry> Entries => _entries;

    /// <summary>The values below: the items of a sequence, the values of a mapping, nothing for a scalar.</summary>
    public IEnumerable<DocumentNode> Children => Kind == DocumentNodeKind.Mapping ? _entries.Select(entry => entry.Value) : _items;

    /// <summary>True for a scalar.</summary>
    public bool IsScalar => Kind == DocumentNodeKind.Scalar;

    /// <summary>True for a sequence.</summary>
    public bool IsSequence => Kind == DocumentNodeKind.Sequence;

    /// <summary>True for a mapping.</summary>
    public bool IsMapping => Kind == DocumentNodeKind.Mapping;

    /// <summary>True for a scalar that means null.</summary>
    public bool IsNull => IsScalar && ScalarKind == ScalarKind.Null;

    /// <summary>JSON pointer (RFC 6901) of the place where the node is written, without <c>#</c>; empty for the root.</summary>
    /// <remarks>Kept once it was asked for, because whoever is asked next stands below: an import asks nearly all.</remarks>
    public string Pointer => _pointer ??= _parent is null ? "" : string.Concat(_parent.Pointer, "/", Escaped(_name!));

    /// <summary>The place, for definition records and problems.</summary>
    public Origin Origin => new(File, Pointer, Line, Column);

    /// <summary>Names the type of the node as a problem would: <c>text</c>, <c>a number</c>, <c>a list</c> ...</summary>
    public string Described => Kind switch
    {
        DocumentNodeKind.Mapping => "an object",
        DocumentNodeKind.Sequence => "a list",
        _ => ScalarKind switch
        {
            ScalarKind.Null => "null",
            ScalarKind.Boolean => "a boolean",
            ScalarKind.Integer or ScalarKind.Number => "a number",
            _ => "text",
        },
    };

    /// <summary>The value of a key of a mapping; null when absent or when this is no mapping.</summary>
    public DocumentNode? Find(string key)
    {
        if (_table is not null) return _table.GetValueOrDefault(key);
        foreach (DocumentEntry entry in _entries)
        {
            if (string.Equals(entry.Name, key, StringComparison.Ordinal)) return entry.Value;
        }

        return null;
    }

    /// <summary>The key node of a mapping, to point a problem at the key; null when absent.</summary>
    public DocumentNode? FindKey(string key)
    {
        foreach (DocumentEntry entry in _entries)
        {
            if (string.Equals(entry.Name, key, StringComparison.Ordinal)) return entry.Key;
        }

        return null;
    }

    /// <summary>True for a scalar that means text; plain <c>true</c>, <c>1</c> and <c>null</c> are not text.</summary>
    public bool TryGetString(out string value)
    {
        value = Text;
        return IsScalar && ScalarKind == ScalarKind.Text;
    }

    /// <summary>True for any scalar but null, whose text it gives: for places where <c>200</c> and <c>"200"</c> mean the same.</summary>
    public bool TryGetText(out string value)
    {
        value = Text;
        return IsScalar && ScalarKind != ScalarKind.Null;
    }

    /// <summary>True for plain <c>true</c> and <c>false</c>.</summary>
    public bool TryGetBoolean(out bool value)
    {
        value = IsScalar && ScalarKind == ScalarKind.Boolean && (Text[0] is 't' or 'T');
        return IsScalar && ScalarKind == ScalarKind.Boolean;
    }

    /// <summary>True for a plain whole number that fits 64 bits.</summary>
    public bool TryGetInteger(out long value)
    {
        value = 0;
        return IsScalar && ScalarKind == ScalarKind.Integer && CoreSchema.TryParseInteger(Text, out value);
    }

    /// <summary>True for a plain number, whole or not.</summary>
    public bool TryGetNumber(out double value)
    {
        value = 0;
        if (!IsScalar) return false;
        if (ScalarKind == ScalarKind.Integer && CoreSchema.TryParseInteger(Text, out long whole))
        {
            value = whole;
            return true;
        }

        return ScalarKind is ScalarKind.Number or ScalarKind.Integer
            && double.TryParse(Text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }

    /// <inheritdoc/>
    public override string ToString() => $"{File}:{Line}:{Column} #{Pointer} ({Described})";

    internal static DocumentNode Scalar(string text, ScalarKind meaning, ScalarStyle style, string file, int line, int column, string? tag, TextStart? start = null) =>
        new(DocumentNodeKind.Scalar, file, line, column, tag) { Text = text, ScalarKind = meaning, Style = style, Start = start };

    internal static DocumentNode Sequence(DocumentNode[] items, string file, int line, int column, string? tag) =>
        new(items, file, line, column, tag);

    internal static DocumentNode Mapping(DocumentEntry[] entries, string file, int line, int column, string? tag) =>
        new(entries, file, line, column, tag);

    private static string Escaped(string name) =>
        name.AsSpan().IndexOfAny('~', '/') < 0 ? name : name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);

    // A node under several parents (alias, merge key) keeps the first: the place where it was written.
    private void Adopt(DocumentNode parent, string name)
    {
        if (_parent is not null) return;
        _parent = parent;
        _name = name;
    }
}

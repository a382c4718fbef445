namespace EdgeProxy.ControlPlane.Records;

/// <summary>All records of one scope, for example of one API. Immutable, so keeping a reference to it is keeping a copy.</summary>
public sealed class RecordScope
{
    private readonly RecordTable[] _tables;

    internal RecordScope(string id, RecordTable[] tables)
    {
        Id = id;
        _tables = tables;
    }

    public string Id { get; }

    /// <summary>The kinds of which there are records.</summary>
    public IEnumerable<string> Kinds => _tables.Select(static table => table.Kind);

    internal IReadOnlyList<RecordTable> Tables => _tables;

    public Record? Find(string kind, string key) => TableOrNull(kind)?.Find(key);

    /// <summary>In the order of their keys.</summary>
    public IReadOnlyList<Record> All(string kind) => TableOrNull(kind)?.Records ?? [];

    internal RecordTable? TableOrNull(string kind)
    {
        foreach (RecordTable table in _tables)
        {
            if (string.Equals(table.Kind, kind, StringComparison.Ordinal)) return table;
        }

        return null;
    }

    internal RecordScope With(RecordTable changed)
    {
        var tables = new List<RecordTable>(_tables.Length + 1);
        foreach (RecordTable table in _tables)
        {
            if (table.Kind != changed.Kind) tables.Add(table);
        }

        if (changed.Records.Length > 0) tables.Add(changed);
        return new RecordScope(Id, [.. tables]);
    }
}

namespace EdgeProxy.ControlPlane.Records;

/// <summary>Everything that the management API keeps, at one moment. Immutable: readers on any thread take the current one and need no lock.</summary>
public sealed class RecordBook
{
    private readonly RecordScope[] _scopes;

    private RecordBook(RecordScope[] scopes) => _scopes = scopes;

    public static RecordBook Empty { get; } = new([]);

    /// <summary>In the order of their ids (ordinal).</summary>
    public IReadOnlyList<RecordScope> Scopes => _scopes;

    public RecordScope? ScopeOrNull(string id)
    {
        int index = IndexOf(id);
        return index < 0 ? null : _scopes[index];
    }

    public Record? Find(string scope, string kind, string key) => ScopeOrNull(scope)?.Find(kind, key);

    /// <summary>In the order of their keys.</summary>
    public IReadOnlyList<Record> All(string scope, string kind) => ScopeOrNull(scope)?.All(kind) ?? [];

    /// <summary>The scopes whose ids begin with a prefix, in their order; <see cref="Records.Scopes.RestApis"/> for all REST APIs.</summary>
    public ArraySegment<RecordScope> Below(string prefix)
    {
        int start = IndexOf(prefix);
        if (start < 0) start = ~start;
        int end = start;
        while (end < _scopes.Length && _scopes[end].Id.StartsWith(prefix, StringComparison.Ordinal)) end++;
        return new ArraySegment<RecordScope>(_scopes, start, end - start);
    }

    /// <summary>A book of records in any order; of those that come twice the last counts.</summary>
    public static RecordBook Of(IEnumerable<(string Scope, string Kind, Record Record)> records)
    {
        var scopes = new SortedDictionary<string, Dictionary<string, List<Record>>>(StringComparer.Ordinal);
        string? last = null;
        string? lastKind = null;
        Dictionary<string, List<Record>>? kinds = null;
        List<Record>? list = null;
        foreach ((string scope, string kind, Record record) in records)
        {
            // Records of a scope mostly follow each other, and those of a kind within it.
            if (!ReferenceEquals(scope, last))
            {
                if (!scopes.TryGetValue(scope, out kinds)) scopes.Add(scope, kinds = new Dictionary<string, List<Record>>(StringComparer.Ordinal));
                last = scope;
                lastKind = null;
            }

            if (!ReferenceEquals(kind, lastKind))
            {
                if (!kinds!.TryGetValue(kind, out list)) kinds.Add(kind, list = []);
                lastKind = kind;
            }

            list!.Add(record);
        }

        var made = new List<RecordScope>(scopes.Count);
        foreach ((string id, Dictionary<string, List<Record>> found) in scopes)
        {
            var tables = new List<RecordTable>(found.Count);
            foreach ((string kind, List<Record> unsorted) in found) tables.Add(new RecordTable(kind, Sorted(unsorted)));
            made.Add(new RecordScope(id, [.. tables]));
        }

        return new RecordBook([.. made]);
    }

    internal RecordBook With(IReadOnlyDictionary<string, RecordScope?> changed)
    {
        var scopes = new List<RecordScope>(_scopes.Length + changed.Count);
        foreach (RecordScope scope in _scopes)
        {
            if (!changed.ContainsKey(scope.Id)) scopes.Add(scope);
        }

        bool added = false;
        foreach ((_, RecordScope? scope) in changed)
        {
            if (scope is not { Tables.Count: > 0 }) continue;
            scopes.Add(scope);
            added = true;
        }

        if (added) scopes.Sort(static (a, b) => string.CompareOrdinal(a.Id, b.Id));
        return new RecordBook([.. scopes]);
    }

    private static Record[] Sorted(List<Record> list)
    {
        bool inOrder = true;
        for (int i = 1; i < list.Count && inOrder; i++) inOrder = string.CompareOrdinal(list[i - 1].Key, list[i].Key) < 0;
        if (inOrder) return [.. list];

        Record[] sorted = [.. list];
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        for (int i = 1; i < sorted.Length; i++)
        {
            if (sorted[i - 1].Key == sorted[i].Key) return Last(list);
        }

        return sorted;
    }

    private static Record[] Last(List<Record> list)
    {
        var last = new Dictionary<string, Record>(StringComparer.Ordinal);
        foreach (Record record in list) last[record.Key] = record;
        Record[] sorted = [.. last.Values];
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        return sorted;
    }

    private int IndexOf(string id)
    {
        int low = 0;
        int high = _scopes.Length - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = string.CompareOrdinal(_scopes[middle].Id, id);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }

        return ~low;
    }
}

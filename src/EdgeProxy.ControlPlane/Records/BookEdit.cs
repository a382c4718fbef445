using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Records;

/// <summary>What one management call reads and changes: all of its changes are kept, or none.</summary>
/// <remarks>Reads see the call's own changes. Costs nothing before the first change.</remarks>
/// <param name="book">What it starts from.</param>
public sealed class BookEdit(RecordBook book)
{
    // The scopes that were touched, as they are now; null for one that went.
    private readonly Dictionary<string, RecordScope?> _touched = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Scope, string Kind), Working> _working = [];
    private readonly Dictionary<(string Scope, string Kind, string Key), Record?> _changes = [];
    private readonly List<StoredSnapshot> _snapshots = [];

    /// <summary>What it started from.</summary>
    public RecordBook Before { get; } = book;

    public bool HasChanges => _changes.Count > 0;

    /// <summary>What changed, each record once.</summary>
    public IEnumerable<RecordChange> Changes => _changes.Select(static change => new RecordChange(change.Key.Scope, change.Key.Kind, change.Key.Key, change.Value));

    /// <summary>Deployments' snapshots to store with the changes.</summary>
    public IReadOnlyList<StoredSnapshot> Snapshots => _snapshots;

    /// <summary>The same changes, to go on from without touching these.</summary>
    public BookEdit Copy()
    {
        RecordBook result = Result();
        var copy = new BookEdit(Before);
        if (ReferenceEquals(result, Before)) return copy;
        foreach ((string scope, RecordScope? touched) in _touched) copy._touched.Add(scope, touched);
        foreach (((string, string, string) place, Record? record) in _changes) copy._changes.Add(place, record);
        copy._snapshots.AddRange(_snapshots);
        return copy;
    }

    public Record? Find(string scope, string kind, string key)
    {
        if (_working.TryGetValue((scope, kind), out Working? working)) return working.Find(key);
        return ScopeOrNull(scope)?.Find(kind, key);
    }

    /// <summary>In the order of their keys. A copy of the moment: changing records while walking it is safe.</summary>
    public IReadOnlyList<Record> All(string scope, string kind)
    {
        if (_working.TryGetValue((scope, kind), out Working? working)) return working.ToArray();
        return ScopeOrNull(scope)?.All(kind) ?? [];
    }

    /// <summary>A scope as it is now, the call's changes included; null when it has no record.</summary>
    public RecordScope? ScopeOrNull(string scope)
    {
        Settle(scope);
        return _touched.TryGetValue(scope, out RecordScope? touched) ? touched : Before.ScopeOrNull(scope);
    }

    /// <summary>The scopes whose ids begin with a prefix as they are now, in their order.</summary>
    public IReadOnlyList<RecordScope> ScopesBelow(string prefix) => _changes.Count == 0 ? Before.Below(prefix) : Result().Below(prefix);

    /// <summary>Puts a record in the place of what has its key, if anything has.</summary>
    public void Put(string scope, string kind, string key, WireValue value) => Put(scope, kind, new Record(key, value.ToBytes()));

    public void Put(string scope, string kind, Record record)
    {
        WorkingOf(scope, kind).Put(record);
        _changes[(scope, kind, record.Key)] = record;
    }

    /// <summary>Puts many records of one kind, at the cost of sorting them.</summary>
    /// <param name="scope">Their scope.</param>
    /// <param name="kind">Their kind.</param>
    /// <param name="records">In any order; of those that come twice the last counts.</param>
    public void PutAll(string scope, string kind, IEnumerable<Record> records)
    {
        var last = new Dictionary<string, Record>(StringComparer.Ordinal);
        foreach (Record record in records) last[record.Key] = record;
        List<Record> sorted = [.. last.Values];
        sorted.Sort(static (a, b) => string.CompareOrdinal(a.Key, b.Key));
        WorkingOf(scope, kind).Merge(sorted);
        foreach (Record record in sorted) _changes[(scope, kind, record.Key)] = record;
    }

    /// <summary>Removes a record; false when it is not there.</summary>
    public bool Remove(string scope, string kind, string key)
    {
        if (Find(scope, kind, key) is null) return false;
        WorkingOf(scope, kind).Remove(key);
        _changes[(scope, kind, key)] = null;
        return true;
    }

    /// <summary>Removes all records of a scope.</summary>
    public void RemoveScope(string scope)
    {
        if (ScopeOrNull(scope) is not { } found) return;
        foreach (RecordTable table in found.Tables)
        {
            foreach (Record record in table.Records) _changes[(scope, table.Kind, record.Key)] = null;
            _working.Remove((scope, table.Kind));
        }

        _touched[scope] = null;
    }

    /// <summary>Has a deployment's snapshot stored with the changes.</summary>
    public void Store(StoredSnapshot snapshot) => _snapshots.Add(snapshot);

    /// <summary>The book as it is after the changes.</summary>
    public RecordBook Result()
    {
        if (_changes.Count == 0) return Before;
        foreach ((string scope, _) in new List<(string Scope, string Kind)>(_working.Keys)) Settle(scope);
        return Before.With(_touched);
    }

    // Has the scope take in what was changed of it.
    private void Settle(string scope)
    {
        if (_working.Count == 0) return;
        List<(string Scope, string Kind)>? settled = null;
        foreach (((string Scope, string Kind) place, Working working) in _working)
        {
            if (!string.Equals(place.Scope, scope, StringComparison.Ordinal)) continue;
            RecordScope now = (_touched.TryGetValue(scope, out RecordScope? touched) ? touched : Before.ScopeOrNull(scope)) ?? new RecordScope(scope, []);
            _touched[scope] = now.With(new RecordTable(place.Kind, working.ToArray()));
            (settled ??= []).Add(place);
        }

        foreach ((string Scope, string Kind) place in settled ?? []) _working.Remove(place);
    }

    private Working WorkingOf(string scope, string kind)
    {
        if (_working.TryGetValue((scope, kind), out Working? working)) return working;
        RecordScope? now = _touched.TryGetValue(scope, out RecordScope? touched) ? touched : Before.ScopeOrNull(scope);
        working = new Working(now?.TableOrNull(kind)?.Records ?? []);
        _working.Add((scope, kind), working);
        return working;
    }

    /// <summary>A table while it is changed: sorted by key.</summary>
    private sealed class Working(Record[] records)
    {
        private Record[] _records = [.. records];
        private int _count = records.Length;

        public Record? Find(string key)
        {
            int index = RecordTable.IndexOf(_records, _count, key);
            return index < 0 ? null : _records[index];
        }

        public void Put(Record record)
        {
            int index = RecordTable.IndexOf(_records, _count, record.Key);
            if (index >= 0)
            {
                _records[index] = record;
                return;
            }

            index = ~index;
            if (_count == _records.Length) Array.Resize(ref _records, Math.Max(4, _count * 2));
            Array.Copy(_records, index, _records, index + 1, _count - index);
            _records[index] = record;
            _count++;
        }

        public void Merge(List<Record> sorted)
        {
            var merged = new Record[_count + sorted.Count];
            int count = 0;
            int at = 0;
            foreach (Record record in sorted)
            {
                while (at < _count && string.CompareOrdinal(_records[at].Key, record.Key) < 0) merged[count++] = _records[at++];
                if (at < _count && _records[at].Key == record.Key) at++;
                merged[count++] = record;
            }

            while (at < _count) merged[count++] = _records[at++];
            (_records, _count) = (merged, count);
        }

        public void Remove(string key)
        {
            int index = RecordTable.IndexOf(_records, _count, key);
            if (index < 0) return;
            Array.Copy(_records, index + 1, _records, index, _count - index - 1);
            _count--;
        }

        public Record[] ToArray() => _records.AsSpan(0, _count).ToArray();
    }
}

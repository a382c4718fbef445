using EdgeProxy.ControlPlane.Audit;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Stores;

namespace EdgeProxy.TestKit;

/// <summary>Keeps records in memory, counts commits, and fails when told to.</summary>
public sealed class MemoryRecordStore : IRecordStore
{
    private readonly Dictionary<(string Scope, string Kind, string Key), Record> _records = [];
    private readonly Dictionary<string, byte[]> _snapshots = new(StringComparer.Ordinal);

    public int Commits { get; private set; }

    /// <summary>What the next commits fail with; null for not at all.</summary>
    public string? Failure { get; set; }

    public RecordBook Load() => RecordBook.Of(_records.Select(static pair => (pair.Key.Scope, pair.Key.Kind, pair.Value)));

    public void Commit(IEnumerable<RecordChange> changes, IReadOnlyList<StoredSnapshot> snapshots, AuditEntry? audit = null)
    {
        if (Failure is { } failure) throw new StoreException(failure);
        Commits++;
        foreach (RecordChange change in changes)
        {
            if (change.Record is { } record) _records[(change.Scope, change.Kind, change.Key)] = record;
            else _records.Remove((change.Scope, change.Kind, change.Key));
        }

        foreach (StoredSnapshot snapshot in snapshots) _snapshots.TryAdd(snapshot.Id, snapshot.Content);
    }

    /// <summary>Snapshots that were asked for.</summary>
    public int Reads { get; private set; }

    public byte[]? FindSnapshot(string id)
    {
        Reads++;
        return _snapshots.GetValueOrDefault(id);
    }

    public void Dispose()
    {
    }
}

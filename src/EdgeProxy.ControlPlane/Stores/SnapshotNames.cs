using EdgeProxy.ControlPlane.Records;

namespace EdgeProxy.ControlPlane.Stores;

/// <summary>Which snapshots are named by deployments, so that a store knows which it need not keep.</summary>
internal sealed class SnapshotNames
{
    private readonly Dictionary<(string Scope, string Key), string> _named = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>How many different snapshots are named.</summary>
    public int Count => _counts.Count;

    public bool Has(string id) => _counts.ContainsKey(id);

    /// <summary>Begins from what a book names.</summary>
    public void Reset(RecordBook book)
    {
        _named.Clear();
        _counts.Clear();
        foreach (RecordScope scope in book.Scopes)
        {
            foreach (Record record in scope.All(Kinds.DeploymentSnapshot)) Apply([new RecordChange(scope.Id, Kinds.DeploymentSnapshot, record.Key, record)]);
        }
    }

    /// <summary>Takes changes in.</summary>
    public void Apply(IReadOnlyList<RecordChange> changes)
    {
        foreach (RecordChange change in changes)
        {
            if (change.Kind != Kinds.DeploymentSnapshot) continue;
            if (_named.Remove((change.Scope, change.Key), out string? before) && --_counts[before] == 0) _counts.Remove(before);
            if (NameOf(change) is not { } after) continue;
            _named.Add((change.Scope, change.Key), after);
            _counts[after] = _counts.GetValueOrDefault(after) + 1;
        }
    }

    /// <summary>The snapshots that nobody names once changes are taken in, among those that the changes are about.</summary>
    /// <param name="changes">The changes.</param>
    /// <param name="stored">What is stored with them.</param>
    public List<string> UnnamedAfter(IReadOnlyList<RecordChange> changes, IReadOnlyList<StoredSnapshot> stored)
    {
        var counts = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (StoredSnapshot snapshot in stored) counts.TryAdd(snapshot.Id, 0);
        foreach (RecordChange change in changes)
        {
            if (change.Kind != Kinds.DeploymentSnapshot) continue;
            if (_named.TryGetValue((change.Scope, change.Key), out string? before)) counts[before] = counts.GetValueOrDefault(before) - 1;
            if (NameOf(change) is { } after) counts[after] = counts.GetValueOrDefault(after) + 1;
        }

        var unnamed = new List<string>();
        foreach ((string id, int change) in counts)
        {
            if (_counts.GetValueOrDefault(id) + change <= 0) unnamed.Add(id);
        }

        return unnamed;
    }

    private static string? NameOf(RecordChange change) => change.Record?.Open().TextOf("snapshot");
}

using EdgeProxy.ControlPlane.Audit;
using EdgeProxy.ControlPlane.Stores;

namespace EdgeProxy.ControlPlane.Records;

/// <summary>Keeps the book beyond the process. One thread at a time.</summary>
public interface IRecordStore : IDisposable
{
    /// <summary>All records there are.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    RecordBook Load();

    /// <summary>Keeps what one call changed, all of it or nothing: on the disk when this returns.</summary>
    /// <param name="changes">What changed.</param>
    /// <param name="snapshots">Snapshots to keep with it; one that is there already stays as it is.</param>
    /// <param name="audit">What is told of the call, kept with it; null for nothing.</param>
    /// <exception cref="StoreException">It could not be kept, and nothing of it was.</exception>
    void Commit(IEnumerable<RecordChange> changes, IReadOnlyList<StoredSnapshot> snapshots, AuditEntry? audit = null);

    /// <summary>The content of a snapshot; null when there is none of that id.</summary>
    byte[]? FindSnapshot(string id);
}

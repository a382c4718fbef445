using EdgeProxy.Gateway.Operations;

namespace EdgeProxy.ControlPlane.Stores;

/// <summary>Where it is kept what API keys used of usage plans. One thread at a time; every method may wait for a disk.</summary>
public interface IUsageStore
{
    /// <summary>What is kept, as it is read: it need not fit into memory at once.</summary>
    /// <param name="since">The first day that is wanted, in UTC.</param>
    /// <exception cref="StoreException">It cannot be read.</exception>
    IEnumerable<UsageRecord> Load(DateOnly since);

    /// <summary>Keeps records, each in place of an earlier one of its plan, key and day. After it they survive the process and the machine.</summary>
    /// <remarks>Many are kept in several steps: after an exception some may be kept. Saving them again does no harm.</remarks>
    /// <exception cref="StoreException">Not all of them could be kept.</exception>
    void Save(IReadOnlyCollection<UsageRecord> records);

    /// <summary>Forgets what was used before a day.</summary>
    /// <exception cref="StoreException">It could not be.</exception>
    void Forget(DateOnly before);
}

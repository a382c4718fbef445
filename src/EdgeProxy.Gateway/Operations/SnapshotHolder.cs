using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Operations;

/// <summary>The one place where the data plane finds its snapshot, and where a new one is put.</summary>
public sealed class SnapshotHolder
{
    private readonly Lock _gate = new();
    private GatewaySnapshot _current = GatewaySnapshot.Empty;
    private long _version;
    private long _refused;

    /// <summary>How many snapshots were put in: 0 while the node has none to serve.</summary>
    public long Version => Volatile.Read(ref _version);

    /// <summary>How many changes were turned down, the snapshot before them still serving.</summary>
    public long Refused => Volatile.Read(ref _refused);

    /// <summary>What requests that begin now are served from.</summary>
    internal GatewaySnapshot Current => Volatile.Read(ref _current);

    /// <summary>Counts a change that could not be compiled.</summary>
    public void CountRefused() => Interlocked.Increment(ref _refused);

    /// <summary>Puts a snapshot in with one write. Requests under way finish on the one they captured.</summary>
    /// <returns>The new version.</returns>
    internal long Swap(GatewaySnapshot snapshot)
    {
        // Swaps come from control threads; the lock keeps version and snapshot in step for them and costs requests nothing.
        lock (_gate)
        {
            Volatile.Write(ref _current, snapshot);
            Volatile.Write(ref _version, _version + 1);
            return _version;
        }
    }
}

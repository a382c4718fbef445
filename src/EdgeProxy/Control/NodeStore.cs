using EdgeProxy.ControlPlane.Stores;
using EdgeProxy.ControlPlane.Stores.Sqlite;
using EdgeProxy.Gateway.UsagePlans;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Control;

/// <summary>What the node remembers in its data directory, put together. Control thread only.</summary>
internal sealed class NodeStore
{
    private readonly SqliteStore _store;
    private readonly SqliteUsageStore _usage;
    private readonly UsageKeeper _keeper;

    private NodeStore(SqliteStore store, Composition parts, ILogger log)
    {
        _store = store;
        _usage = new SqliteUsageStore(store);
        _keeper = new UsageKeeper(_usage, parts.Usage, new StoreMetrics(parts.Metrics), log, TimeProvider.System, UsageLedger.DefaultDays);
    }

    /// <summary>Opens it and has the node go on from it; null when it cannot be used, which is logged.</summary>
    public static NodeStore? OpenOrNull(string directory, Composition parts)
    {
        ILogger log = parts.NodeLog.CreateLogger("EdgeProxy.ControlPlane");
        SqliteStore? opened = null;
        try
        {
            opened = SqliteStore.Open(directory);
            var store = new NodeStore(opened, parts, log);
            store._keeper.Load(opened.File, parts.SetUsage);
            store._keeper.Start();
            return store;
        }
        catch (StoreException exception)
        {
            StoreLog.Refused(log, exception.Message);
            opened?.Dispose();
            return null;
        }
    }

    /// <summary>Keeps what there is and closes it. When no request is served any more.</summary>
    public void Close()
    {
        _keeper.Stop();
        _usage.Dispose();
        _store.Dispose();
    }
}

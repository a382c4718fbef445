using System.Diagnostics;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Stores;
using EdgeProxy.ControlPlane.Stores.Sqlite;
using EdgeProxy.Gateway.UsagePlans;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Control;

/// <summary>What the node remembers in its data directory, put together; without a directory as long as it lives. Control thread only.</summary>
internal sealed class NodeStore
{
    private readonly ILogger _log;
    private readonly SqliteStore _store;
    private readonly SqliteRecordStore _records;
    private readonly SqliteUsageStore _usage;

    // Nobody keeps counts that go with the process.
    private readonly UsageKeeper? _keeper;

    private NodeStore(SqliteStore store, bool outlasts, Composition parts, ILogger log)
    {
        _log = log;
        _store = store;
        var metrics = new StoreMetrics(parts.Metrics);
        _records = new SqliteRecordStore(store, metrics);
        _usage = new SqliteUsageStore(store);
        if (outlasts) _keeper = new UsageKeeper(_usage, parts.Usage, metrics, log, TimeProvider.System, UsageLedger.DefaultDays);
    }

    /// <summary>Where the management API keeps records.</summary>
    public IRecordStore Records => _records;

    /// <summary>The records that were found.</summary>
    public RecordBook Book { get; private set; } = RecordBook.Empty;

    /// <summary>Opens it and reads its records; null when it cannot be used, which is logged.</summary>
    /// <param name="directory">The data directory; null for none.</param>
    /// <param name="parts">What counts and logs.</param>
    public static NodeStore? OpenOrNull(string? directory, Composition parts)
    {
        ILogger log = parts.NodeLog.CreateLogger("EdgeProxy.ControlPlane");
        SqliteStore? opened = null;
        try
        {
            opened = directory is null ? SqliteStore.InMemory() : SqliteStore.Open(directory);
            var store = new NodeStore(opened, directory is not null, parts, log);
            store.Read(directory is not null);
            return store;
        }
        catch (StoreException exception)
        {
            StoreLog.Refused(log, exception.Message);
            opened?.Dispose();
            return null;
        }
    }

    /// <summary>Has the node go on from the usage that was found, and keeps it from now on. False when it cannot be read, which is logged.</summary>
    public bool TryStartUsage(Composition parts)
    {
        try
        {
            _keeper?.Load(_store.File, parts.SetUsage);
            _keeper?.Start();
            return true;
        }
        catch (StoreException exception)
        {
            StoreLog.Refused(_log, exception.Message);
            return false;
        }
    }

    /// <summary>Keeps what there is and closes it. When no request is served any more.</summary>
    public void Close()
    {
        _keeper?.Stop();
        _records.Dispose();
        _usage.Dispose();
        _store.Dispose();
    }

    private void Read(bool outlasts)
    {
        long start = Stopwatch.GetTimestamp();
        Book = _records.Load();
        if (outlasts) StoreLog.RecordsLoaded(_log, _store.File, _records.Count, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        else StoreLog.InMemory(_log);
    }
}

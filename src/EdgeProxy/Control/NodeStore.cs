using System.Diagnostics;
using EdgeProxy.ControlPlane.Audit;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Stores;
using EdgeProxy.ControlPlane.Stores.Sqlite;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Settings;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Control;

/// <summary>What the node remembers in its data directory, put together; without a directory as long as it lives. Control thread only.</summary>
internal sealed class NodeStore
{
    // Of calls to a node that remembers nothing anyway.
    private const int MostInMemory = 10_000;

    private readonly ILogger _log;
    private readonly SqliteStore _store;
    private readonly SqliteRecordStore _records;
    private readonly SqliteUsageStore _usage;
    private readonly SqliteAuditStore _audit;
    private readonly Lock _changes;

    // Nobody keeps counts that go with the process.
    private readonly UsageKeeper? _keeper;

    private NodeStore(SqliteStore store, NodeSettings settings, Composition parts, ILogger log)
    {
        _log = log;
        _store = store;
        _changes = parts.Publisher.Changes;
        var metrics = new StoreMetrics(parts.Metrics);
        _audit = new SqliteAuditStore(store);
        _records = new SqliteRecordStore(store, metrics, _audit);
        _usage = new SqliteUsageStore(store);
        var options = new AuditOptions(settings.Data is null ? Math.Min(settings.Audit.MaxRecords, MostInMemory) : settings.Audit.MaxRecords, settings.Audit.Buffer);
        Audit = new AuditTrail(_audit, options, parts.AuditLines, new AuditMetrics(parts.Metrics), log);
        if (settings.Data is not null) _keeper = new UsageKeeper(_usage, parts.Usage, metrics, log, TimeProvider.System, UsageLedger.DefaultDays);
    }

    /// <summary>Where the management API keeps records.</summary>
    public IRecordStore Records => _records;

    /// <summary>Notes management calls down.</summary>
    public AuditTrail Audit { get; }

    /// <summary>The records that were found.</summary>
    public RecordBook Book { get; private set; } = RecordBook.Empty;

    /// <summary>Opens it and reads its records; null when it cannot be used, which is logged.</summary>
    /// <param name="settings">Say where it is.</param>
    /// <param name="parts">What counts and logs.</param>
    public static NodeStore? OpenOrNull(NodeSettings settings, Composition parts)
    {
        ILogger log = parts.NodeLog.CreateLogger("EdgeProxy.ControlPlane");
        SqliteStore? opened = null;
        try
        {
            opened = settings.Data is { } directory ? SqliteStore.Open(directory) : SqliteStore.InMemory();
            var store = new NodeStore(opened, settings, parts, log);
            store.Read(outlasts: settings.Data is not null);
            store.Audit.Start();
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

    /// <summary>Keeps the usage of this moment; false when it could not. Any thread.</summary>
    public bool KeepUsage() => _keeper?.Save() ?? true;

    /// <summary>Keeps what there is and closes it. When no request is served any more.</summary>
    public void Close()
    {
        Audit.Stop();
        _keeper?.Stop();

        // A call that was handed to another thread may still be at it: it is let finish what it changes. Those that come later are told that the store is closed.
        using Lock.Scope changes = _changes.EnterScope();
        _store.Close([_audit, _records, _usage]);
    }

    private void Read(bool outlasts)
    {
        long start = Stopwatch.GetTimestamp();
        Book = _records.Load();
        if (outlasts) StoreLog.RecordsLoaded(_log, _store.File, _records.Count, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds);
        else StoreLog.InMemory(_log);
    }
}

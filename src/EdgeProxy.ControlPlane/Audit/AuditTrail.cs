using EdgeProxy.ControlPlane.Stores;
using EdgeProxy.ControlPlane.Stores.Sqlite;
using EdgeProxy.Telemetry.Logging;
using EdgeProxy.Telemetry.Metrics;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.ControlPlane.Audit;

/// <summary>Notes management calls down: changes with what they changed, the rest a second later at most.</summary>
/// <remarks><code>
///   a change -----------------------------> store, in the change's own transaction -.
///   a read, a refusal --> buffer --thread--> store, once a second -------------------+--> line of the file
/// </code>
/// A call never waits for this: what does not find room in the buffer is dropped and counted.
/// </remarks>
public sealed class AuditTrail
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(900);

    private readonly Lock _lock = new();
    private readonly SqliteAuditStore _store;
    private readonly AuditMetrics _metrics;
    private readonly ILogger _log;
    private readonly AccessLogProducer? _lines;
    private readonly ManualResetEventSlim _noted = new();
    private readonly ManualResetEventSlim _hurry = new();
    private volatile bool _isStopping;
    private List<AuditEntry> _waiting = [];
    private Thread? _thread;
    private bool _hasLines;
    private long _failures;

    /// <param name="store">Where records are kept.</param>
    /// <param name="options">How many.</param>
    /// <param name="lines">The file of lines; null for none. This is its only producer.</param>
    /// <param name="metrics">What this counts.</param>
    /// <param name="log">Where failures are told.</param>
    public AuditTrail(SqliteAuditStore store, AuditOptions options, AccessLog? lines, AuditMetrics metrics, ILogger log)
    {
        _store = store;
        Options = options;
        _lines = lines?.Producer(0);
        _metrics = metrics;
        _log = log;
        store.Written = OnWritten;
    }

    /// <summary>A reload may change them.</summary>
    public AuditOptions Options { get; set; }

    /// <summary>Has a read or a refused call noted down soon. Any thread.</summary>
    public void Note(AuditEntry entry)
    {
        lock (_lock)
        {
            if (_waiting.Count < Options.Buffer) _waiting.Add(entry);
            else _metrics.Dropped.Increment(MetricRegistry.SharedStripe);
            if (_waiting.Count > Options.Buffer / 2) _hurry.Set();
        }

        _noted.Set();
    }

    /// <inheritdoc cref="SqliteAuditStore.Find"/>
    public List<byte[]> Find(AuditQuestion question, out long? next) => _store.Find(question, out next);

    /// <inheritdoc cref="SqliteAuditStore.Verify"/>
    public AuditFinding Verify(AuditTrailKind trail) => _store.Verify(trail);

    /// <summary>Begins to note down.</summary>
    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "audit" };
        _thread.Start();
    }

    /// <summary>Ends, after it has noted down all there is. When no call is answered any more.</summary>
    public void Stop()
    {
        _isStopping = true;
        _hurry.Set();
        _noted.Set();
        _thread?.Join();
        Save();
    }

    /// <summary>Notes down what waits. The trail's thread, or a test's.</summary>
    internal void Save()
    {
        _noted.Reset();
        List<AuditEntry> entries;
        lock (_lock)
        {
            entries = _waiting;
            _waiting = [];
            if (!_isStopping) _hurry.Reset();
        }

        try
        {
            _store.Save(entries, Options.MaxRecords);
            if (_failures > 0) AuditLog.Recovered(_log, _failures);
            _failures = 0;
        }
        catch (StoreException exception)
        {
            Retry(entries);
            _metrics.Failures.Increment(MetricRegistry.SharedStripe);
            if (_failures++ == 0) AuditLog.Failing(_log, exception.Message);
        }

        if (!_hasLines) return;
        _store.Under(() =>
        {
            _hasLines = false;
            _lines!.Flush();
        });
    }

    // The older ones first; of what there is no room for, the newer goes.
    private void Retry(List<AuditEntry> entries)
    {
        lock (_lock)
        {
            int room = Math.Max(0, Options.Buffer - entries.Count);
            int dropped = Math.Max(0, _waiting.Count - room);
            if (dropped > 0) _waiting.RemoveRange(room, dropped);
            _waiting.InsertRange(0, entries);
            if (dropped > 0) _metrics.Dropped.Add(MetricRegistry.SharedStripe, dropped);
            if (_waiting.Count > 0) _noted.Set();
        }
    }

    // Under the store's lock, so one thread at a time writes lines, in the order of the chains.
    private void OnWritten(ReadOnlyMemory<byte> record)
    {
        _metrics.Records.Increment(MetricRegistry.SharedStripe);
        if (_lines is null) return;
        Span<byte> line = _lines.Reserve(record.Length + 1);
        if (line.IsEmpty) return; // counted by the log
        record.Span.CopyTo(line);
        line[record.Length] = (byte)'\n';
        _lines.Commit(record.Length + 1, 0);
        _hasLines = true;
        _noted.Set();
    }

    private void Run()
    {
        while (!_isStopping)
        {
            // Idle until there is something, then a moment so that many go together, unless they are many already.
            _noted.Wait();
            _hurry.Wait(s_pause);
            Save();
        }
    }
}

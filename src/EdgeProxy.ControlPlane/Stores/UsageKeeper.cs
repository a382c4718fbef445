using System.Diagnostics;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Telemetry.Metrics;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.ControlPlane.Stores;

/// <summary>Sees to it that what API keys used is kept: read at the start, saved twice a second, and once more at the end.</summary>
/// <remarks>
/// <para>
/// On a thread of its own, because a disk may take its time. Requests never wait for it: a store that fails costs a warning and a metric, and what could
/// not be saved is saved with the next that can.
/// </para>
/// <para>Twice a second, so that a process that is killed loses less than a second of counts even where a save takes half of one.</para>
/// </remarks>
public sealed class UsageKeeper
{
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(500);

    private readonly Lock _saving = new();
    private readonly IUsageStore _store;
    private readonly ReadUsage _read;
    private readonly StoreMetrics _metrics;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private readonly int _days;
    private readonly ManualResetEventSlim _stop = new();
    private readonly List<UsageRecord> _changed = [];

    // What could not be saved, the latest of each; empty while the store works.
    private readonly Dictionary<string, UsageRecord> _unsaved = new(StringComparer.Ordinal);
    private Thread? _thread;
    private DateOnly _forgotten;
    private long _failures;

    /// <param name="store">Where it is kept.</param>
    /// <param name="read">What changed.</param>
    /// <param name="metrics">What this counts.</param>
    /// <param name="log">Where failures are told.</param>
    /// <param name="time">The clock.</param>
    /// <param name="days">How many days usage is kept.</param>
    public UsageKeeper(IUsageStore store, ReadUsage read, StoreMetrics metrics, ILogger log, TimeProvider time, int days)
    {
        _store = store;
        _read = read;
        _metrics = metrics;
        _log = log;
        _time = time;
        _days = days;
    }

    /// <summary>Has the node go on from what is kept. Before its first request.</summary>
    /// <param name="file">Where it is, for the log.</param>
    /// <param name="usage">What goes on from it.</param>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public void Load(string file, SetUsage usage)
    {
        long start = Stopwatch.GetTimestamp();
        long count = 0;
        usage.Load(Counted());
        StoreLog.Loaded(_log, file, count, (long)Stopwatch.GetElapsedTime(start).TotalMilliseconds);

        IEnumerable<UsageRecord> Counted()
        {
            foreach (UsageRecord record in _store.Load(Oldest))
            {
                count++;
                yield return record;
            }
        }
    }

    /// <summary>Begins to save.</summary>
    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "usage" };
        _thread.Start();
    }

    /// <summary>Ends, after it has saved all there is. When no request is counted any more.</summary>
    public void Stop()
    {
        _stop.Set();
        _thread?.Join();
        if (Save()) return;
        StoreLog.Lost(_log, _unsaved.Count, "keeping failed to the end.");
    }

    /// <summary>Saves what changed; false when it could not, which is tried again. Any thread: the keeper's, or that of a call which set usage and must not answer before it is kept.</summary>
    public bool Save()
    {
        // One after another, so that nothing older comes to lie over what is newer.
        using Lock.Scope scope = _saving.EnterScope();
        _changed.Clear();
        _read.TakeChanged(_changed);
        foreach (UsageRecord record in _unsaved.Count > 0 ? _changed : []) _unsaved[KeyOf(record)] = record;
        if (_changed.Count == 0 && _unsaved.Count == 0 && _forgotten == Oldest) return true;

        long start = Stopwatch.GetTimestamp();
        try
        {
            _store.Save(_unsaved.Count > 0 ? _unsaved.Values : _changed);
            if (_forgotten != Oldest) _store.Forget(Oldest);
        }
        catch (StoreException exception)
        {
            foreach (UsageRecord record in _changed) _unsaved[KeyOf(record)] = record;
            _metrics.Failures.Increment(MetricRegistry.SharedStripe);
            _metrics.Unsaved.Set(_unsaved.Count);

            // Once: what goes on failing is told by the metric.
            if (_failures++ == 0) StoreLog.Failing(_log, exception.Message);
            return false;
        }

        _forgotten = Oldest;
        int saved = Math.Max(_unsaved.Count, _changed.Count);
        _unsaved.Clear();
        _metrics.Unsaved.Set(0);
        if (_failures > 0) StoreLog.Recovered(_log, _failures);
        _failures = 0;
        if (saved == 0) return true;
        _metrics.Saves.Increment(MetricRegistry.SharedStripe);
        _metrics.Records.Add(MetricRegistry.SharedStripe, saved);
        _metrics.Duration.Observe(MetricRegistry.SharedStripe, (long)Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        return true;
    }

    private DateOnly Oldest => DateOnly.FromDateTime(_time.GetUtcNow().UtcDateTime).AddDays(-_days);

    private void Run()
    {
        while (!_stop.Wait(s_pause)) Save();
    }

    // A separator that no id has: ids come from settings and requests of the management API, both of printable text.
    private static string KeyOf(UsageRecord record) => $"{record.PlanId}\n{record.KeyId}\n{record.Day.DayNumber}";
}

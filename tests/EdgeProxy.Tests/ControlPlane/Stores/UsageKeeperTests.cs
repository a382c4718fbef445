using EdgeProxy.ControlPlane.Stores;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Tests.ControlPlane.Stores;

public sealed class UsageKeeperTests
{
    private const int Days = 90;

    private static readonly DateOnly s_day = new(2026, 11, 22);

    private readonly UsageLedger _ledger = new();
    private readonly ManualTime _time = new();
    private readonly MemoryStore _store = new();
    private readonly MetricRegistry _metrics = new(stripes: 1);
    private readonly List<(LogLevel Level, string Text)> _log = [];
    private readonly UsageKeeper _keeper;

    public UsageKeeperTests() =>
        _keeper = new UsageKeeper(_store, new ReadUsage(_ledger, _time), new StoreMetrics(_metrics), new ListLogger(_log), _time, Days);

    [Fact]
    public void Saves_what_changed_and_nothing_else()
    {
        Count("a", 3);
        Assert.True(_keeper.Save());
        Assert.Equal(3, _store.UsedBy("a", s_day));
        Assert.True(_keeper.Save());
        Count("b", 1);
        Assert.True(_keeper.Save());
        Assert.Equal([1, 1], _store.Sizes);
        Assert.Equal((2, 2), (MetricText.Value(_metrics, "edgeproxy_store_saves_total"), MetricText.Value(_metrics, "edgeproxy_store_records_total")));
    }

    [Fact]
    public void Has_the_next_process_go_on()
    {
        Count("a", 3);
        _keeper.Save();
        var next = new UsageLedger();
        new UsageKeeper(_store, new ReadUsage(next, _time), new StoreMetrics(new MetricRegistry(stripes: 1)), new ListLogger(_log), _time, Days)
            .Load("here", new SetUsage(next, _time));
        var records = new List<UsageRecord>();
        Count("a", 1, next);
        next.TakeChanged(records, _time.GetUtcNow().ToUnixTimeMilliseconds());
        Assert.Equal(4, Assert.Single(records).Used);
        Assert.Contains(_log, line => line.Text.Contains("1 records", StringComparison.Ordinal));
    }

    [Fact]
    public void Warns_once_while_saving_fails_and_loses_nothing()
    {
        _store.Fails = true;
        Count("a", 1);
        Assert.False(_keeper.Save());
        Count("a", 1);
        Count("b", 1);
        Assert.False(_keeper.Save());
        Assert.False(_keeper.Save());
        Assert.Equal((3, 2), (MetricText.Value(_metrics, "edgeproxy_store_failures_total"), MetricText.Value(_metrics, "edgeproxy_store_unsaved_records")));
        Assert.Contains("the disk is gone", Assert.Single(_log, line => line.Level == LogLevel.Warning).Text, StringComparison.Ordinal);

        _store.Fails = false;
        Assert.True(_keeper.Save());
        Assert.Equal((2, 1), (_store.UsedBy("a", s_day), _store.UsedBy("b", s_day)));
        Assert.Equal(0, MetricText.Value(_metrics, "edgeproxy_store_unsaved_records"));
        Assert.Single(_log, line => line.Text.Contains("kept again", StringComparison.Ordinal));

        // And a second failure is told anew.
        _store.Fails = true;
        Count("a", 1);
        Assert.False(_keeper.Save());
        Assert.Equal(2, _log.Count(line => line.Level == LogLevel.Warning));
    }

    [Fact]
    public void Saves_days_that_ended_while_saving_failed()
    {
        _store.Fails = true;
        for (int i = 0; i < 4; i++)
        {
            Count("a", i + 1);
            _keeper.Save();
            _time.Now += TimeSpan.FromDays(1);
        }

        _store.Fails = false;
        Assert.True(_keeper.Save());
        Assert.Equal([1, 2, 3, 4], Enumerable.Range(0, 4).Select(i => _store.UsedBy("a", s_day.AddDays(i))));
    }

    [Fact]
    public void Forgets_once_a_day_what_is_too_old()
    {
        Assert.True(_keeper.Save());
        Assert.True(_keeper.Save());
        _time.Now += TimeSpan.FromDays(1);
        Assert.True(_keeper.Save());
        Assert.Equal([s_day.AddDays(-Days), s_day.AddDays(1 - Days)], _store.Forgotten);
    }

    [Fact]
    public void Saves_by_itself_and_all_there_is_at_the_end()
    {
        _keeper.Start();
        Count("a", 3);
        _keeper.Stop();
        Assert.Equal(3, _store.UsedBy("a", s_day));
        Assert.DoesNotContain(_log, line => line.Level >= LogLevel.Warning);
    }

    [Fact]
    public void Tells_at_the_end_what_is_lost()
    {
        _keeper.Start();
        _store.Fails = true;
        Count("a", 3);
        _keeper.Stop();
        Assert.Single(_log, line => line.Level == LogLevel.Error && line.Text.Contains("usage of 1 ", StringComparison.Ordinal));
    }

    private void Count(string key, int times, UsageLedger? ledger = null)
    {
        ledger ??= _ledger;
        UsagePlanLive plan = ledger.PlanOf("gold");
        int configuration = ledger.BeginConfiguration();
        UsageCell cell = ledger.CellOf(ledger.RowOf(plan, ledger.KeyOf(System.Text.Encoding.UTF8.GetBytes(key)), configuration));
        ledger.Serve(configuration, [(plan, null)]);
        for (int i = 0; i < times; i++) cell.TryCount(null, UsageDay.Of(_time.GetUtcNow().ToUnixTimeMilliseconds()));
    }

    private sealed class ManualTime : TimeProvider
    {
        public DateTimeOffset Now { get; set; } = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => Now;
    }

    private sealed class MemoryStore : IUsageStore
    {
        private readonly Dictionary<(string, string, DateOnly), UsageRecord> _records = [];

        public bool Fails { get; set; }

        public List<int> Sizes { get; } = [];

        public List<DateOnly> Forgotten { get; } = [];

        public IEnumerable<UsageRecord> Load(DateOnly since) => _records.Values.Where(record => record.Day >= since);

        public void Save(IReadOnlyCollection<UsageRecord> records)
        {
            if (Fails) throw new StoreException("the disk is gone");
            if (records.Count > 0) Sizes.Add(records.Count);
            foreach (UsageRecord record in records) _records[(record.PlanId, record.KeyId, record.Day)] = record;
        }

        public void Forget(DateOnly before) => Forgotten.Add(before);

        public long UsedBy(string key, DateOnly day) => _records[("gold", key, day)].Used;
    }

    private sealed class ListLogger(List<(LogLevel, string)> lines) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (lines) lines.Add((logLevel, formatter(state, exception)));
        }
    }
}

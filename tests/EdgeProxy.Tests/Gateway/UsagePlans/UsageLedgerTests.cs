using System.Runtime.CompilerServices;
using EdgeProxy.Gateway.Accounting;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Gateway.UsagePlans;
using EdgeProxy.Telemetry.Metrics;
using EdgeProxy.TestKit;

namespace EdgeProxy.Tests.Gateway.UsagePlans;

public sealed class UsageLedgerTests
{
    private const long Noon = 1_795_348_800_000; // 2026-11-22T12:00:00Z, a Sunday
    private const long Hour = 3_600_000;

    [Fact]
    public void Gives_a_plan_and_key_the_same_row_for_as_long_as_it_lives()
    {
        var ledger = new UsageLedger();
        var rows = new Dictionary<(string, string), int>();
        for (int plan = 0; plan < 20; plan++)
        {
            for (int key = 0; key < 1000; key++) rows.Add(($"p{plan}", $"k{key}"), RowOf(ledger, $"p{plan}", $"k{key}"));
        }

        Assert.Equal(20_000, rows.Values.Distinct().Count());
        Assert.All(rows, row => Assert.Equal(row.Value, RowOf(ledger, row.Key.Item1, row.Key.Item2)));
        Assert.Equal(20_000, ledger.Rows);
    }

    [Fact]
    public void Counts_nothing_of_a_request_that_the_quota_refuses()
    {
        var ledger = new UsageLedger();
        UsageCell cell = ledger.CellOf(RowOf(ledger, "gold", "k"));
        var quota = new Quota(2, QuotaPeriod.Day);
        int day = UsageDay.Of(Noon);
        Assert.False(cell.IsSpent(quota, day));
        Assert.True(cell.TryCount(quota, day));
        Assert.True(cell.TryCount(quota, day));
        Assert.True(cell.IsSpent(quota, day));
        Assert.False(cell.TryCount(quota, day));
        Assert.Equal(2, Taken(ledger, Noon).Single().Used);
    }

    [Fact]
    public void Tells_of_each_change_once()
    {
        var ledger = new UsageLedger();
        var quota = new Quota(10, QuotaPeriod.Month, offset: 2);
        Serve(ledger, "gold", quota);
        int day = UsageDay.Of(Noon);
        for (int i = 0; i < 5000; i++) ledger.CellOf(RowOf(ledger, "gold", $"k{i}"));
        Assert.Empty(Taken(ledger, Noon));

        Assert.True(ledger.CellOf(RowOf(ledger, "gold", "k4711")).TryCount(quota, day));
        UsageRecord record = Taken(ledger, Noon).Single();
        Assert.Equal(new UsageRecord("gold", "k4711", new DateOnly(2026, 11, 22), 1, 7, QuotaPeriod.Month, 3), record);
        Assert.Empty(Taken(ledger, Noon));

        ledger.MarkChanged("gold", "k4711");
        Assert.Equal(record, Taken(ledger, Noon).Single());
    }

    [Fact]
    public void Tells_of_the_day_before_when_it_changed_since_it_was_last_told()
    {
        var ledger = new UsageLedger();
        var quota = new Quota(10, QuotaPeriod.Day);
        Serve(ledger, "gold", quota);
        UsageCell cell = ledger.CellOf(RowOf(ledger, "gold", "k"));
        long midnight = Noon + (12 * Hour);
        Assert.True(cell.TryCount(quota, UsageDay.Of(midnight - 1)));
        Assert.Equal(1, Taken(ledger, midnight - 500).Single().Used);
        Assert.True(cell.TryCount(quota, UsageDay.Of(midnight - 1)));
        Assert.True(cell.TryCount(quota, UsageDay.Of(midnight)));
        List<UsageRecord> told = Taken(ledger, midnight + 500);
        Assert.Equal([(22, 2L, 8L), (23, 1L, 9L)], told.ConvertAll(record => (record.Day.Day, record.Used, record.Remaining)));

        Assert.True(cell.TryCount(quota, UsageDay.Of(midnight)));
        Assert.Equal(23, Taken(ledger, midnight + Hour).Single(record => record.Used == 2 && record.Day.Day == 23).Day.Day);
    }

    [Fact]
    public void Tells_of_both_days_when_midnight_comes_before_the_first_telling()
    {
        var ledger = new UsageLedger();
        Serve(ledger, "gold", null);
        UsageCell cell = ledger.CellOf(RowOf(ledger, "gold", "k"));
        long midnight = Noon + (12 * Hour);
        Assert.True(cell.TryCount(null, UsageDay.Of(midnight - 1)));
        Assert.True(cell.TryCount(null, UsageDay.Of(midnight)));
        Assert.Equal([22, 23], Taken(ledger, midnight + 300).ConvertAll(record => record.Day.Day));
    }

    [Fact]
    public void Goes_on_after_a_restart_as_though_there_had_been_none()
    {
        var before = new UsageLedger();
        var quota = new Quota(100, QuotaPeriod.Week, offset: 5);
        Serve(before, "gold", quota);
        var kept = new Dictionary<(string, string, DateOnly), UsageRecord>();
        for (int day = 0; day < 10; day++)
        {
            long now = Noon + (day * 24 * Hour);
            for (int i = 0; i <= day; i++) Assert.True(before.CellOf(RowOf(before, "gold", "k")).TryCount(quota, UsageDay.Of(now)));
            foreach (UsageRecord record in Taken(before, now)) kept[(record.PlanId, record.KeyId, record.Day)] = record;
        }

        long end = Noon + (9 * 24 * Hour) + Hour;
        var after = new UsageLedger();
        after.Load(kept.Values.OrderBy(record => record.Used % 3), end);
        Serve(after, "gold", quota);
        RowOf(after, "gold", "k");
        Assert.Equal(Days(before, "gold", "k", end, 10), Days(after, "gold", "k", end, 10));
        Assert.Equal(100 - 8 - 9 - 10, Days(after, "gold", "k", end, 1)[0].Remaining);
        Assert.Empty(Taken(after, end));
    }

    [Fact]
    public void Reads_used_and_remaining_of_each_day_also_of_those_without_a_request()
    {
        var ledger = new UsageLedger();
        var quota = new Quota(10, QuotaPeriod.Week);
        Serve(ledger, "gold", quota);
        UsageCell cell = ledger.CellOf(RowOf(ledger, "gold", "k"));
        int sunday = UsageDay.Of(Noon);
        int[] requests = [2, 0, 1, 0, 0, 1, 0, 1, 2, 0];
        for (int day = 0; day < requests.Length; day++)
        {
            for (int i = 0; i < requests[day]; i++) Assert.True(cell.TryCount(quota, sunday + day));
            Taken(ledger, Noon + (day * 24 * Hour));
        }

        PlanUsage read = ledger.Read("gold", new DateOnly(2026, 11, 22), new DateOnly(2026, 12, 1), null, 0, 25, Noon + (9 * 24 * Hour))!;
        Assert.Equal([(2, 8), (0, 8), (1, 7), (0, 7), (0, 7), (1, 6), (0, 6), (1, 9), (2, 7), (0, 7)], read.Keys.Single().Days.Select(day => ((int)day.Used, (int)day.Remaining)));
    }

    [Fact]
    public void Reads_page_by_page_and_one_key_alone()
    {
        var ledger = new UsageLedger();
        int configuration = ledger.BeginConfiguration();
        UsagePlanLive plan = ledger.PlanOf("gold");
        for (int i = 0; i < 60; i++) ledger.RowOf(plan, ledger.KeyOf(System.Text.Encoding.UTF8.GetBytes($"k{i}")), configuration);
        ledger.Serve(configuration, [(plan, null)]);
        var day = new DateOnly(2026, 11, 22);
        List<string> seen = [];
        string? position = null;
        int pages = 0;
        do
        {
            PlanUsage page = ledger.Read("gold", day, day, null, position is null ? 0 : int.Parse(position, System.Globalization.CultureInfo.InvariantCulture), 25, Noon)!;
            seen.AddRange(page.Keys.Select(key => key.KeyId));
            position = page.Position;
            pages++;
        }
        while (position is not null);
        Assert.Equal(3, pages);
        Assert.Equal(Enumerable.Range(0, 60).Select(i => $"k{i}"), seen);
        Assert.Equal(new DayUsage(0, -1), ledger.Read("gold", day, day, "k59", 0, 25, Noon)!.Keys.Single().Days.Single());
        Assert.Empty(ledger.Read("gold", day, day, "nobody", 0, 25, Noon)!.Keys);
        Assert.Null(ledger.Read("silver", day, day, null, 0, 25, Noon));
    }

    [Fact]
    public void Leaves_out_keys_and_plans_that_the_configuration_no_longer_has()
    {
        var ledger = new UsageLedger();
        Serve(ledger, "gold", null);
        RowOf(ledger, "gold", "old");
        int configuration = ledger.BeginConfiguration();
        ledger.RowOf(ledger.PlanOf("gold"), ledger.KeyOf("new"u8), configuration);
        ledger.Serve(configuration, [(ledger.PlanOf("gold"), null)]);
        var day = new DateOnly(2026, 11, 22);
        Assert.Equal("new", ledger.Read("gold", day, day, null, 0, 25, Noon)!.Keys.Single().KeyId);
        ledger.Serve(ledger.BeginConfiguration(), []);
        Assert.Null(ledger.Read("gold", day, day, null, 0, 25, Noon));
    }

    [Fact]
    public void Keeps_days_for_as_long_as_it_is_told()
    {
        var ledger = new UsageLedger(historyDays: 3);
        Serve(ledger, "gold", null);
        UsageCell cell = ledger.CellOf(RowOf(ledger, "gold", "k"));
        for (int day = 0; day < 10; day++)
        {
            Assert.True(cell.TryCount(null, UsageDay.Of(Noon) + day));
            ledger.Archive(Noon + (day * 24 * Hour));
        }

        DayUsage[] days = Days(ledger, "gold", "k", Noon + (9 * 24 * Hour), 10);
        Assert.Equal([0, 0, 0, 0, 0, 0, 1, 1, 1, 1], Array.ConvertAll(days, day => (int)day.Used));
    }

    [Fact]
    public void Sets_what_remains_and_tells_of_it()
    {
        var ledger = new UsageLedger();
        var quota = new Quota(10, QuotaPeriod.Day);
        Serve(ledger, "gold", quota);
        RowOf(ledger, "gold", "k");
        Assert.True(ledger.TrySetRemaining("gold", "k", 25, Noon));
        Assert.Equal(new UsageRecord("gold", "k", new DateOnly(2026, 11, 22), 0, 25, QuotaPeriod.Day, -15), Taken(ledger, Noon).Single());
        Assert.Equal(new DayUsage(0, 25), Days(ledger, "gold", "k", Noon, 1)[0]);
        Assert.False(ledger.TrySetRemaining("gold", "nobody", 25, Noon));
        Assert.False(ledger.TrySetRemaining("silver", "k", 25, Noon));
        Serve(ledger, "free", null);
        RowOf(ledger, "free", "k");
        Assert.False(ledger.TrySetRemaining("free", "k", 25, Noon));
    }

    [Fact]
    public void Loses_no_change_between_loops_that_count_and_a_keeper_that_takes()
    {
        const int Threads = 6;
        const int Requests = 30_000;
        var ledger = new UsageLedger();
        Serve(ledger, "gold", null);
        int[] rows = new int[50];
        for (int i = 0; i < rows.Length; i++) rows[i] = RowOf(ledger, "gold", $"k{i}");
        var kept = new Dictionary<string, long>();
        int running = Threads;
        Thread[] threads = new Thread[Threads];
        for (int t = 0; t < Threads; t++)
        {
            int own = t;
            threads[t] = new Thread(() =>
            {
                for (int i = 0; i < Requests; i++) ledger.CellOf(rows[(i + own) % rows.Length]).TryCount(null, UsageDay.Of(Noon));
                Interlocked.Decrement(ref running);
            });
            threads[t].Start();
        }

        while (Volatile.Read(ref running) > 0)
        {
            foreach (UsageRecord record in Taken(ledger, Noon)) kept[record.KeyId] = record.Used;
        }

        foreach (Thread thread in threads) thread.Join();
        foreach (UsageRecord record in Taken(ledger, Noon)) kept[record.KeyId] = record.Used;
        Assert.Equal(Threads * Requests, kept.Values.Sum());
    }

    [Fact]
    public void Counts_without_allocating()
    {
        var ledger = new UsageLedger();
        var quota = new Quota(1_000_000, QuotaPeriod.Month);
        int row = RowOf(ledger, "gold", "k");
        Assert.Equal(0, AllocationProbe.Least(() =>
        {
            for (int i = 0; i < 1000; i++) ledger.CellOf(row).TryCount(quota, UsageDay.Of(Noon) + (i / 100));
        }));
    }

    [Fact]
    public void Rows_keys_and_plans_that_came_and_went_are_given_to_others()
    {
        var registry = new MetricRegistry(stripes: 0);
        var ledger = new UsageLedger(new GatewayMetrics(registry).UsagePlanRequests);
        (WeakReference<KeyTable> held, int first) = HoldWhileOthersCome(ledger);
        for (int i = 20; i < 80; i++)
        {
            Churn(ledger, i * 500, 500);
            GC.Collect();
        }

        Assert.False(held.TryGetTarget(out _));
        (int rows, int keys, int plans) = ledger.Room;
        Assert.InRange(rows, 1, first + 10_000);
        Assert.InRange(keys, 1, first + 10_000);
        Assert.InRange(plans, 1, (first / 10) + 1000);
        Assert.InRange(MetricText.Of(registry).Split("edgeproxy_usage_plan_requests_total{").Length, 1, (3 * plans) + 1);

        // A request may still be on its way with the table of then.
        [MethodImpl(MethodImplOptions.NoInlining)]
        static (WeakReference<KeyTable> Held, int Rows) HoldWhileOthersCome(UsageLedger ledger)
        {
            KeyTable held = Churn(ledger, 0, 100);
            int row = held.RowsOf(in held[held.Find(Value(99))])[0];
            (int plan, int key) = (ledger.CellOf(row).Row.Plan, ledger.CellOf(row).Row.Key);
            for (int i = 1; i < 20; i++)
            {
                Churn(ledger, i * 500, 500);
                GC.Collect();
            }

            Assert.Equal((plan, key, "key-000099"), (ledger.CellOf(row).Row.Plan, ledger.CellOf(row).Row.Key, System.Text.Encoding.ASCII.GetString(ledger.KeyId(key))));
            GC.KeepAlive(held);
            return (new WeakReference<KeyTable>(held), ledger.Room.Rows);
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        static KeyTable Churn(UsageLedger ledger, int from, int count)
        {
            KeyTable keys = KeyTable.Empty;
            for (int i = from; i < from + count; i++)
            {
                int configuration = ledger.BeginConfiguration();
                UsagePlanLive plan = ledger.PlanOf($"plan{i / 10}", configuration);
                var builder = new KeyTableBuilder(ledger, configuration, KeyTable.Empty);
                Assert.True(builder.TryAdd(Value(i), System.Text.Encoding.ASCII.GetBytes($"key-{i:d6}"), true, [plan]));
                keys = builder.Build();
                Assert.Equal(0, ledger.CellOf(keys.RowsOf(in keys[0])[0]).Row.EvenDay);
                ledger.Serve(configuration, [(plan, null)], 0, keys);
            }

            return keys;
        }

        static byte[] Value(int i) => System.Text.Encoding.ASCII.GetBytes($"value-0123456789-{i:d6}");
    }

    [Fact]
    public void A_row_that_was_used_is_kept_for_as_long_as_its_usage_can_be_read()
    {
        var ledger = new UsageLedger(historyDays: 40);
        var quota = new Quota(10, QuotaPeriod.Day);
        int day = UsageDay.Of(Noon);
        int row = Serving();
        ledger.CellOf(row).TryCount(quota, day);
        Fill(Noon);
        Assert.Equal(row, Serving());
        Assert.Equal(1, Days(ledger, "gold", "k", Noon, 1)[0].Used);
        Fill(Noon + (39 * 24 * Hour));
        Serving();
        Assert.Equal(1, Days(ledger, "gold", "k", Noon, 1)[0].Used);
        Fill(Noon + (50 * 24 * Hour));
        row = Serving();
        Assert.Equal(0, ledger.CellOf(row).Row.EvenDay | ledger.CellOf(row).Row.OddDay);
        Assert.Empty(Taken(ledger, Noon + (50 * 24 * Hour)));

        // The key's row in a configuration that has it.
        int Serving()
        {
            int configuration = ledger.BeginConfiguration();
            UsagePlanLive plan = ledger.PlanOf("gold", configuration);
            int made = ledger.RowOf(plan, ledger.KeyOf("k"u8, configuration), configuration);
            ledger.Serve(configuration, [(plan, quota)]);
            return made;
        }

        // Enough that is made in a configuration without the key, and in force since, for rows to be looked for.
        void Fill(long now)
        {
            ledger.Archive(now);
            int configuration = ledger.BeginConfiguration();
            UsagePlanLive plan = ledger.PlanOf("gold", configuration);
            ledger.Serve(configuration, [(plan, quota)]);
            for (int i = 0; i < 20_000; i++) ledger.RowOf(plan, ledger.KeyOf(System.Text.Encoding.UTF8.GetBytes($"{now}-{i}"), configuration), configuration);
        }
    }

    private static void Serve(UsageLedger ledger, string plan, Quota? quota) => ledger.Serve(0, [(ledger.PlanOf(plan), quota)]);

    private static int RowOf(UsageLedger ledger, string plan, string key) => ledger.RowOf(ledger.PlanOf(plan), ledger.KeyOf(System.Text.Encoding.UTF8.GetBytes(key)), 0);

    private static List<UsageRecord> Taken(UsageLedger ledger, long now)
    {
        List<UsageRecord> records = [];
        Assert.Equal(ledger.TakeChanged(records, now), records.Count);
        return records;
    }

    private static DayUsage[] Days(UsageLedger ledger, string plan, string key, long now, int count)
    {
        DateOnly end = UsageDay.ToDate(UsageDay.Of(now));
        return [.. ledger.Read(plan, end.AddDays(1 - count), end, key, 0, 1, now)!.Keys.Single().Days];
    }
}

using EdgeProxy.ControlPlane.Stores;
using EdgeProxy.ControlPlane.Stores.Sqlite;
using EdgeProxy.Gateway.Operations;

namespace EdgeProxy.Tests.ControlPlane.Stores.Sqlite;

public sealed class SqliteUsageStoreTests : IDisposable
{
    private static readonly DateOnly s_day = new(2026, 11, 22);

    private readonly DataDirectory _data = new();
    private SqliteStore _store;
    private SqliteUsageStore _usage;

    public SqliteUsageStoreTests() => (_store, _usage) = Open();

    public void Dispose()
    {
        _usage.Dispose();
        _store.Dispose();
        _data.Dispose();
    }

    [Fact]
    public void Gives_back_what_was_saved_after_it_was_opened_again()
    {
        UsageRecord[] records =
        [
            new("gold", "key1", s_day.AddDays(-1), 5, -1, QuotaPeriod.None, 0),
            new("gold", "key1", s_day, 7, 93, QuotaPeriod.Month, 12),
            new("gold", "key2", s_day, long.MaxValue, long.MinValue, QuotaPeriod.Day, -3),
            new("silver", "kéy\n3", s_day, 0, 0, QuotaPeriod.Week, 0),
            new("silver", new string('k', 2000), s_day, 1, 1, QuotaPeriod.Week, 1),
            new("", "", s_day, 1, 1, QuotaPeriod.Week, 1),
        ];
        _usage.Save(records);
        Reopen();
        Assert.Equal(records.ToHashSet(), _usage.Load(DateOnly.MinValue).ToHashSet());
    }

    [Fact]
    public void Keeps_the_latest_of_a_plan_key_and_day()
    {
        _usage.Save([Record(used: 1), Record(used: 2)]);
        _usage.Save([Record(used: 3)]);
        Assert.Equal(3, Assert.Single(_usage.Load(s_day)).Used);
    }

    [Fact]
    public void Gives_what_is_not_too_old()
    {
        _usage.Save([Record(1, s_day.AddDays(-2)), Record(2, s_day.AddDays(-1)), Record(3)]);
        Assert.Equal([2, 3], _usage.Load(s_day.AddDays(-1)).Select(record => record.Used));
    }

    [Fact]
    public void Forgets_what_is_too_old()
    {
        _usage.Save([Record(1, s_day.AddDays(-20)), Record(2, s_day.AddDays(-1)), Record(3)]);
        _usage.Forget(s_day.AddDays(-1));
        _usage.Forget(s_day.AddDays(-1));
        Assert.Equal([2, 3], _usage.Load(DateOnly.MinValue).Select(record => record.Used));
    }

    /// <remarks>More than a transaction takes; and the log of the largest is no larger than some transactions.</remarks>
    [Fact]
    public void Saves_many_in_several_steps()
    {
        UsageRecord[] records = [.. Enumerable.Range(0, 100_000).Select(i => new UsageRecord("gold", $"key-{i:D6}", s_day, i, 1, QuotaPeriod.Month, i))];
        _usage.Save(records);
        _usage.Save(records);
        Assert.InRange(new FileInfo(_data.File + "-wal").Length, 1, 32 << 20);
        Reopen();
        Assert.Equal(records, _usage.Load(s_day));
    }

    [Fact]
    public void Says_that_the_disk_is_full_and_goes_on_when_there_is_room()
    {
        UsageRecord[] records = [.. Enumerable.Range(0, 10_000).Select(i => new UsageRecord("gold", $"key-{i:D6}", s_day, i, 1, QuotaPeriod.Month, i))];
        _store.Database.Run("PRAGMA max_page_count = 20");
        Assert.Contains("no room", Assert.Throws<StoreException>(() => _usage.Save(records)).Message, StringComparison.Ordinal);
        _store.Database.Run("PRAGMA max_page_count = 100000");
        _usage.Save(records);
        Assert.Equal(records, _usage.Load(s_day));
    }

    [Fact]
    public void Says_that_the_file_is_damaged()
    {
        _usage.Save([.. Enumerable.Range(0, 10_000).Select(i => new UsageRecord("gold", $"key-{i:D6}", s_day, i, 1, QuotaPeriod.Month, i))]);
        _usage.Dispose();
        _store.Dispose();
        byte[] bytes = File.ReadAllBytes(_data.File);
        bytes.AsSpan(4096 * 10, 4096 * 10).Fill(0xA5);
        File.WriteAllBytes(_data.File, bytes);
        (_store, _usage) = Open();
        Assert.Contains("damaged", Assert.Throws<StoreException>(() => _usage.Load(s_day).Count()).Message, StringComparison.Ordinal);
    }

    private (SqliteStore, SqliteUsageStore) Open()
    {
        SqliteStore store = SqliteStore.Open(_data.Path, waitMilliseconds: 0);
        return (store, new SqliteUsageStore(store));
    }

    private void Reopen()
    {
        _usage.Dispose();
        _store.Dispose();
        (_store, _usage) = Open();
    }

    private static UsageRecord Record(long used, DateOnly? day = null) => new("gold", "key1", day ?? s_day, used, 1, QuotaPeriod.Day, used);
}

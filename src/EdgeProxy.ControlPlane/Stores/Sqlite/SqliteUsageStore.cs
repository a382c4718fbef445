using EdgeProxy.Gateway.Operations;

namespace EdgeProxy.ControlPlane.Stores.Sqlite;

/// <summary>Usage in the table <c>usage</c>: a row for each plan, key and day, which stand together by day.</summary>
/// <remarks>Loads before anybody else uses the store; the rest runs beside its other users.</remarks>
/// <param name="store">The store, which outlives it.</param>
public sealed class SqliteUsageStore(SqliteStore store) : IUsageStore, IDisposable
{
    // Of a transaction: what is written at once lies in the log until the end, and in memory as pages.
    private const int Batch = 20_000;

    private readonly SqliteStatement _save = store.Database.Prepare(
        """
        INSERT INTO usage (day, plan, key, used, remaining, period, counted) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
        ON CONFLICT DO UPDATE SET used = ?4, remaining = ?5, period = ?6, counted = ?7
        """);

    private readonly SqliteStatement _forget = store.Database.Prepare("DELETE FROM usage WHERE day = ?1");

    public IEnumerable<UsageRecord> Load(DateOnly since)
    {
        using SqliteStatement rows = store.Database.Prepare("SELECT day, plan, key, used, remaining, period, counted FROM usage WHERE day >= ?1 ORDER BY day, plan, key");
        rows.Bind(1, since.DayNumber);
        string plan = "";
        while (rows.Step())
        {
            // Rows of a plan follow each other.
            if (!IsText(rows, 1, plan)) plan = rows.Text(1);
            yield return new UsageRecord(plan, rows.Text(2), DayOf(rows.Number(0)), rows.Number(3), rows.Number(4), (QuotaPeriod)rows.Number(5), rows.Number(6));
        }
    }

    public void Save(IReadOnlyCollection<UsageRecord> records)
    {
        using IEnumerator<UsageRecord> next = records.GetEnumerator();
        for (int left = records.Count; left > 0; left -= Batch)
        {
            int count = Math.Min(left, Batch);
            store.Database.Transact(() =>
            {
                for (int i = 0; i < count && next.MoveNext(); i++) Save(next.Current);
            });
        }
    }

    public void Forget(DateOnly before)
    {
        while (true)
        {
            // A day at a time: each transaction stays as small as one.
            using Lock.Scope scope = store.Database.Lock.EnterScope();
            using SqliteStatement first = store.Database.Prepare("SELECT day FROM usage ORDER BY day LIMIT 1");
            if (!first.Step() || first.Number(0) >= before.DayNumber) return;
            long day = first.Number(0);
            first.Dispose();
            _forget.Bind(1, day).Execute();
        }
    }

    public void Dispose()
    {
        using Lock.Scope scope = store.Database.Lock.EnterScope();
        _save.Dispose();
        _forget.Dispose();
    }

    private void Save(UsageRecord record) => _save
        .Bind(1, record.Day.DayNumber).Bind(2, record.PlanId).Bind(3, record.KeyId)
        .Bind(4, record.Used).Bind(5, record.Remaining).Bind(6, (long)record.Period).Bind(7, record.Counted)
        .Execute();

    private static bool IsText(SqliteStatement row, int column, string text)
    {
        ReadOnlySpan<byte> bytes = row.Bytes(column);
        return bytes.Length == text.Length && System.Text.Ascii.Equals(bytes, text);
    }

    // Written by us; but a damaged file may say anything.
    private static DateOnly DayOf(long number) => DateOnly.FromDayNumber((int)Math.Clamp(number, DateOnly.MinValue.DayNumber, DateOnly.MaxValue.DayNumber));
}

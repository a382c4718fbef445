using System.Diagnostics;
using System.IO.Hashing;
using System.Text;
using EdgeProxy.ControlPlane.Audit;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.ControlPlane.Stores.Sqlite;

/// <summary>The book in the tables <c>records</c> and <c>snapshots</c>: a row for each record, and one for each snapshot that deployments name.</summary>
/// <remarks>
/// <para>
/// SQLite sees when its pages make no sense, not when a byte of a value became another. So each row holds a sum of itself, and the table <c>book</c> what
/// the sums of all records add up to: a record that changed, went, came or was put back otherwise than by a commit is found when the book is loaded.
/// </para>
/// <para>Shares its database with what else the node remembers; each commit is a transaction of its own.</para>
/// </remarks>
public sealed class SqliteRecordStore : IRecordStore
{
    private readonly SqliteDatabase _database;
    private readonly StoreMetrics? _metrics;
    private readonly SqliteAuditStore? _audit;
    private readonly SqliteStatement _sumOf;
    private readonly SqliteStatement _put;
    private readonly SqliteStatement _remove;
    private readonly SqliteStatement _total;
    private readonly SqliteStatement _keep;
    private readonly SqliteStatement _drop;
    private readonly SqliteStatement _find;

    // How many deployments name a snapshot, and what each names.
    private readonly SnapshotNames _names = new();
    private long _records;
    private long _sum;
    private bool _isLoaded;

    /// <param name="store">The store, which outlives it.</param>
    /// <param name="metrics">What this counts; null for nothing.</param>
    /// <param name="audit">Where what is told of calls is kept; null for nowhere.</param>
    /// <exception cref="StoreException">Its tables are not as they should be.</exception>
    public SqliteRecordStore(SqliteStore store, StoreMetrics? metrics = null, SqliteAuditStore? audit = null)
    {
        _audit = audit;
        _database = store.Database;
        _metrics = metrics;
        _sumOf = _database.Prepare("SELECT sum FROM records WHERE scope = ?1 AND kind = ?2 AND key = ?3");
        _put = _database.Prepare("INSERT INTO records (scope, kind, key, value, sum) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO UPDATE SET value = ?4, sum = ?5");
        _remove = _database.Prepare("DELETE FROM records WHERE scope = ?1 AND kind = ?2 AND key = ?3");
        _total = _database.Prepare("UPDATE book SET records = ?1, sum = ?2");
        _keep = _database.Prepare("INSERT INTO snapshots (id, content, sum) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING");
        _drop = _database.Prepare("DELETE FROM snapshots WHERE id = ?1");
        _find = _database.Prepare("SELECT content, sum FROM snapshots WHERE id = ?1");
    }

    /// <summary>How many records there are.</summary>
    public long Count => _records;

    /// <summary>Whether nothing is to be changed, not even what nobody needs any more.</summary>
    public bool OnlyReads { get; init; }

    /// <remarks>Removes snapshots that no deployment names, which a process left that ended in between.</remarks>
    public RecordBook Load()
    {
        using Lock.Scope scope = _database.Lock.EnterScope();
        _records = 0;
        _sum = 0;
        RecordBook book = RecordBook.Of(Rows());
        if (_database.NumberOf("SELECT count(*) FROM book") != 1 || _records != _database.NumberOf("SELECT records FROM book") || _sum != _database.NumberOf("SELECT sum FROM book"))
        {
            throw _database.Damage("there are other records than were kept");
        }

        _names.Reset(book);
        if (OnlyReads) return book;
        Sweep();
        _isLoaded = true;
        return book;
    }

    public void Commit(IEnumerable<RecordChange> changes, IReadOnlyList<StoredSnapshot> snapshots, AuditEntry? audit = null)
    {
        if (!_isLoaded) throw new InvalidOperationException("A store is loaded before it is changed.");
        long start = Stopwatch.GetTimestamp();
        List<RecordChange> all = [.. changes];

        // Until the end, so that the audit's thread never sees what is about to be forgotten.
        using Lock.Scope scope = _database.Lock.EnterScope();
        try
        {
            (long records, long sum) = (_records, _sum);
            List<string> unnamed;
            _database.Transact(() =>
            {
                foreach (StoredSnapshot snapshot in snapshots) _keep.Bind(1, snapshot.Id).Bind(2, snapshot.Content).Bind(3, SumOf(0, snapshot.Content)).Execute();
                foreach (RecordChange change in all) Apply(change, ref records, ref sum);
                _total.Bind(1, records).Bind(2, sum).Execute();
                foreach (string id in unnamed = _names.UnnamedAfter(all, snapshots)) _drop.Bind(1, id).Execute();
                if (audit is not null) _audit?.Append([audit]);
            });
            (_records, _sum) = (records, sum);
            _names.Apply(all);
            _audit?.Settle();
        }
        catch
        {
            _audit?.Forget();
            _metrics?.Failures.Increment(MetricRegistry.SharedStripe);
            throw;
        }

        _metrics?.Commits.Observe(MetricRegistry.SharedStripe, (long)Stopwatch.GetElapsedTime(start).TotalNanoseconds);
    }

    public byte[]? FindSnapshot(string id)
    {
        using Lock.Scope scope = _database.Lock.EnterScope();
        try
        {
            if (!_find.Bind(1, id).Step()) return null;
            ReadOnlySpan<byte> content = _find.Blob(0);
            return SumOf(0, content) == _find.Number(1) ? content.ToArray() : throw Changed(id);
        }
        finally
        {
            _find.Reset();
        }
    }

    public void Dispose()
    {
        // A call may still be under way where a node is stopped with force: it fails then, rather than use what is gone.
        using Lock.Scope scope = _database.Lock.EnterScope();
        foreach (SqliteStatement statement in (ReadOnlySpan<SqliteStatement>)[_sumOf, _put, _remove, _total, _keep, _drop, _find]) statement.Dispose();
    }

    // Each part begins from the sum of the one before, so that nothing can move from one to the next.
    private static long SumOf(ReadOnlySpan<byte> scope, ReadOnlySpan<byte> kind, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        SumOf(SumOf(SumOf(SumOf(0, scope), kind), key), value);

    private static long SumOf(long seed, ReadOnlySpan<byte> bytes) => (long)(ulong)XxHash128.HashToUInt128(bytes, seed);

    private void Apply(RecordChange change, ref long records, ref long sum)
    {
        if (_sumOf.Bind(1, change.Scope).Bind(2, change.Kind).Bind(3, change.Key).NumberOrNull() is { } before)
        {
            records--;
            sum -= before;
        }

        if (change.Record is not { } record)
        {
            _remove.Bind(1, change.Scope).Bind(2, change.Kind).Bind(3, change.Key).Execute();
            return;
        }

        long after = SumOf(Encoding.UTF8.GetBytes(change.Scope), Encoding.UTF8.GetBytes(change.Kind), Encoding.UTF8.GetBytes(change.Key), record.Json.Span);
        _put.Bind(1, change.Scope).Bind(2, change.Kind).Bind(3, change.Key).Bind(4, record.Json.Span).Bind(5, after).Execute();
        records++;
        sum += after;
    }

    // In the order in which they lie there. Neighbours are of one scope and kind mostly, so those texts are made once.
    private IEnumerable<(string Scope, string Kind, Record Record)> Rows()
    {
        using SqliteStatement rows = _database.Prepare("SELECT scope, kind, key, value, sum FROM records ORDER BY rowid");
        string scope = "";
        string kind = "";
        var values = new Slabs();
        while (rows.Step())
        {
            long sum = SumOf(rows.Bytes(0), rows.Bytes(1), rows.Bytes(2), rows.Blob(3));
            if (sum != rows.Number(4)) throw _database.Damage($"the {rows.Text(1)} {rows.Text(2)} of {rows.Text(0)} is not as it was kept");
            _records++;
            _sum += sum;
            if (!Is(rows, 0, scope)) scope = rows.Text(0);
            if (!Is(rows, 1, kind)) kind = rows.Text(1);
            yield return (scope, kind, new Record(rows.Text(2), values.Keep(rows.Blob(3))));
        }
    }

    private StoreException Changed(string id) => _database.Damage($"the snapshot {id} is not as it was kept");

    private static bool Is(SqliteStatement row, int column, string text) => Ascii.Equals(row.Bytes(column), text);

    /// <summary>Where values lie that are read one after another: an array for many, because half a million small ones are what a collection would have to look at.</summary>
    /// <remarks>An array stays for as long as one of its values does; those of an API mostly lie together and go together.</remarks>
    private sealed class Slabs
    {
        private const int First = 4 * 1024;
        private const int Most = 64 * 1024;

        private byte[] _slab = [];
        private int _used;

        public ReadOnlyMemory<byte> Keep(ReadOnlySpan<byte> value)
        {
            if (value.Length > Most / 8) return value.ToArray();
            if (value.Length > _slab.Length - _used)
            {
                _slab = GC.AllocateUninitializedArray<byte>(Math.Max(value.Length, Math.Clamp(_slab.Length * 2, First, Most)));
                _used = 0;
            }

            value.CopyTo(_slab.AsSpan(_used));
            var kept = new ReadOnlyMemory<byte>(_slab, _used, value.Length);
            _used += value.Length;
            return kept;
        }
    }

    private void Sweep()
    {
        var unnamed = new List<string>();
        int found = 0;
        using (SqliteStatement rows = _database.Prepare("SELECT id, content, sum FROM snapshots"))
        {
            while (rows.Step())
            {
                string id = rows.Text(0);
                if (!_names.Has(id))
                {
                    unnamed.Add(id);
                    continue;
                }

                // Now rather than when one is served, or asked for much later.
                if (SumOf(0, rows.Blob(1)) != rows.Number(2)) throw Changed(id);
                found++;
            }
        }

        if (found != _names.Count) throw _database.Damage("the snapshot of a deployment is missing");
        if (unnamed.Count == 0) return;
        _database.Transact(() =>
        {
            foreach (string id in unnamed) _drop.Bind(1, id).Execute();
        });
    }
}

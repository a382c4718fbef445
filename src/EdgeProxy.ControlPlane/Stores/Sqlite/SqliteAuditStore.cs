using EdgeProxy.ControlPlane.Audit;

namespace EdgeProxy.ControlPlane.Stores.Sqlite;

/// <summary>What is told of management calls, in the table <c>audit</c>: two chains, of which <c>audit_heads</c> holds both ends.</summary>
/// <remarks>
/// Records are numbered without gaps and each holds the hash of the one before, so the ends and what lies between either fit or somebody changed
/// something. The oldest are dropped beyond the bound; what the chain begins from then is the hash of the last that was dropped.
/// </remarks>
public sealed class SqliteAuditStore : IDisposable
{
    // Of one step under the lock: others wait for no more than it.
    private const int Step = 2000;
    private const int StepBytes = 4 * 1024 * 1024;

    private readonly SqliteDatabase _database;
    private readonly SqliteStatement _insert;
    private readonly SqliteStatement _setHead;
    private readonly SqliteStatement _record;
    private readonly SqliteStatement _drop;
    private readonly SqliteStatement _find;
    private readonly Head[] _heads = new Head[2];

    // As a transaction under way leaves them.
    private readonly Head[] _pending = new Head[2];
    private readonly List<byte[]> _written = [];

    /// <param name="store">The store, which outlives it.</param>
    /// <exception cref="StoreException">Its tables are not as they should be.</exception>
    public SqliteAuditStore(SqliteStore store)
    {
        _database = store.Database;
        _insert = _database.Prepare("INSERT INTO audit (trail, sequence, time, event, user, record) VALUES (?1, ?2, ?3, ?4, ?5, ?6)");
        _setHead = _database.Prepare("UPDATE audit_heads SET first = ?2, base = ?3, next = ?4, hash = ?5 WHERE trail = ?1");
        _record = _database.Prepare("SELECT record FROM audit WHERE trail = ?1 AND sequence = ?2");
        _drop = _database.Prepare("DELETE FROM audit WHERE trail = ?1 AND sequence < ?2");
        _find = _database.Prepare(
            "SELECT id, record FROM audit WHERE id < ?1 AND id >= ?2 AND time >= ?3 AND time < ?4 AND (?5 = '' OR event = ?5) AND (?6 = '' OR user = ?6) ORDER BY id DESC LIMIT ?7");
        using SqliteStatement heads = _database.Prepare("SELECT first, base, next, hash FROM audit_heads ORDER BY trail");
        for (int i = 0; i < _heads.Length; i++)
        {
            if (!heads.Step()) throw _database.Damage("the end of the audit is missing");
            _heads[i] = _pending[i] = new Head(heads.Number(0), heads.Blob(1).ToArray(), heads.Number(2), heads.Blob(3).ToArray());
        }
    }

    /// <summary>Gets each record once it is kept, in the order of its chain. Under the lock: it must not wait.</summary>
    public Action<ReadOnlyMemory<byte>>? Written { get; set; }

    /// <summary>Keeps what was told of calls, all of it or nothing.</summary>
    /// <param name="entries">In the order of the calls.</param>
    /// <param name="most">The most records that are kept of each chain.</param>
    /// <exception cref="StoreException">It could not be.</exception>
    public void Save(IReadOnlyList<AuditEntry> entries, long most)
    {
        using Lock.Scope scope = _database.Lock.EnterScope();
        try
        {
            _database.Transact(() =>
            {
                Append(entries);
                for (int i = 0; i < _pending.Length; i++) Trim((AuditTrailKind)i, most);
            });
            Settle();
        }
        catch
        {
            Forget();
            throw;
        }
    }

    /// <summary>The newest records that fit a question, the newest first.</summary>
    /// <param name="question">What is looked for.</param>
    /// <param name="next">Where the rest begins; null when there is none.</param>
    /// <exception cref="StoreException">They cannot be read.</exception>
    public List<byte[]> Find(AuditQuestion question, out long? next)
    {
        var found = new List<byte[]>();
        long bytes = 0;
        long before;
        long oldest;
        using (_database.Lock.EnterScope())
        {
            before = Math.Min(question.Before, _database.NumberOf("SELECT max(id) FROM audit") + 1);
            oldest = Math.Max(1, _database.NumberOf("SELECT min(id) FROM audit"));
        }

        while (before > oldest)
        {
            // A step at a time, so that a long search holds up nobody.
            long from = Math.Max(oldest, before - Step);
            using Lock.Scope scope = _database.Lock.EnterScope();
            try
            {
                _find.Bind(1, before).Bind(2, from).Bind(3, question.Since).Bind(4, question.Until).Bind(5, question.Name).Bind(6, question.User).Bind(7, question.Limit - found.Count + 1);
                while (_find.Step())
                {
                    ReadOnlySpan<byte> record = _find.Blob(1);
                    if (found.Count == question.Limit || (found.Count > 0 && bytes + record.Length > question.MostBytes))
                    {
                        next = _find.Number(0) + 1;
                        return found;
                    }

                    bytes += record.Length;
                    found.Add(record.ToArray());
                }
            }
            finally
            {
                _find.Reset();
            }

            before = from;
        }

        next = null;
        return found;
    }

    /// <summary>Looks whether a chain is as it was written.</summary>
    /// <exception cref="StoreException">It cannot be read.</exception>
    public AuditFinding Verify(AuditTrailKind trail)
    {
        Head head;
        using (_database.Lock.EnterScope()) head = _heads[(int)trail];
        byte[] hash = head.Base;
        long sequence = head.First;
        long? hidden = null;
        while (sequence < head.Next)
        {
            List<(long Sequence, byte[] Record, bool IsFound)> rows;
            using (_database.Lock.EnterScope())
            {
                // What was dropped meanwhile is no gap.
                if (sequence < _heads[(int)trail].First) (sequence, hash) = (_heads[(int)trail].First, _heads[(int)trail].Base);
                if (sequence >= head.Next) break;
                rows = RowsOf(trail, sequence, head.Next);
            }

            if (rows.Count == 0) return Wrong($"The record {sequence} is missing.");
            foreach ((long found, byte[] record, bool isFound) in rows)
            {
                if (found != sequence) return Wrong($"The record {sequence} is missing.");
                if (!isFound) hidden ??= sequence;
                if (!record.AsSpan().EndsWith(AuditEntry.EndOf(trail, sequence, hash))) return Wrong(sequence == head.First ? $"The record {sequence} was changed." : $"The record {sequence} does not follow the one before it: one of the two was changed.");
                hash = AuditEntry.HashOf(record);
                sequence++;
            }
        }

        // Beyond it when all that was looked for has been dropped.
        if (sequence == head.Next && !hash.AsSpan().SequenceEqual(head.Hash)) return Wrong($"The last record, {head.Next - 1}, was changed.");
        if (hidden is not null) return Wrong($"The record {hidden} is not found by what it says: its time, event or user beside it was changed.");
        using (_database.Lock.EnterScope())
        {
            string all = $"SELECT count(*) FROM audit WHERE trail = {(int)trail}";
            if (_database.NumberOf(all) != _heads[(int)trail].Next - _heads[(int)trail].First) return Wrong("There are more records than were written.");
        }

        return new AuditFinding(trail, head.First, head.Next - 1, Convert.ToHexStringLower(head.Hash), null);

        AuditFinding Wrong(string problem) => new(trail, head.First, head.Next - 1, Convert.ToHexStringLower(head.Hash), problem);
    }

    /// <summary>Does something under the lock, in which <see cref="Written"/> is called too.</summary>
    internal void Under(Action work)
    {
        using Lock.Scope scope = _database.Lock.EnterScope();
        work();
    }

    public void Dispose()
    {
        using Lock.Scope scope = _database.Lock.EnterScope();
        foreach (SqliteStatement statement in (ReadOnlySpan<SqliteStatement>)[_insert, _setHead, _record, _drop, _find]) statement.Dispose();
    }

    /// <summary>Appends records within a transaction, which ends in <see cref="Settle"/> or <see cref="Forget"/>; all under the lock.</summary>
    internal void Append(IReadOnlyList<AuditEntry> entries)
    {
        foreach (AuditEntry entry in entries)
        {
            Head head = _pending[(int)entry.Trail];
            byte[] record = entry.Seal(head.Next, head.Hash);
            _insert.Bind(1, (long)entry.Trail).Bind(2, head.Next).Bind(3, entry.Time.ToUnixTimeMilliseconds()).Bind(4, entry.Name).Bind(5, entry.User).Bind(6, record).Execute();
            _pending[(int)entry.Trail] = head with { Next = head.Next + 1, Hash = AuditEntry.HashOf(record) };
            _written.Add(record);
        }

        for (int i = 0; i < _pending.Length; i++)
        {
            if (_pending[i] != _heads[i]) Keep((AuditTrailKind)i);
        }
    }

    /// <summary>What was appended is kept.</summary>
    internal void Settle()
    {
        _pending.CopyTo(_heads, 0);
        foreach (byte[] record in _written) Written?.Invoke(record);
        _written.Clear();
    }

    /// <summary>What was appended was not kept.</summary>
    internal void Forget()
    {
        _heads.CopyTo(_pending, 0);
        _written.Clear();
    }

    // A step of a chain, as copies: what is done with them holds up nobody. Under the lock.
    private List<(long Sequence, byte[] Record, bool IsFound)> RowsOf(AuditTrailKind trail, long from, long end)
    {
        var found = new List<(long Sequence, byte[] Record, bool IsFound)>();
        int bytes = 0;
        using SqliteStatement rows = _database.Prepare("SELECT sequence, record, time, event, user FROM audit WHERE trail = ?1 AND sequence >= ?2 AND sequence < ?3 ORDER BY sequence LIMIT ?4");
        rows.Bind(1, (long)trail).Bind(2, from).Bind(3, end).Bind(4, Step);
        while (bytes < StepBytes && rows.Step())
        {
            byte[] record = rows.Blob(1).ToArray();
            bytes += record.Length;

            // Questions are answered by these columns: a call that they hide is hidden as well as one that is gone.
            found.Add((rows.Number(0), record, AuditForm.Tells(record, rows.Number(2), rows.Text(3), rows.Text(4))));
        }

        return found;
    }

    private void Trim(AuditTrailKind trail, long most)
    {
        Head head = _pending[(int)trail];

        // A few at a time; the rest goes with what comes next.
        long first = Math.Min(head.Next - most, head.First + Step);
        if (first <= head.First) return;
        byte[] hash;
        try
        {
            if (!_record.Bind(1, (long)trail).Bind(2, first - 1).Step()) return; // somebody removed it: left as it is, to be found
            hash = AuditEntry.HashOf(_record.Blob(0));
        }
        finally
        {
            _record.Reset();
        }

        _drop.Bind(1, (long)trail).Bind(2, first).Execute();
        _pending[(int)trail] = head with { First = first, Base = hash };
        Keep(trail);
    }

    private void Keep(AuditTrailKind trail)
    {
        Head head = _pending[(int)trail];
        _setHead.Bind(1, (long)trail).Bind(2, head.First).Bind(3, head.Base).Bind(4, head.Next).Bind(5, head.Hash).Execute();
    }

    /// <summary>Both ends of a chain.</summary>
    /// <param name="First">The number of its oldest record.</param>
    /// <param name="Base">The hash of what came before it.</param>
    /// <param name="Next">The number of the next record.</param>
    /// <param name="Hash">The hash of the newest one.</param>
    private sealed record Head(long First, byte[] Base, long Next, byte[] Hash);
}

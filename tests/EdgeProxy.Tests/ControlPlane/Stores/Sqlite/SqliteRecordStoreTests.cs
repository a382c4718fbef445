using System.Text;
using EdgeProxy.ControlPlane.Audit;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Stores;
using EdgeProxy.ControlPlane.Stores.Sqlite;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Gateway.Operations;
using Record = EdgeProxy.ControlPlane.Records.Record;

namespace EdgeProxy.Tests.ControlPlane.Stores.Sqlite;

public sealed class SqliteRecordStoreTests : IDisposable
{
    private static readonly StoredSnapshot s_first = new("first", Encoding.UTF8.GetBytes(new string('a', 20_000)));
    private static readonly StoredSnapshot s_second = new("second", [0, 1, 2, 0xFF]);

    private readonly DataDirectory _data = new();
    private SqliteStore? _store;
    private SqliteRecordStore? _records;

    public void Dispose()
    {
        Close();
        _data.Dispose();
    }

    [Fact]
    public void Gives_back_what_was_committed_after_it_was_opened_again()
    {
        RecordBook book = Commit(Open(), edit =>
        {
            edit.Put(Scopes.RestApi("b"), Kinds.RestApi, Named("b"));
            edit.Put(Scopes.RestApi("a"), Kinds.RestApi, Named("a"));
            edit.Put(Scopes.RestApi("a"), Kinds.Resource, Named("r2"));
            edit.Put(Scopes.RestApi("a"), Kinds.Resource, Named("r1"));
            edit.Put(Scopes.Account, Kinds.ApiKey, Named("kéy\n\U0001F600"));
            edit.Put(Scopes.Account, Kinds.ApiKey, Named(""));
            edit.Put(Scopes.Account, Kinds.UsagePlan, new Record("large", Encoding.UTF8.GetBytes($"{{\"text\":\"{new string('x', 100_000)}\"}}")));
        });
        Assert.Equal(TextOf(book), TextOf(Open()));
    }

    [Fact]
    public void Gives_back_records_of_all_lengths()
    {
        RecordBook book = Commit(Open(), edit =>
        {
            for (int i = 0; i < 600; i++) edit.Put(Scopes.RestApi("a"), Kinds.Resource, Named($"r{i:D3}", new string((char)('a' + (i % 26)), i * i % 20_011)));
        });
        Assert.Equal(TextOf(book), TextOf(Open()));
    }

    [Fact]
    public void Changes_and_removes_records()
    {
        RecordBook book = Commit(Open(), edit =>
        {
            for (int i = 0; i < 300; i++) edit.Put(Scopes.RestApi("a"), Kinds.Resource, Named($"r{i:D3}"));
            for (int i = 0; i < 300; i++) edit.Put(Scopes.RestApi("b"), Kinds.Resource, Named($"r{i:D3}"));
        });
        book = Commit(book, edit =>
        {
            edit.Remove(Scopes.RestApi("a"), Kinds.Resource, "r100");
            edit.Put(Scopes.RestApi("a"), Kinds.Resource, Named("r101", "changed"));
            edit.RemoveScope(Scopes.RestApi("b"));
        });
        Assert.Equal(299, _records!.Count);
        Assert.Equal(TextOf(book), TextOf(Open()));
        Assert.Equal(299, _records.Count);
    }

    [Fact]
    public void Keeps_a_snapshot_as_long_as_a_deployment_names_it()
    {
        RecordBook book = Commit(Open(), edit =>
        {
            edit.Store(s_first);
            edit.Store(s_second);
            Name(edit, "d1", s_first);
            Name(edit, "d2", s_first);
            Name(edit, "d3", s_second);
        });
        Assert.Equal(s_first.Content, _records!.FindSnapshot("first"));
        Assert.Equal(s_second.Content, _records.FindSnapshot("second"));
        Assert.Null(_records.FindSnapshot("third"));

        book = Commit(book, edit => edit.Remove(Scopes.RestApi("a"), Kinds.DeploymentSnapshot, "d1"));
        Assert.Equal(s_first.Content, _records.FindSnapshot("first"));

        // What is there already stays as it is, whoever stores it again.
        book = Commit(book, edit =>
        {
            edit.Store(s_first);
            Name(edit, "d4", s_first);
        });
        book = Commit(book, edit =>
        {
            edit.Remove(Scopes.RestApi("a"), Kinds.DeploymentSnapshot, "d2");
            Name(edit, "d3", s_first);
        });
        Assert.Equal(s_first.Content, _records.FindSnapshot("first"));
        Assert.Null(_records.FindSnapshot("second"));

        Open();
        Assert.Equal(s_first.Content, _records.FindSnapshot("first"));
        Commit(book, edit => edit.RemoveScope(Scopes.RestApi("a")));
        Assert.Null(_records.FindSnapshot("first"));
    }

    [Fact]
    public void Removes_snapshots_at_the_start_that_no_deployment_names()
    {
        Commit(Open(), edit =>
        {
            edit.Store(s_first);
            Name(edit, "d1", s_first);
        });
        _store!.Database.Run("INSERT INTO snapshots VALUES ('left', x'00', 0)");
        Open();
        Assert.Equal(1, _store.Database.NumberOf("SELECT count(*) FROM snapshots"));
        Assert.Equal(s_first.Content, _records!.FindSnapshot("first"));
    }

    [Fact]
    public void Keeps_nothing_of_a_commit_that_fails_and_goes_on_when_there_is_room()
    {
        RecordBook book = Commit(Open(), edit => edit.Put(Scopes.Account, Kinds.ApiKey, Named("kept")));
        _store!.Database.Run("PRAGMA max_page_count = 20");
        var large = new BookEdit(book);
        large.Put(Scopes.Account, Kinds.ApiKey, Named("kept", "changed"));
        for (int i = 0; i < 5000; i++) large.Put(Scopes.Account, Kinds.ApiKey, Named($"key-{i}"));
        Assert.Contains("no room", Assert.Throws<StoreException>(() => _records!.Commit(large.Changes, large.Snapshots)).Message, StringComparison.Ordinal);
        Assert.Equal(1, _records!.Count);

        _store.Database.Run("PRAGMA max_page_count = 100000");
        book = Commit(book, edit => edit.Put(Scopes.Account, Kinds.ApiKey, Named("after")));
        Assert.Equal(TextOf(book), TextOf(Open()));
    }

    [Fact]
    public void Keeps_nothing_of_a_commit_that_a_killed_process_had_under_way()
    {
        RecordBook book = Commit(Open(), edit => edit.Put(Scopes.Account, Kinds.ApiKey, Named("kept")));

        // A copy of the files as they lie there is what a killed process leaves.
        string copy = Path.Combine(Path.GetDirectoryName(_data.Path)!, "copy");
        Directory.CreateDirectory(copy);
        _store!.Database.Run("BEGIN IMMEDIATE");
        _store.Database.Run("DELETE FROM records");
        foreach (string file in Directory.EnumerateFiles(_data.Path)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
        _store.Database.Run("ROLLBACK");

        using SqliteStore next = SqliteStore.Open(copy, waitMilliseconds: 0);
        using var records = new SqliteRecordStore(next);
        Assert.Equal(TextOf(book), TextOf(records.Load()));
    }

    [Fact]
    public void Is_shared_with_whoever_keeps_usage_on_another_thread()
    {
        RecordBook book = Open();
        using (var usage = new SqliteUsageStore(_store!))
        {
            var day = new DateOnly(2026, 11, 23);
            Exception? failure = null;
            var keeper = new Thread(() =>
            {
                try
                {
                    for (int i = 0; i < 100; i++) usage.Save([.. Enumerable.Range(0, 50).Select(key => new UsageRecord("gold", $"key-{key}", day, i, 1, QuotaPeriod.Day, i))]);
                    usage.Forget(day.AddDays(1));
                }
                catch (Exception exception)
                {
                    failure = exception;
                }
            });
            keeper.Start();
            for (int i = 0; i < 200; i++) book = Commit(book, edit => edit.Put(Scopes.Account, Kinds.ApiKey, Named($"key-{i}")));
            keeper.Join();
            Assert.Null(failure);
            Assert.Empty(usage.Load(DateOnly.MinValue));
        }

        Assert.Equal(TextOf(book), TextOf(Open()));
    }

    [Fact]
    public void Adds_its_tables_to_the_store_of_the_version_before()
    {
        MakeFirstVersion();
        Assert.Empty(Open().Scopes);
        Assert.Equal(SqliteStore.Version, _store!.Database.NumberOf("PRAGMA user_version"));
        Assert.Equal(10_000, _store.Database.NumberOf("SELECT count(*) FROM usage"));
    }

    [Fact]
    public void Adds_nothing_to_a_damaged_store_of_the_version_before()
    {
        MakeFirstVersion();
        byte[] bytes = File.ReadAllBytes(_data.File);
        bytes.AsSpan(4096 * 10, 4096).Fill(0xA5);
        File.WriteAllBytes(_data.File, bytes);
        Assert.Contains("damaged", Assert.Throws<StoreException>(() => Open()).Message, StringComparison.Ordinal);
        Assert.Equal(bytes, File.ReadAllBytes(_data.File));
    }

    /// <remarks>At places by chance over the whole file, and everywhere in its head; some hit where nothing is kept.</remarks>
    [Fact]
    public void Loads_rightly_or_refuses_and_changes_nothing_whichever_byte_of_the_file_is_another()
    {
        RecordBook book = Commit(Open(), edit =>
        {
            for (int i = 0; i < 200; i++) edit.Put(Scopes.RestApi($"a{i % 5}"), Kinds.Resource, Named($"r{i:D3}", new string('x', i * 5)));
            edit.Store(s_first);
            edit.Store(s_second);
            Name(edit, "d1", s_first);
            Name(edit, "d2", s_second);
        });
        Commit(book, edit => edit.RemoveScope(Scopes.RestApi("a4")));
        Close();
        byte[] whole = File.ReadAllBytes(_data.File);
        string text = TextOf(Open());
        var chance = new Random(48);
        int refused = 0;
        for (int i = 0; i < 800; i++)
        {
            Close();
            byte[] damaged = [.. whole];
            int at = i < 120 ? i : chance.Next(damaged.Length);
            byte flip = (byte)(1 << chance.Next(8));
            damaged[at] ^= flip;
            File.WriteAllBytes(_data.File, damaged);
            File.Delete(_data.File + "-wal");
            try
            {
                RecordBook found = Open();
                Assert.True(text == TextOf(found), $"byte {at} with {flip:x2}");
                Assert.Equal(s_first.Content, _records!.FindSnapshot("first"));
                Assert.Equal(s_second.Content, _records.FindSnapshot("second"));
            }
            catch (StoreException exception)
            {
                refused++;
                Close();
                Assert.Contains(_data.File, exception.Message, StringComparison.Ordinal);
                Assert.True(damaged.AsSpan().SequenceEqual(File.ReadAllBytes(_data.File)), $"byte {at} with {flip:x2} was refused, and something written");
            }
        }

        Assert.InRange(refused, 400, 799);
    }

    [Fact]
    public void Loads_what_was_whole_of_a_damaged_log_and_never_the_half_of_a_commit()
    {
        RecordBook book = Open();
        var states = new List<string> { TextOf(book) };
        for (int i = 0; i < 20; i++)
        {
            book = Commit(book, edit =>
            {
                edit.Put(Scopes.RestApi($"a{i}"), Kinds.RestApi, Named($"a{i}"));
                edit.Put(Scopes.RestApi($"a{i}"), Kinds.Resource, Named("root", new string('x', 3000)));
            });
            states.Add(TextOf(book));
        }

        byte[] file = File.ReadAllBytes(_data.File);
        byte[] log = File.ReadAllBytes(_data.File + "-wal");
        var chance = new Random(48);
        int earlier = 0;
        for (int i = 0; i < 200; i++)
        {
            Close();
            byte[] damaged = [.. log];
            damaged[chance.Next(damaged.Length)] ^= (byte)(1 << chance.Next(8));
            File.WriteAllBytes(_data.File, file);
            File.WriteAllBytes(_data.File + "-wal", damaged);
            string found = TextOf(Open());
            Assert.Contains(found, states);
            if (found != states[^1]) earlier++;
        }

        Assert.InRange(earlier, 100, 200);
    }

    [Fact]
    public void Finds_a_record_that_somebody_removed_or_put_back()
    {
        RecordBook book = Commit(Open(), edit =>
        {
            edit.Put(Scopes.Account, Kinds.ApiKey, Named("one"));
            edit.Put(Scopes.Account, Kinds.ApiKey, Named("two"));
        });
        _store!.Database.Run("CREATE TABLE old AS SELECT * FROM records");
        Commit(book, edit => edit.Put(Scopes.Account, Kinds.ApiKey, Named("one", "changed")));
        _store.Database.Run("UPDATE records SET (value, sum) = (SELECT value, sum FROM old WHERE old.key = records.key)");
        Assert.Contains("damaged", Assert.Throws<StoreException>(() => Open()).Message, StringComparison.Ordinal);
        _store.Database.Run("DELETE FROM records WHERE key = 'two'");
        Assert.Contains("damaged", Assert.Throws<StoreException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Says_that_a_snapshot_is_missing_or_not_as_it_was()
    {
        Commit(Open(), edit =>
        {
            edit.Store(s_first);
            Name(edit, "d1", s_first);
        });
        _store!.Database.Run("UPDATE snapshots SET content = x'00'");
        Assert.Contains("snapshot first", Assert.Throws<StoreException>(() => _records!.FindSnapshot("first")).Message, StringComparison.Ordinal);
        Assert.Contains("snapshot first", Assert.Throws<StoreException>(() => Open()).Message, StringComparison.Ordinal);
        _store.Database.Run("DELETE FROM snapshots");
        Assert.Contains("is missing", Assert.Throws<StoreException>(() => Open()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Fails_once_it_is_closed()
    {
        Open();
        _records!.Dispose();
        Assert.Contains("is closed", Assert.Throws<StoreException>(() => _records.Commit([], [s_first])).Message, StringComparison.Ordinal);
        _store!.Dispose();
        Assert.Contains("is closed", Assert.Throws<StoreException>(() => _records.Commit([], [])).Message, StringComparison.Ordinal);
        Assert.Contains("is closed", Assert.Throws<StoreException>(() => _records.FindSnapshot("first")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Closes_under_calls_that_are_told_so()
    {
        for (int round = 0; round < 20; round++)
        {
            var store = SqliteStore.InMemory();
            var audit = new SqliteAuditStore(store);
            var records = new SqliteRecordStore(store, null, audit);
            records.Load();
            Exception? failure = null;
            using var begun = new CountdownEvent(3);
            Thread[] calls =
            [
                Repeat(i => records.Commit([new RecordChange(Scopes.Account, Kinds.ApiKey, $"k{i}", Named($"k{i}"))], [], Told(AuditTrailKind.Changes, "caller"))),
                Repeat(_ => audit.Find(new AuditQuestion(), out long? _)),
                Repeat(_ => audit.Verify(AuditTrailKind.Changes)),
            ];
            Assert.True(begun.Wait(TimeSpan.FromSeconds(30)));
            store.Close([audit, records]);
            foreach (Thread call in calls) call.Join();
            Assert.Contains("is closed", Assert.IsType<StoreException>(failure).Message, StringComparison.Ordinal);

            Thread Repeat(Action<int> call)
            {
                var thread = new Thread(() =>
                {
                    try
                    {
                        for (int i = 0; ; i++)
                        {
                            call(i);
                            if (i == 0) begun.Signal();
                        }
                    }
                    catch (Exception exception)
                    {
                        if (failure is null or StoreException) failure = exception;
                    }
                });
                thread.Start();
                return thread;
            }
        }
    }

    [Fact]
    public void Leaves_the_audit_whole_when_a_commit_fails_while_it_is_written()
    {
        using var store = SqliteStore.InMemory();
        using var audit = new SqliteAuditStore(store);
        using var records = new SqliteRecordStore(store, null, audit);
        records.Load();

        // Late, when the chain has already been gone on with.
        store.Database.Run("CREATE TRIGGER no AFTER UPDATE ON audit_heads WHEN NEW.trail = 0 AND (SELECT user FROM audit WHERE trail = 0 AND sequence = NEW.next - 1) = 'refused' BEGIN SELECT raise(ABORT, 'refused'); END");
        Exception? failure = null;
        bool isDone = false;
        var keeper = new Thread(() =>
        {
            try
            {
                while (!Volatile.Read(ref isDone)) audit.Save([Told(AuditTrailKind.Reads, "reader")], 100);
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        });
        keeper.Start();
        try
        {
            for (int i = 0; i < 1000; i++)
            {
                RecordChange[] changes = [new RecordChange(Scopes.Account, Kinds.ApiKey, $"k{i}", Named($"k{i}"))];
                if (i % 10 == 0) records.Commit(changes, [], Told(AuditTrailKind.Changes, "caller"));
                else Assert.Throws<StoreException>(() => records.Commit(changes, [], Told(AuditTrailKind.Changes, "refused")));
                if (i % 100 == 0) Assert.Null(audit.Verify(AuditTrailKind.Reads).Problem);
            }
        }
        finally
        {
            Volatile.Write(ref isDone, true);
            keeper.Join();
        }

        Assert.Null(failure);
        AuditFinding finding = audit.Verify(AuditTrailKind.Changes);
        Assert.Equal((1, 100, null), (finding.First, finding.Last, finding.Problem));
        Assert.Null(audit.Verify(AuditTrailKind.Reads).Problem);
        Assert.Equal(100, records.Count);
        Assert.Equal(100, Assert.Single(records.Load().Scopes).All(Kinds.ApiKey).Count);
    }

    [Fact]
    public void Counts_a_commit_that_was_kept_even_when_nobody_could_be_told()
    {
        using var store = SqliteStore.InMemory();
        using var audit = new SqliteAuditStore(store);
        using var records = new SqliteRecordStore(store, null, audit);
        records.Load();
        audit.Written = static _ => throw new InvalidOperationException();
        Assert.Throws<InvalidOperationException>(() => records.Commit([new RecordChange(Scopes.Account, Kinds.ApiKey, "a", Named("a"))], [], Told(AuditTrailKind.Changes, "caller")));
        audit.Written = null;
        records.Commit([new RecordChange(Scopes.Account, Kinds.ApiKey, "b", Named("b"))], [], Told(AuditTrailKind.Changes, "caller"));
        Assert.Equal(2, Assert.Single(records.Load().Scopes).All(Kinds.ApiKey).Count);
        AuditFinding finding = audit.Verify(AuditTrailKind.Changes);
        Assert.Equal((1, 2, null), (finding.First, finding.Last, finding.Problem));
    }

    [Fact]
    public void Works_without_a_directory_as_long_as_it_lives()
    {
        using var store = SqliteStore.InMemory();
        using var records = new SqliteRecordStore(store);
        var edit = new BookEdit(records.Load());
        edit.Store(s_first);
        Name(edit, "d1", s_first);
        records.Commit(edit.Changes, edit.Snapshots);
        Assert.Equal(s_first.Content, records.FindSnapshot("first"));
        Assert.Equal(TextOf(edit.Result()), TextOf(records.Load()));
    }

    private static AuditEntry Told(AuditTrailKind trail, string user) => new(
        trail, DateTimeOffset.UnixEpoch, "GetAccount", user, System.Text.Encoding.UTF8.GetBytes($$"""{"userIdentity":{"accessKeyId":"{{user}}"},"eventTime":"1970-01-01T00:00:00Z","eventName":"GetAccount" """));

    private static Record Named(string key, string? name = null) => new(key, WireValue.NewObject().Set("id", key).Set("name", name).ToBytes());

    private static void Name(BookEdit edit, string deployment, StoredSnapshot snapshot) =>
        edit.Put(Scopes.RestApi("a"), Kinds.DeploymentSnapshot, deployment, WireValue.NewObject().Set("snapshot", snapshot.Id));

    private static string TextOf(RecordBook book)
    {
        var text = new StringBuilder();
        foreach (RecordScope scope in book.Scopes)
        {
            foreach (string kind in scope.Kinds.Order(StringComparer.Ordinal))
            {
                foreach (Record record in scope.All(kind)) text.Append(scope.Id).Append(' ').Append(kind).Append(' ').Append(record.Key).Append(' ').Append(Encoding.UTF8.GetString(record.Json.Span)).Append('\n');
            }
        }

        return text.ToString();
    }

    private RecordBook Commit(RecordBook book, Action<BookEdit> change)
    {
        var edit = new BookEdit(book);
        change(edit);
        _records!.Commit(edit.Changes, edit.Snapshots);
        return edit.Result();
    }

    private RecordBook Open()
    {
        Close();
        _store = SqliteStore.Open(_data.Path, waitMilliseconds: 0);
        _records = new SqliteRecordStore(_store);
        return _records.Load();
    }

    private void Close()
    {
        _records?.Dispose();
        _store?.Dispose();
        (_records, _store) = (null, null);
    }

    private void MakeFirstVersion()
    {
        Open();
        _store!.Database.Transact(() =>
        {
            foreach (string table in (string[])["records", "snapshots", "book", "audit", "audit_heads"]) _store.Database.Run($"DROP TABLE {table}");
            _store.Database.Run("PRAGMA user_version = 1");
        });
        using (var usage = new SqliteUsageStore(_store)) usage.Save([.. Enumerable.Range(0, 10_000).Select(i => new UsageRecord("gold", $"key-{i:D6}", new DateOnly(2026, 11, 22), i, 1, QuotaPeriod.Month, i))]);
        Close();
    }
}

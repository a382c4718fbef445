using EdgeProxy.ControlPlane.Stores;
using EdgeProxy.ControlPlane.Stores.Sqlite;

namespace EdgeProxy.Tests.ControlPlane.Stores.Sqlite;

public sealed class SqliteStoreTests : IDisposable
{
    private readonly DataDirectory _data = new();

    public void Dispose() => _data.Dispose();

    [Fact]
    public void Makes_directory_and_file_for_the_owner_alone()
    {
        using SqliteStore store = Open();
        store.Database.Transact(() => store.Database.Run("INSERT INTO usage VALUES (1, 'p', 'k', 1, 1, 0, 0)"));
        Assert.Equal("700", ModeOf(_data.Path));
        Assert.Equal(_data.File, store.File);
        Assert.Equal(["edgeproxy.db", "edgeproxy.db-wal"], Directory.EnumerateFiles(_data.Path).Select(Path.GetFileName).Order());
        Assert.All(Directory.EnumerateFiles(_data.Path), file => Assert.Equal("600", ModeOf(file)));
    }

    [Fact]
    public void Takes_rights_away_that_others_have_on_the_file()
    {
        Open().Dispose();
        File.SetUnixFileMode(_data.File, File.GetUnixFileMode(_data.File) | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        Open().Dispose();
        Assert.Equal("600", ModeOf(_data.File));
    }

    [Fact]
    public void Writes_ahead_and_waits_for_the_disk()
    {
        using SqliteStore store = Open();
        Assert.Equal("wal", store.Database.TextOf("PRAGMA journal_mode"));
        Assert.Equal(2, store.Database.NumberOf("PRAGMA synchronous"));
        Assert.Equal(SqliteStore.Version, store.Database.NumberOf("PRAGMA user_version"));
    }

    [Fact]
    public void Refuses_what_another_process_has()
    {
        using (SqliteStore first = Open())
        {
            Assert.Contains("in use by another process", Refused(), StringComparison.Ordinal);
        }

        Open().Dispose();
    }

    [Fact]
    public void Refuses_what_a_newer_version_wrote_and_leaves_it_as_it_is()
    {
        using (SqliteStore store = Open()) store.Database.Run($"PRAGMA user_version = {SqliteStore.Version + 1}");
        AssertRefusedUntouched("newer version");
    }

    [Fact]
    public void Refuses_the_database_of_another_program_and_leaves_it_as_it_is()
    {
        Directory.CreateDirectory(_data.Path);
        File.WriteAllBytes(_data.File, []);
        using (SqliteDatabase other = SqliteDatabase.Open(_data.File, 0)) other.Run("CREATE TABLE theirs (a)");
        AssertRefusedUntouched("another program");
    }

    [Fact]
    public void Refuses_what_is_no_database_and_leaves_it_as_it_is()
    {
        Directory.CreateDirectory(_data.Path);
        File.WriteAllText(_data.File, string.Concat(Enumerable.Repeat("What somebody wrote. ", 500)));
        AssertRefusedUntouched("damaged");
    }

    [Fact]
    public void Refuses_a_directory_that_is_a_file()
    {
        File.WriteAllText(_data.Path, "");
        Assert.Contains("cannot be used", Refused(), StringComparison.Ordinal);
    }

    [Fact]
    public void Takes_an_empty_file_for_a_new_store()
    {
        Directory.CreateDirectory(_data.Path);
        File.WriteAllBytes(_data.File, []);
        using SqliteStore store = Open();
        Assert.Equal(0, store.Database.NumberOf("SELECT count(*) FROM usage"));
    }

    [Fact]
    public void Keeps_what_was_committed_when_the_process_ends_without_a_word()
    {
        // A copy of the files as they lie there is what a killed process leaves.
        string copy = Path.Combine(Path.GetDirectoryName(_data.Path)!, "copy");
        Directory.CreateDirectory(copy);
        using (SqliteStore store = Open())
        {
            store.Database.Transact(() => store.Database.Run("INSERT INTO usage VALUES (1, 'p', 'k', 7, 1, 0, 0)"));
            store.Database.Run("BEGIN IMMEDIATE");
            store.Database.Run("UPDATE usage SET used = 8");
            foreach (string file in Directory.EnumerateFiles(_data.Path)) File.Copy(file, Path.Combine(copy, Path.GetFileName(file)));
            store.Database.Run("ROLLBACK");
        }

        using SqliteStore next = SqliteStore.Open(copy, waitMilliseconds: 0);
        Assert.Equal(7, next.Database.NumberOf("SELECT used FROM usage"));
    }

    private SqliteStore Open() => SqliteStore.Open(_data.Path, waitMilliseconds: 0);

    private string Refused() => Assert.Throws<StoreException>(() => Open().Dispose()).Message;

    private void AssertRefusedUntouched(string reason)
    {
        byte[] before = File.ReadAllBytes(_data.File);
        string message = Refused();
        Assert.Contains(reason, message, StringComparison.Ordinal);
        Assert.Contains(_data.File, message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(_data.File));
        Assert.Equal([_data.File], Directory.EnumerateFiles(_data.Path));
    }

    private static string ModeOf(string path) => Convert.ToString((int)File.GetUnixFileMode(path), 8);
}

using EdgeProxy.Core.Text;

namespace EdgeProxy.ControlPlane.Stores.Sqlite;

/// <summary>The file in the data directory with what a node remembers: <c>edgeproxy.db</c>, for the process alone.</summary>
/// <remarks>
/// <para>
/// A write-ahead log with <c>synchronous=FULL</c>: what was committed survives <c>kill -9</c> and the loss of power. The process holds the file
/// for itself as long as it lives (<c>locking_mode=EXCLUSIVE</c>, which the kernel gives up with the process), so that two nodes never write the same counts.
/// </para>
/// <para>What is found is looked at before anything is written: a file of another program, of a newer version, or a damaged one is refused and stays as it is.</para>
/// </remarks>
public sealed class SqliteStore : IDisposable
{
    /// <summary>Its name in the data directory.</summary>
    public const string FileName = "edgeproxy.db";

    // "EdgP": by which file(1) and we tell whose file it is.
    private const long ApplicationId = 0x45646750;

    // A node that has just been told to stop may still be writing its last counts.
    private const int MostWaitMilliseconds = 2000;

    private const UnixFileMode OfTheOwner = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    // Each leads from the version before to the next. What was released is never edited.
    private static readonly string[] s_migrations =
    [
        """
        CREATE TABLE usage (
            day INTEGER NOT NULL,
            plan TEXT NOT NULL,
            key TEXT NOT NULL,
            used INTEGER NOT NULL,
            remaining INTEGER NOT NULL,
            period INTEGER NOT NULL,
            counted INTEGER NOT NULL,
            PRIMARY KEY (day, plan, key)
        ) STRICT, WITHOUT ROWID
        """,

        // Rows are large, so they lie beside the index. What a record and all of them together add up to tells of damage that SQLite itself does not see.
        """
        CREATE TABLE records (
            scope TEXT NOT NULL,
            kind TEXT NOT NULL,
            key TEXT NOT NULL,
            value BLOB NOT NULL,
            sum INTEGER NOT NULL,
            PRIMARY KEY (scope, kind, key)
        ) STRICT;
        CREATE TABLE snapshots (
            id TEXT NOT NULL PRIMARY KEY,
            content BLOB NOT NULL,
            sum INTEGER NOT NULL
        ) STRICT;
        CREATE TABLE book (
            records INTEGER NOT NULL,
            sum INTEGER NOT NULL
        ) STRICT;
        INSERT INTO book VALUES (0, 0);
        CREATE TABLE audit (
            id INTEGER PRIMARY KEY,
            trail INTEGER NOT NULL,
            sequence INTEGER NOT NULL,
            time INTEGER NOT NULL,
            event TEXT NOT NULL,
            user TEXT NOT NULL,
            record BLOB NOT NULL
        ) STRICT;
        CREATE UNIQUE INDEX audit_order ON audit (trail, sequence);
        CREATE TABLE audit_heads (
            trail INTEGER NOT NULL PRIMARY KEY,
            first INTEGER NOT NULL,
            base BLOB NOT NULL,
            next INTEGER NOT NULL,
            hash BLOB NOT NULL
        ) STRICT;
        INSERT INTO audit_heads VALUES (0, 1, zeroblob(32), 1, zeroblob(32)), (1, 1, zeroblob(32), 1, zeroblob(32))
        """,
    ];

    private SqliteStore(SqliteDatabase database) => Database = database;

    /// <summary>The version that this program writes.</summary>
    public static int Version => s_migrations.Length;

    /// <summary>Where it is.</summary>
    public string File => Database.File;

    internal SqliteDatabase Database { get; }

    /// <summary>A store that goes with the process, for a node without a data directory.</summary>
    public static SqliteStore InMemory()
    {
        SqliteDatabase database = SqliteDatabase.Open(":memory:", waitMilliseconds: 0);
        database.Transact(() => Migrate(database));
        return new SqliteStore(database);
    }

    /// <summary>Opens the store in a directory; both are made when they are not there.</summary>
    /// <param name="directory">The data directory.</param>
    /// <param name="waitMilliseconds">How long to wait for a process that has it.</param>
    /// <exception cref="StoreException">It cannot be used, and was not changed.</exception>
    public static SqliteStore Open(string directory, int waitMilliseconds = MostWaitMilliseconds)
    {
        string file = Path.Combine(Path.GetFullPath(directory), FileName);
        Prepare(file);
        SqliteDatabase database = SqliteDatabase.Open(file, waitMilliseconds);
        try
        {
            // Before the first look, so that what is seen stays so.
            database.Run("PRAGMA locking_mode = EXCLUSIVE");
            CheckWhose(database);
            if (!string.Equals(database.TextOf("PRAGMA journal_mode = WAL"), "wal", StringComparison.OrdinalIgnoreCase))
            {
                throw new StoreException($"The store {file} lies on a file system that cannot keep a write-ahead log.");
            }

            database.Run("PRAGMA synchronous = FULL");
            database.Run("PRAGMA journal_size_limit = 16777216");

            // The lock is taken by writing, not by saying so.
            database.Transact(() => Migrate(database));
            return new SqliteStore(database);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    /// <summary>Opens the store of a node that does not run, to read it: nothing is made, and no older form brought to this one.</summary>
    /// <param name="directory">The data directory.</param>
    /// <exception cref="StoreException">There is none, a node has it, or it is of another version.</exception>
    public static SqliteStore OpenToRead(string directory)
    {
        string file = Path.Combine(Path.GetFullPath(directory), FileName);
        if (!System.IO.File.Exists(file)) throw new StoreException($"There is no store in {directory}: it would be {file}.");
        SqliteDatabase database = SqliteDatabase.Open(file, waitMilliseconds: 0);
        try
        {
            database.Run("PRAGMA locking_mode = EXCLUSIVE");
            CheckWhose(database);
            long version = database.NumberOf("PRAGMA user_version");
            if (version != Version) throw new StoreException($"The store {file} was written by an older version of EdgeProxy (its form is {version}, this one reads {Version}). Start a node of this version on it once.");

            // Takes the lock, and writes nothing.
            database.Transact(static () => { });
            return new SqliteStore(database);
        }
        catch
        {
            database.Dispose();
            throw;
        }
    }

    public void Dispose() => Database.Dispose();

    /// <summary>Closes it together with those that share it, so that nobody finds it half closed.</summary>
    public void Close(IReadOnlyList<IDisposable> users)
    {
        using Lock.Scope scope = Database.Lock.EnterScope();
        foreach (IDisposable user in users) user.Dispose();
        Database.Dispose();
    }

    private static void Prepare(string file)
    {
        string directory = Path.GetDirectoryName(file)!;
        try
        {
            if (!Directory.Exists(directory)) Directory.CreateDirectory(directory, OfTheOwner | UnixFileMode.UserExecute);

            // Ours to make, because SQLite would let the umask decide who reads it. Its log takes after the file.
            if (!System.IO.File.Exists(file)) new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OfTheOwner }).Dispose();
            else if ((System.IO.File.GetUnixFileMode(file) & ~OfTheOwner) != 0) System.IO.File.SetUnixFileMode(file, OfTheOwner);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"The data directory {directory} cannot be used: {FileFailure.ReasonOf(exception)}.");
        }
    }

    private static void CheckWhose(SqliteDatabase database)
    {
        long application = database.NumberOf("PRAGMA application_id");
        long version = database.NumberOf("PRAGMA user_version");
        long tables = database.NumberOf("SELECT count(*) FROM sqlite_schema");
        if (application != ApplicationId && (application != 0 || version != 0 || tables != 0))
        {
            throw new StoreException($"The file {database.File} is of another program. It was not changed: give the node another data directory.");
        }

        if (version > Version)
        {
            throw new StoreException(
                $"The store {database.File} was written by a newer version of EdgeProxy (its form is {version}, this one knows {Version}). It was not changed: run that version, or give this one another data directory.");
        }
    }

    private static void Migrate(SqliteDatabase database)
    {
        long version = database.NumberOf("PRAGMA user_version");
        if (version == Version) return;

        // Tables are added to a whole file or to none.
        if (version > 0 && database.TextOf("PRAGMA quick_check(1)") is var found && found != "ok") throw database.Damage(found);
        for (long i = version; i < Version; i++)
        {
            foreach (string statement in s_migrations[i].Split(';')) database.Run(statement);
        }

        database.Run($"PRAGMA application_id = {ApplicationId}");
        database.Run($"PRAGMA user_version = {Version}");
    }
}

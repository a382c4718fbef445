using System.Runtime.InteropServices;
using System.Text;

namespace EdgeProxy.ControlPlane.Stores.Sqlite;

/// <summary>An open database. One thread at a time: whoever shares it holds its lock.</summary>
internal sealed unsafe class SqliteDatabase : IDisposable
{
    private nint _handle;
    private bool _isClosed;

    private SqliteDatabase(nint handle, string file)
    {
        _handle = handle;
        File = file;
    }

    /// <summary>Where it is.</summary>
    public string File { get; }

    /// <summary>Held while the database is used by one of those that share it. What holds it is short: a call or a batch, never a walk over all there is.</summary>
    public Lock Lock { get; } = new();

    /// <summary>Opens a file that is there.</summary>
    /// <param name="file">Where it is; <c>:memory:</c> for none.</param>
    /// <param name="waitMilliseconds">How long a statement waits for a process that has it.</param>
    /// <exception cref="StoreException">It cannot be opened.</exception>
    public static SqliteDatabase Open(string file, int waitMilliseconds)
    {
        nint handle;
        int result;
        fixed (byte* path = Encoding.UTF8.GetBytes(file + '\0'))
        {
            result = LibSqlite.sqlite3_open_v2(path, out handle, LibSqlite.OpenReadWrite | LibSqlite.OpenNoMutex, null);
        }

        var database = new SqliteDatabase(handle, file);
        if (result == LibSqlite.Ok)
        {
            _ = LibSqlite.sqlite3_busy_timeout(handle, waitMilliseconds);
            return database;
        }

        StoreException failure = database.Failure(result);
        database.Dispose();
        throw failure;
    }

    /// <summary>Prepares a statement, which its owner disposes of before the database.</summary>
    public SqliteStatement Prepare(string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        fixed (byte* start = bytes)
        {
            int result = LibSqlite.sqlite3_prepare_v2(_handle, start, bytes.Length, out nint statement, null);
            return result == LibSqlite.Ok ? new SqliteStatement(this, statement) : throw Failure(result);
        }
    }

    /// <summary>Runs a statement and leaves what it yields alone.</summary>
    public void Run(string text)
    {
        using SqliteStatement statement = Prepare(text);
        while (statement.Step())
        {
        }
    }

    /// <summary>The number that a statement yields; 0 when it yields nothing.</summary>
    public long NumberOf(string text)
    {
        using SqliteStatement statement = Prepare(text);
        return statement.Step() ? statement.Number(0) : 0;
    }

    /// <summary>The text that a statement yields; empty when it yields nothing.</summary>
    public string TextOf(string text)
    {
        using SqliteStatement statement = Prepare(text);
        return statement.Step() ? statement.Text(0) : "";
    }

    /// <summary>Runs something that is kept whole or not at all, under the lock.</summary>
    public void Transact(Action work)
    {
        using Lock.Scope scope = Lock.EnterScope();
        Run("BEGIN IMMEDIATE");
        bool done = false;
        try
        {
            work();
            Run("COMMIT");
            done = true;
        }
        finally
        {
            if (!done) RollBack();
        }
    }

    /// <summary>What a result means to an operator.</summary>
    public StoreException Failure(int result)
    {
        if (_isClosed) return Closed();
        string reason = _handle == 0 ? "out of memory" : Marshal.PtrToStringUTF8((nint)LibSqlite.sqlite3_errmsg(_handle)) ?? "";
        return (result & 0xFF) switch
        {
            // Our statements are right: one that makes no sense tells of tables that are not as we made them.
            LibSqlite.NotADatabase or LibSqlite.Corrupt or LibSqlite.Error => Damage(reason),
            LibSqlite.Busy => new StoreException($"The store {File} is in use by another process. A node needs a data directory of its own."),
            LibSqlite.Full => new StoreException($"The store {File} has no room left on its disk ({reason})."),
            LibSqlite.ReadOnly or LibSqlite.CannotOpen => new StoreException($"The store {File} cannot be written ({reason}). The user of the process needs it and its directory for itself."),
            _ => new StoreException($"The store {File} failed: {reason} ({result}, {(_handle == 0 ? 0 : LibSqlite.sqlite3_extended_errcode(_handle))})."),
        };
    }

    /// <summary>Tells a call that was still under way that what it needs is gone.</summary>
    public StoreException Closed() => new($"The store {File} is closed.");

    /// <summary>Tells that the file is not as it was written.</summary>
    public StoreException Damage(string reason) =>
        new($"The store {File} is damaged, or is no store ({reason}). Nothing in it was changed: put back a copy, or move it away to begin anew.");

    public void Dispose()
    {
        using Lock.Scope scope = Lock.EnterScope();
        if (_handle != 0) _ = LibSqlite.sqlite3_close_v2(_handle);
        _handle = 0;
        _isClosed = true;
    }

    // Many failures have rolled it back already; what matters is that no transaction stays open.
    private void RollBack()
    {
        try
        {
            Run("ROLLBACK");
        }
        catch (StoreException)
        {
        }
    }
}

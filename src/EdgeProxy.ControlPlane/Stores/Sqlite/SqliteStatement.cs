using System.Text;

namespace EdgeProxy.ControlPlane.Stores.Sqlite;

/// <summary>A prepared statement, used under its database's lock.</summary>
internal sealed unsafe class SqliteStatement : IDisposable
{
    private const int MostOnStack = 512;

    private readonly SqliteDatabase _database;
    private nint _handle;

    public SqliteStatement(SqliteDatabase database, nint handle)
    {
        _database = database;
        _handle = handle;
    }

    /// <summary>Binds a number.</summary>
    /// <param name="index">From 1.</param>
    /// <param name="value">The number.</param>
    public SqliteStatement Bind(int index, long value)
    {
        Check(LibSqlite.sqlite3_bind_int64(_handle, index, value));
        return this;
    }

    /// <summary>Binds a text.</summary>
    public SqliteStatement Bind(int index, string text)
    {
        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        Span<byte> bytes = most <= MostOnStack ? stackalloc byte[MostOnStack] : new byte[most];
        int length = Encoding.UTF8.GetBytes(text, bytes);
        fixed (byte* start = bytes)
        {
            Check(LibSqlite.sqlite3_bind_text(_handle, index, start, length, LibSqlite.Transient));
        }

        return this;
    }

    /// <summary>Binds bytes.</summary>
    public SqliteStatement Bind(int index, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            // No address at all would be no value, which is not the same as no bytes.
            byte none = 0;
            Check(LibSqlite.sqlite3_bind_blob(_handle, index, start is null ? &none : start, bytes.Length, LibSqlite.Transient));
        }

        return this;
    }

    /// <summary>Goes to the next row; false when there is none.</summary>
    public bool Step()
    {
        int result = LibSqlite.sqlite3_step(_handle);
        if (result == LibSqlite.Row) return true;
        return result == LibSqlite.Done ? false : throw Failure(result);
    }

    /// <summary>Runs it to its end and makes it ready for the next run.</summary>
    public void Execute()
    {
        try
        {
            while (Step())
            {
            }
        }
        finally
        {
            // Says again what the step said.
            _ = LibSqlite.sqlite3_reset(_handle);
        }
    }

    /// <summary>Runs it to its end; gives the number that its first row yields, null when it yields no row.</summary>
    public long? NumberOrNull()
    {
        try
        {
            return Step() ? Number(0) : null;
        }
        finally
        {
            _ = LibSqlite.sqlite3_reset(_handle);
        }
    }

    /// <summary>Makes it ready for the next run, whatever is left of this one.</summary>
    public void Reset() => _ = LibSqlite.sqlite3_reset(_handle);

    /// <summary>A column of the row, from 0.</summary>
    public long Number(int column) => LibSqlite.sqlite3_column_int64(_handle, column);

    public string Text(int column) => Encoding.UTF8.GetString(Bytes(column));

    /// <summary>A column's text in UTF-8, until the next step.</summary>
    public ReadOnlySpan<byte> Bytes(int column)
    {
        byte* start = LibSqlite.sqlite3_column_text(_handle, column);
        return start is null ? default : new ReadOnlySpan<byte>(start, LibSqlite.sqlite3_column_bytes(_handle, column));
    }

    /// <summary>The bytes of a column that holds no text, until the next step.</summary>
    public ReadOnlySpan<byte> Blob(int column)
    {
        byte* start = LibSqlite.sqlite3_column_blob(_handle, column);
        return start is null ? default : new ReadOnlySpan<byte>(start, LibSqlite.sqlite3_column_bytes(_handle, column));
    }

    public void Dispose()
    {
        if (_handle != 0) _ = LibSqlite.sqlite3_finalize(_handle);
        _handle = 0;
    }

    private void Check(int result)
    {
        if (result != LibSqlite.Ok) throw Failure(result);
    }

    private StoreException Failure(int result) => _handle == 0 ? _database.Closed() : _database.Failure(result);
}

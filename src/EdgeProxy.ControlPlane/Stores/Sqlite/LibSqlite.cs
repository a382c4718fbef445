using System.Runtime.InteropServices;

namespace EdgeProxy.ControlPlane.Stores.Sqlite;

/// <summary>The calls of SQLite's C interface that stores use. The library is linked in (decision 0045).</summary>
internal static unsafe partial class LibSqlite
{
    public const int Ok = 0;
    public const int Error = 1;
    public const int Busy = 5;
    public const int ReadOnly = 8;
    public const int Corrupt = 11;
    public const int Full = 13;
    public const int CannotOpen = 14;
    public const int NotADatabase = 26;
    public const int Row = 100;
    public const int Done = 101;

    public const int OpenReadWrite = 0x2;
    public const int OpenNoMutex = 0x8000;

    /// <summary>SQLITE_TRANSIENT: the bytes are copied before the call returns.</summary>
    public const nint Transient = -1;

    [LibraryImport("libsqlite3")]
    public static partial int sqlite3_open_v2(byte* file, out nint database, int flags, byte* vfs);

    [LibraryImport("libsqlite3")]
    public static partial int sqlite3_close_v2(nint database);

    [LibraryImport("libsqlite3")]
    public static partial int sqlite3_extended_errcode(nint database);

    [LibraryImport("libsqlite3")]
    public static partial byte* sqlite3_errmsg(nint database);

    [LibraryImport("libsqlite3")]
    public static partial int sqlite3_busy_timeout(nint database, int milliseconds);

    [LibraryImport("libsqlite3")]
    public static partial int sqlite3_prepare_v2(nint database, byte* text, int length, out nint statement, byte** tail);

    [LibraryImport("libsqlite3")]
    public static partial int sqlite3_step(nint statement);

    [LibraryImport("libsqlite3")]
    public static partial int sqlite3_reset(nint statement);

    [LibraryImport("libsqlite3")]
    public static partial int sqlite3_finalize(nint statement);

    [LibraryImport("libsqlite3")]
    public static partial int sqlite3_bind_int64(nint statement, int index, long value);

    [LibraryImport("libsqlite3")]
    public static partial int sqlite3_bind_text(nint statement, int index, byte* text, int length, nint destructor);

    [LibraryImport("libsqlite3")]
    public static partial int sqlite3_bind_blob(nint statement, int index, byte* bytes, int length, nint destructor);

    [LibraryImport("libsqlite3")]
    public static partial long sqlite3_column_int64(nint statement, int column);

    [LibraryImport("libsqlite3")]
    public static partial byte* sqlite3_column_text(nint statement, int column);

    [LibraryImport("libsqlite3")]
    public static partial byte* sqlite3_column_blob(nint statement, int column);

    [LibraryImport("libsqlite3")]
    public static partial int sqlite3_column_bytes(nint statement, int column);
}

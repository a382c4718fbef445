using System.Runtime;

namespace EdgeProxy.Control;

/// <summary>Has the start of a node with much in its store go without garbage collections.</summary>
/// <remarks>
/// Nearly all that a start allocates stays: collecting while it grows looks at the same records again and again, which was more than half of the processor time of a start with 1,000 APIs.
/// What is left over is given back right after the start (<see cref="Node"/>).
/// </remarks>
internal static class StartHeap
{
    // Records as objects, and what their stages are compiled to, beside the bytes of the file; measured with 100,000 routes that are alike, and with 100,000 that are not.
    private const int TimesTheFile = 5;
    private const long Least = 32 << 20;

    // What grows beyond it is collected as always, but no longer looks at what came before.
    private const long Most = 800 << 20;

    /// <summary>Begins, when it is worth it and there is room.</summary>
    /// <param name="directory">The data directory; null for none.</param>
    public static void Grow(string? directory)
    {
        if (directory is null) return;
        var store = new FileInfo(Path.Combine(directory, ControlPlane.Stores.Sqlite.SqliteStore.FileName));
        if (!store.Exists) return;
        long size = Math.Min(store.Length * TimesTheFile, Math.Min(Most, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 4));
        if (size < Least) return;
        try
        {
            GC.TryStartNoGCRegion(size);
        }
        catch (Exception exception) when (exception is ArgumentOutOfRangeException or InvalidOperationException)
        {
            // The machine has less than it says: then it is collected as always.
        }
    }

    /// <summary>Ends, whether or not it began, or had to end before.</summary>
    public static void Settle()
    {
        if (GCSettings.LatencyMode != GCLatencyMode.NoGCRegion) return;
        try
        {
            GC.EndNoGCRegion();
        }
        catch (InvalidOperationException)
        {
            // A collection came in between: there was more than was thought.
        }
    }
}

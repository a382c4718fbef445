using System.Diagnostics.CodeAnalysis;

namespace EdgeProxy.Fuzz.Engine;

/// <summary>The assertions of fuzz targets.</summary>
internal static class Promise
{
    /// <exception cref="BrokenPromiseException"><paramref name="kept"/> is false.</exception>
    public static void That([DoesNotReturnIf(false)] bool kept, string promise)
    {
        if (!kept) throw new BrokenPromiseException(promise);
    }

    /// <exception cref="BrokenPromiseException">The two differ.</exception>
    public static void Same<T>(T expected, T found, string promise)
    {
        if (!EqualityComparer<T>.Default.Equals(expected, found)) throw new BrokenPromiseException($"{promise}: expected {expected}, found {found}");
    }

    /// <exception cref="BrokenPromiseException">The bytes differ.</exception>
    public static void Same(ReadOnlySpan<byte> expected, ReadOnlySpan<byte> found, string promise)
    {
        if (expected.SequenceEqual(found)) return;
        throw new BrokenPromiseException($"{promise}: expected {Visible.Text(expected)}, found {Visible.Text(found)}");
    }
}

using System.Diagnostics.CodeAnalysis;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>Finds a value by the bytes of its name. Immutable; a look-up neither allocates nor decodes.</summary>
/// <remarks>Open addressing at most half full. Only operators choose the names, so clients cannot make them collide.</remarks>
internal sealed class Utf8Table<T>
    where T : class
{
    private readonly (byte[] Key, T? Value)[] _slots;
    private readonly int _mask;

    /// <exception cref="ArgumentException">A name comes twice.</exception>
    public Utf8Table(IReadOnlyList<(Utf8Text Key, T Value)> entries)
    {
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, entries.Count * 2));
        _slots = new (byte[], T?)[size];
        _mask = size - 1;
        Count = entries.Count;
        foreach ((Utf8Text key, T value) in entries)
        {
            if (Find(key.Span) is not null) throw new ArgumentException($"The name '{key}' comes twice.", nameof(entries));
            int slot = Hash(key.Span) & _mask;
            while (_slots[slot].Value is not null) slot = (slot + 1) & _mask;
            _slots[slot] = (key.Bytes, value);
        }
    }

    public static Utf8Table<T> Empty { get; } = new([]);

    public int Count { get; }

    /// <summary>The value of a name, or null.</summary>
    public T? Find(ReadOnlySpan<byte> key)
    {
        if (Count == 0) return null;
        for (int slot = Hash(key) & _mask; _slots[slot].Value is { } value; slot = (slot + 1) & _mask)
        {
            if (key.SequenceEqual(_slots[slot].Key)) return value;
        }

        return null;
    }

    /// <summary>All values, in no order. For control threads.</summary>
    public T[] ToArray()
    {
        var values = new List<T>(Count);
        foreach ((_, T? value) in _slots)
        {
            if (value is not null) values.Add(value);
        }

        return [.. values];
    }

    // FNV-1a.
    private static int Hash(ReadOnlySpan<byte> key)
    {
        uint hash = 2166136261;
        foreach (byte value in key) hash = (hash ^ value) * 16777619;
        return (int)(hash ^ (hash >> 15));
    }
}

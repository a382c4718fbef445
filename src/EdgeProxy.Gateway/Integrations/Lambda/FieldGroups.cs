using System.Numerics;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>Names and values in the order they came, those of one name found together: the two views that an event has of headers and query (rest-api.md 5.8).</summary>
/// <remarks>
/// Kept with its loop and filled again, so that nothing is allocated. Names are found by a hash with a seed of the process, so that no client can make
/// a query whose names all look alike. Holds offsets into somebody else's memory.
/// </remarks>
internal sealed class FieldGroups
{
    private const int Buckets = 256;
    private const int Kept = 1024;

    private static readonly ulong s_seed = (ulong)Random.Shared.NextInt64();

    private readonly int[] _buckets = new int[Buckets];
    private Entry[] _entries = new Entry[64];
    private byte[] _source = [];
    private bool _ignoresCase;

    /// <summary>How many were added.</summary>
    public int Count { get; private set; }

    /// <summary>Forgets what was added.</summary>
    /// <param name="source">The memory that offsets will point into.</param>
    /// <param name="ignoresCase">Whether names that differ in case are the same.</param>
    public void Begin(byte[] source, bool ignoresCase)
    {
        Count = 0;
        _source = source;
        _ignoresCase = ignoresCase;
        Array.Fill(_buckets, -1);
        if (_entries.Length > Kept) _entries = new Entry[64];
    }

    /// <summary>Adds a value to those of its name.</summary>
    public void Add(int nameStart, int nameLength, int valueStart, int valueLength, KnownHeader known = KnownHeader.Other)
    {
        if (Count == _entries.Length) Array.Resize(ref _entries, Count * 2);
        ReadOnlySpan<byte> name = _source.AsSpan(nameStart, nameLength);
        uint hash = Hash(name);
        ref int bucket = ref _buckets[hash % Buckets];
        int index = Count++;
        _entries[index] = new Entry { NameStart = nameStart, NameLength = nameLength, ValueStart = valueStart, ValueLength = valueLength, Known = known, Hash = hash, Next = -1, Last = index, Sibling = -1, IsFirst = true };
        for (int head = bucket; head >= 0; head = _entries[head].Sibling)
        {
            if (_entries[head].Hash != hash || !IsSame(name, Name(head))) continue;
            _entries[index].IsFirst = false;
            _entries[_entries[head].Last].Next = index;
            _entries[head].Last = index;
            return;
        }

        _entries[index].Sibling = bucket;
        bucket = index;
    }

    /// <summary>Whether the entry is the first of its name; the others hang on it.</summary>
    public bool IsFirst(int index) => _entries[index].IsFirst;

    /// <summary>The entry with the next value of the same name, or -1.</summary>
    public int Next(int index) => _entries[index].Next;

    /// <summary>The entry with the last value of a first one's name.</summary>
    public int Last(int first) => _entries[first].Last;

    public KnownHeader Known(int index) => _entries[index].Known;

    public ReadOnlySpan<byte> Name(int index) => _source.AsSpan(_entries[index].NameStart, _entries[index].NameLength);

    public ReadOnlySpan<byte> Value(int index) => _source.AsSpan(_entries[index].ValueStart, _entries[index].ValueLength);

    private bool IsSame(ReadOnlySpan<byte> one, ReadOnlySpan<byte> other) =>
        _ignoresCase ? System.Text.Ascii.EqualsIgnoreCase(one, other) : one.SequenceEqual(other);

    private uint Hash(ReadOnlySpan<byte> name)
    {
        ulong hash = s_seed;
        foreach (byte value in name)
        {
            byte folded = _ignoresCase && value is >= (byte)'A' and <= (byte)'Z' ? (byte)(value | 0x20) : value;
            hash = BitOperations.RotateLeft((hash ^ folded) * 0x9E37_79B9_7F4A_7C15, 29);
        }

        return (uint)(hash ^ (hash >> 32));
    }

    private struct Entry
    {
        public int NameStart;
        public int NameLength;
        public int ValueStart;
        public int ValueLength;
        public uint Hash;

        // Of the first one of a name: the last one, and the first one of another name in the same bucket.
        public int Last;
        public int Sibling;
        public int Next;
        public KnownHeader Known;
        public bool IsFirst;
    }
}

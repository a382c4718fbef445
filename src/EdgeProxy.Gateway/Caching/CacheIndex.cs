using System.Numerics;

namespace EdgeProxy.Gateway.Caching;

/// <summary>Finds entries by their keys: a table of words that say where an entry stands, written under the shard's lock and read without any.</summary>
/// <remarks>
/// <para>
/// A word is a tag of the hash, a segment and an offset. A reader holds the segment first and looks at the word again: as long as the word is there, the entry is what it
/// says, because words go before their segment is written over, and that waits for whoever holds it. Between the two stands a full fence on either side, so that one
/// of both sees the other.
/// </para>
/// <para>
/// Linear probing; a removed word is filled by those behind it. A reader that looks meanwhile may miss an entry, which costs a call of the back end and nothing else.
/// </para>
/// </remarks>
internal sealed class CacheIndex
{
    // Half full at most, a run this long comes of hashes that somebody made to collide.
    private const int MostProbes = 128;
    private const int MostAttempts = 4;
    private const int OffsetBits = 16;
    private const int SegmentBits = 20;
    private const ulong TagMask = ulong.MaxValue << (OffsetBits + SegmentBits);

    /// <summary>Segments that words can tell apart, from 1 on: no word is 0.</summary>
    public const int MostSegments = (1 << SegmentBits) - 1;

    private readonly CacheSegment?[] _segments;
    private ulong[] _words;

    /// <param name="segments">By number.</param>
    /// <param name="entries">How many are expected; more make the table grow.</param>
    public CacheIndex(CacheSegment?[] segments, int entries)
    {
        _segments = segments;
        _words = new ulong[BitOperations.RoundUpToPowerOf2((uint)Math.Max(32, entries)) * 2];
    }

    /// <summary>Entries. Exact under the lock.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes of the table.</summary>
    public long Bytes => (long)Volatile.Read(ref _words).Length * sizeof(ulong);

    /// <summary>The word of an entry.</summary>
    public static ulong WordOf(ulong hash, CacheSegment segment, int offset) =>
        TagOf(hash) | ((ulong)segment.Number << OffsetBits) | ((uint)offset / CacheSegment.Unit);

    /// <summary>Finds a key and holds the segment of its entry. Any thread, no lock.</summary>
    public bool TryHold(ReadOnlySpan<byte> key, ulong hash, out CacheSegment segment, out int offset)
    {
        for (int attempt = 0; attempt < MostAttempts; attempt++)
        {
            if (TryHoldOnce(key, hash, out segment!, out offset, out bool moved)) return true;
            if (!moved) return false;
        }

        segment = null!;
        offset = 0;
        return false;
    }

    /// <summary>Where the word of a key stands; below zero when it is in no table. Under the lock.</summary>
    public int Find(ReadOnlySpan<byte> key, ulong hash)
    {
        ulong tag = TagOf(hash);
        int mask = _words.Length - 1;
        int at = (int)hash & mask;
        for (int probe = 0; probe < MostProbes; probe++, at = (at + 1) & mask)
        {
            ulong word = _words[at];
            if (word == 0) return -1;
            if ((word & TagMask) == tag && IsOf(word, key, hash)) return at;
        }

        return -1;
    }

    /// <summary>Where a word stands; below zero when nowhere. Under the lock.</summary>
    public int Find(ulong hash, ulong word)
    {
        int mask = _words.Length - 1;
        int at = (int)hash & mask;
        for (int probe = 0; probe < MostProbes; probe++, at = (at + 1) & mask)
        {
            if (_words[at] == word) return at;
            if (_words[at] == 0) return -1;
        }

        return -1;
    }

    /// <summary>The header of the entry whose word stands there. Under the lock.</summary>
    public ref EntryHeader HeaderAt(int at) => ref HeaderOf(_words[at]);

    /// <summary>Puts another entry of the same hash in the place of one. Under the lock.</summary>
    public void Replace(int at, ulong word) => Volatile.Write(ref _words[at], word);

    /// <summary>Adds an entry that is not there; false when too many others are in the way. Under the lock.</summary>
    public bool TryAdd(ulong hash, ulong word)
    {
        if ((Count + 1) * 2L > _words.Length) Grow();
        if (!TryPlace(_words, hash, word)) return false;
        Count++;
        return true;
    }

    /// <summary>Takes a word out. Under the lock.</summary>
    public void RemoveAt(int at)
    {
        int mask = _words.Length - 1;
        int hole = at;
        for (int next = (hole + 1) & mask; _words[next] != 0; next = (next + 1) & mask)
        {
            // A word may move back as far as the place its hash asks for.
            int home = (int)HeaderOf(_words[next]).Hash & mask;
            if (((next - home) & mask) < ((next - hole) & mask)) continue;
            Volatile.Write(ref _words[hole], _words[next]);
            hole = next;
        }

        Volatile.Write(ref _words[hole], 0);
        Count--;
    }

    private static ulong TagOf(ulong hash) => (hash << 8) & TagMask; // the lowest bits chose the place, the highest the shard

    private bool TryHoldOnce(ReadOnlySpan<byte> key, ulong hash, out CacheSegment? segment, out int offset, out bool moved)
    {
        ulong[] words = Volatile.Read(ref _words);
        ulong tag = TagOf(hash);
        int mask = words.Length - 1;
        int at = (int)hash & mask;
        moved = false;
        for (int probe = 0; probe < MostProbes; probe++, at = (at + 1) & mask)
        {
            ulong word = Volatile.Read(ref words[at]);
            if (word == 0) break;
            if ((word & TagMask) != tag) continue;
            segment = SegmentOf(word);
            offset = OffsetOf(word);
            segment.Hold();
            moved = Volatile.Read(ref words[at]) != word || !ReferenceEquals(Volatile.Read(ref _words), words);
            if (!moved && IsOf(word, key, hash)) return true;
            segment.Release();
            if (moved) break;
        }

        segment = null;
        offset = 0;
        return false;
    }

    private static int OffsetOf(ulong word) => (int)(word & ((1UL << OffsetBits) - 1)) * CacheSegment.Unit;

    private CacheSegment SegmentOf(ulong word) => _segments[(int)((word & ~TagMask) >> OffsetBits)]!;

    private ref EntryHeader HeaderOf(ulong word) => ref EntryHeader.At(SegmentOf(word).Buffer, OffsetOf(word));

    private bool IsOf(ulong word, ReadOnlySpan<byte> key, ulong hash)
    {
        ref EntryHeader header = ref HeaderOf(word);
        return header.Hash == hash && header.KeyLength == key.Length
            && SegmentOf(word).Buffer.AsSpan(OffsetOf(word) + header.KeyStart, key.Length).SequenceEqual(key);
    }

    private static bool TryPlace(ulong[] words, ulong hash, ulong word)
    {
        int mask = words.Length - 1;
        int at = (int)hash & mask;
        for (int probe = 0; probe < MostProbes; probe++, at = (at + 1) & mask)
        {
            if (words[at] != 0) continue;
            Volatile.Write(ref words[at], word);
            return true;
        }

        return false;
    }

    // The last table is left to readers that still have it; what they find there they check against this one.
    private void Grow()
    {
        var larger = new ulong[_words.Length * 2];
        foreach (ulong word in _words)
        {
            // What finds no place any more is forgotten; its bytes go with its segment.
            if (word != 0 && !TryPlace(larger, HeaderOf(word).Hash, word)) Count--;
        }

        Volatile.Write(ref _words, larger);
    }
}

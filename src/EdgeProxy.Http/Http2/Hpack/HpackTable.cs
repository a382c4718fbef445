using System.Diagnostics;
using System.Numerics;

namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>A dynamic table (RFC 7541, 2.3.2 and 4): the newest entry first, the oldest leaves first.</summary>
/// <remarks>
/// Names and values lie in one array in the order they came, so that the live ones are always one stretch of it; when its end is
/// reached they are moved to the front, or the array doubles. Nothing is allocated before the first entry, and no more than about
/// twice what is in the table: a connection that is idle holds little. In the steady state nothing is allocated.
/// </remarks>
/// <param name="capacity">The most bytes at first.</param>
/// <param name="isSearched">Whether <see cref="FindField"/> and <see cref="FindName"/> will be asked.</param>
internal sealed class HpackTable(int capacity, bool isSearched)
{
    private byte[] _bytes = [];
    private HpackEntry[] _entries = [];
    private uint[] _fieldHashes = [];
    private uint[] _nameHashes = [];

    /// <summary>For each slot, the slot that was found after it the last time: messages of one kind repeat their order.</summary>
    private byte[] _followers = [];
    private int _last;
    private int _oldest;
    private int _live;
    private int _end;

    /// <summary>Entries in the table.</summary>
    public int Count { get; private set; }

    /// <summary>Bytes as RFC 7541, 4.1, counts.</summary>
    public int Size { get; private set; }

    /// <summary>The most <see cref="Size"/> may be.</summary>
    public int Capacity { get; private set; } = capacity;

    /// <summary>What the starts of entries point into.</summary>
    public byte[] Bytes => _bytes;

    /// <summary>Entry 0 is the newest.</summary>
    public ref readonly HpackEntry this[int newest] => ref _entries[(_oldest + Count - 1 - newest) & (_entries.Length - 1)];

    public ReadOnlySpan<byte> NameOf(int newest)
    {
        ref readonly HpackEntry entry = ref this[newest];
        return _bytes.AsSpan(entry.Start, entry.NameLength);
    }

    public ReadOnlySpan<byte> ValueOf(int newest)
    {
        ref readonly HpackEntry entry = ref this[newest];
        return _bytes.AsSpan(entry.Start + entry.NameLength, entry.ValueLength);
    }

    /// <summary>Drops the oldest entries until the rest fits (RFC 7541, 4.3).</summary>
    public void SetCapacity(int bytes)
    {
        Capacity = bytes;
        EvictTo(bytes);
    }

    public void Clear() => EvictTo(0);

    /// <summary>Adds an entry and drops old ones to make room; one larger than the table only empties it (RFC 7541, 4.4).</summary>
    /// <param name="name">Its name; not part of this table.</param>
    /// <param name="value">Its value; not part of this table.</param>
    /// <param name="facts">What is known about them; lengths and start are filled in here.</param>
    /// <param name="fieldHash">For <see cref="FindField"/>; not 0.</param>
    /// <param name="nameHash">For <see cref="FindName"/>; not 0.</param>
    public void Insert(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value, HpackEntry facts, uint fieldHash = 0, uint nameHash = 0)
    {
        facts.NameLength = name.Length;
        facts.ValueLength = value.Length;
        if (facts.Size > Capacity)
        {
            Clear();
            return;
        }

        EvictTo(Capacity - facts.Size);
        if (_end + facts.Length > _bytes.Length) MakeRoom(facts.Length);
        if (Count == _entries.Length) GrowEntries();

        facts.Start = _end;
        name.CopyTo(_bytes.AsSpan(_end));
        value.CopyTo(_bytes.AsSpan(_end + name.Length));
        _end += facts.Length;
        _live += facts.Length;
        Size += facts.Size;
        int slot = (_oldest + Count) & (_entries.Length - 1);
        _entries[slot] = facts;
        if (isSearched)
        {
            _fieldHashes[slot] = fieldHash;
            _nameHashes[slot] = nameHash;
        }

        Count++;
    }

    /// <summary>An entry with this hash of name and value, or -1. Whether it is the same field is for the caller to compare.</summary>
    public int FindField(uint hash) => NewestOf(_fieldHashes.AsSpan().IndexOf(hash));

    /// <summary>An entry with this hash of its name, or -1. Whether it is the same name is for the caller to compare.</summary>
    public int FindName(uint hash) => NewestOf(_nameHashes.AsSpan().IndexOf(hash));

    /// <summary>The entry that was found after the last one the time before, or -1. A guess, for the caller to compare.</summary>
    public int Guess()
    {
        byte[] followers = _followers;
        int last = _last;
        if ((uint)last >= (uint)followers.Length) return -1;
        int newest = NewestOf(followers[last]);
        return newest < Count ? newest : -1;
    }

    /// <summary>Remembers which entry was found, for <see cref="Guess"/>.</summary>
    public void Follow(int newest)
    {
        int slot = (_oldest + Count - 1 - newest) & (_entries.Length - 1);
        _followers[_last] = (byte)slot;
        _last = slot;
    }

    private int NewestOf(int slot) => slot < 0 ? slot : (_oldest + Count - 1 - slot) & (_entries.Length - 1);

    private void EvictTo(int size)
    {
        while (Size > size)
        {
            ref HpackEntry entry = ref _entries[_oldest];
            Size -= entry.Size;
            _live -= entry.Length;
            if (isSearched) _fieldHashes[_oldest] = _nameHashes[_oldest] = 0;
            _oldest = (_oldest + 1) & (_entries.Length - 1);
            Count--;
        }

        if (Count > 0) return;
        Debug.Assert(Size == 0 && _live == 0, "an empty table has no bytes");
        _end = 0;
    }

    /// <summary>Moves the live bytes to the front, of a larger array when they fill more than half of this one.</summary>
    private void MakeRoom(int length)
    {
        int needed = _live + length;
        byte[] target = _bytes;
        if (needed > _bytes.Length || (_live > _bytes.Length / 2 && _bytes.Length < Capacity))
        {
            target = GC.AllocateUninitializedArray<byte>(Math.Max(256, (int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(needed, _bytes.Length + 1))));
        }

        int first = _end - _live;
        Buffer.BlockCopy(_bytes, first, target, 0, _live);
        for (int i = 0; i < Count; i++) _entries[(_oldest + i) & (_entries.Length - 1)].Start -= first;
        _bytes = target;
        _end = _live;
    }

    private void GrowEntries()
    {
        int length = Math.Max(8, _entries.Length * 2);
        var entries = new HpackEntry[length];
        uint[] fieldHashes = isSearched ? new uint[length] : [];
        uint[] nameHashes = isSearched ? new uint[length] : [];
        Debug.Assert(length <= byte.MaxValue + 1 || !isSearched, "a searched table has slots that fit a byte: it is bounded by HpackEncoder.LargestTable");
        if (isSearched) _followers = new byte[length];
        _last = 0;
        for (int i = 0; i < Count; i++)
        {
            int slot = (_oldest + i) & (_entries.Length - 1);
            entries[i] = _entries[slot];
            if (!isSearched) continue;
            fieldHashes[i] = _fieldHashes[slot];
            nameHashes[i] = _nameHashes[slot];
        }

        _entries = entries;
        _fieldHashes = fieldHashes;
        _nameHashes = nameHashes;
        _oldest = 0;
    }
}

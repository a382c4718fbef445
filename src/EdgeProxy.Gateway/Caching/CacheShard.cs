namespace EdgeProxy.Gateway.Caching;

/// <summary>One part of a <see cref="CacheStore"/>: an index, and two queues of segments that entries pass through (S3-FIFO).</summary>
/// <remarks>
/// <para><code>
///   store --> small (a tenth) --used twice or more--> main --used since--> main again, with one use less
///                |                                      |
///                \--else--> forgotten but for its hash  \--else--> forgotten
///                                  |
///   store again while the hash is remembered ---------> main
/// </code></para>
/// <para>
/// What is asked for once passes through the small queue and leaves the main one alone: a scan takes a tenth of the memory at most. The queues are logs of segments, and what
/// is spared is copied to the end of main; so all memory is used, whatever sizes entries have, and the budget is exact. Of one segment half is spared at most: what a store may
/// have to do is bounded.
/// </para>
/// <para>Finding takes no lock. Storing does, for a few hundred nanoseconds, or as long as it takes to give up a segment; the entry's bytes are filled in outside of it.</para>
/// </remarks>
internal sealed class CacheShard
{
    private const int SmallShare = 10;
    private const int MostEvictions = 4;
    private const byte UsesToBeProven = 2;
    private const int ExpectedEntry = 1024;
    private const long GrowPause = 10_000_000_000;

    private readonly Lock _gate = new();
    private readonly CacheSegment?[] _segments;
    private readonly Stack<CacheSegment> _free = new();
    private readonly List<CacheSegment> _lingering = [];
    private readonly SegmentQueue _small = new();
    private readonly SegmentQueue _main = new();
    private readonly GhostTable _ghosts = new();
    private readonly CacheIndex _index;
    private readonly int _segmentSize;
    private readonly Func<int, byte[]> _allocate;
    private readonly int _planned;
    private int _most;
    private long _growsAt;
    private int _made;
    private long _evicted;
    private long _refused;

    /// <param name="segments">How many it may have.</param>
    /// <param name="segmentSize">Bytes of each.</param>
    /// <param name="allocate">Makes their memory.</param>
    public CacheShard(int segments, int segmentSize, Func<int, byte[]> allocate)
    {
        _allocate = allocate;
        _most = _planned = segments;
        _segmentSize = segmentSize;
        _segments = new CacheSegment?[segments + 1];
        _index = new CacheIndex(_segments, (int)Math.Min(int.MaxValue / 4, (long)segments * segmentSize / ExpectedEntry));
    }

    // Segments that could be had without giving one up; the last of them is for what is spared.
    private int Available => _free.Count + _most - _made;

    /// <summary>Figures of now.</summary>
    public CacheFigures Figures
    {
        get
        {
            lock (_gate) return new CacheFigures(_index.Count, (long)_made * _segmentSize, _index.Bytes + _ghosts.Bytes, _evicted, _refused);
        }
    }

    /// <summary>Finds a fresh entry and holds it. Any thread, no lock.</summary>
    public bool TryFind(ReadOnlySpan<byte> key, ulong hash, long now, out CachedEntry entry)
    {
        entry = default;
        if (!_index.TryHold(key, hash, out CacheSegment segment, out int offset)) return false;
        ref EntryHeader header = ref EntryHeader.At(segment.Buffer, offset);
        if (now >= header.ExpiresAt)
        {
            segment.Release();
            return false;
        }

        // Only while it says something new: else every hit would take the line away from other processors.
        if (header.Uses < EntryHeader.MostUses) header.Uses++;
        entry = new CachedEntry(segment, offset);
        return true;
    }

    /// <summary>Makes room for an entry; false when it is too large, or everything is in use. Any thread.</summary>
    public bool TryReserve(ReadOnlySpan<byte> key, ulong hash, int headLength, int bodyLength, long now, out PendingEntry entry)
    {
        entry = default;
        if ((long)key.Length + headLength + bodyLength > _segmentSize - EntryHeader.Size) return false;
        int length = EntryHeader.LengthOf(key.Length, headLength, bodyLength);
        lock (_gate)
        {
            SegmentQueue queue = IsProven(key, hash) ? _main : _small;
            if (!queue.HasRoom(length) && !TryGoOn(queue, length, now))
            {
                _refused++;
                return false;
            }

            CacheSegment segment = queue.Open!;
            int offset = segment.Used;
            segment.Used += length;
            ref EntryHeader header = ref EntryHeader.At(segment.Buffer, offset);
            header = new EntryHeader { Hash = hash, KeyLength = key.Length, HeadLength = headLength, BodyLength = bodyLength, State = EntryState.Reserved };
            key.CopyTo(segment.Buffer.AsSpan(offset + header.KeyStart));
            segment.Hold();
            entry = new PendingEntry(this, segment, offset);
            return true;
        }
    }

    /// <summary>Takes an entry out; false when there was none. Any thread.</summary>
    public bool Remove(ReadOnlySpan<byte> key, ulong hash)
    {
        lock (_gate)
        {
            int at = _index.Find(key, hash);
            if (at < 0) return false;
            _index.HeaderAt(at).State = EntryState.Dead;
            _index.RemoveAt(at);
            return true;
        }
    }

    /// <summary>Puts a reserved entry into the index; false when the index has no place for it. Its segment is held by the caller, and so was not given up.</summary>
    internal bool Publish(CacheSegment segment, int offset)
    {
        lock (_gate)
        {
            ref EntryHeader header = ref EntryHeader.At(segment.Buffer, offset);
            header.State = EntryState.Dead;
            ulong word = CacheIndex.WordOf(header.Hash, segment, offset);
            int at = _index.Find(segment.Buffer.AsSpan(offset + header.KeyStart, header.KeyLength), header.Hash);
            if (at >= 0)
            {
                _index.HeaderAt(at).State = EntryState.Dead;
                header.State = EntryState.Published;
                _index.Replace(at, word);
                return true;
            }

            // Before the word is there: readers ask for no state, but giving up the segment does.
            header.State = EntryState.Published;
            if (_index.TryAdd(header.Hash, word)) return true;
            header.State = EntryState.Dead;
            return false;
        }
    }

    /// <summary>Gives a reserved entry up. Its segment is held by the caller.</summary>
    internal void Abandon(CacheSegment segment, int offset)
    {
        lock (_gate) EntryHeader.At(segment.Buffer, offset).State = EntryState.Dead;
    }

    // What comes back after it was forgotten, or is stored again while it was in use, is no passer-by.
    private bool IsProven(ReadOnlySpan<byte> key, ulong hash)
    {
        if (_ghosts.Take(hash, Math.Max(_index.Count, 16))) return true;
        int at = _index.Find(key, hash);
        return at >= 0 && _index.HeaderAt(at).Uses > 0;
    }

    private bool TryGoOn(SegmentQueue queue, int length, long now)
    {
        Collect();
        GrowAgain(now);
        for (int i = 0; i < MostEvictions && Available <= 1; i++)
        {
            if (!TryEvict(now)) break;
        }

        // Sparing may have gone on in main already.
        if (queue.HasRoom(length)) return true;
        if (Available <= 1 || TakeEmptyOrNull() is not { } empty) return false;
        queue.GoOn(empty);
        return true;
    }

    private CacheSegment? TakeEmptyOrNull()
    {
        if (!_free.TryPop(out CacheSegment? segment))
        {
            segment = MakeOrNull();
            if (segment is null) return null;
            _segments[++_made] = segment;
        }

        segment.Used = 0;
        return segment;
    }

    // Without memory for another, older entries make room for newer ones, until it is tried again.
    private CacheSegment? MakeOrNull()
    {
        try
        {
            return new CacheSegment(_made + 1, _allocate(_segmentSize));
        }
        catch (OutOfMemoryException)
        {
            _most = _made;
            return null;
        }
    }

    private void GrowAgain(long now)
    {
        if (_most == _planned) return;
        if (_growsAt == 0)
        {
            _growsAt = now + GrowPause;
        }
        else if (now >= _growsAt)
        {
            _growsAt = 0;
            _most = _planned;
        }
    }

    // Those that somebody took hold of while they were given up.
    private void Collect()
    {
        for (int i = _lingering.Count - 1; i >= 0; i--)
        {
            if (_lingering[i].IsHeld) continue;
            _free.Push(_lingering[i]);
            _lingering.RemoveAt(i);
        }
    }

    private bool TryEvict(long now)
    {
        bool smallFirst = _small.HasFull && (_small.Count > Math.Max(1, _most / SmallShare) || !_main.HasFull);
        CacheSegment? oldest = (smallFirst ? _small : _main).TakeOldest();
        if (oldest is null)
        {
            smallFirst = !smallFirst;
            oldest = (smallFirst ? _small : _main).TakeOldest();
            if (oldest is null) return false;
        }

        GiveUp(oldest, isSmall: smallFirst, now);
        return true;
    }

    private void GiveUp(CacheSegment segment, bool isSmall, long now)
    {
        int spared = 0;
        if (isSmall) _ghosts.Fit(_index.Count);
        for (int offset = 0; offset < segment.Used;)
        {
            ref EntryHeader header = ref EntryHeader.At(segment.Buffer, offset);
            int length = header.Length;
            if (header.State == EntryState.Published)
            {
                int at = _index.Find(header.Hash, CacheIndex.WordOf(header.Hash, segment, offset));
                bool isUsed = header.Uses >= (isSmall ? UsesToBeProven : 1) && now < header.ExpiresAt;
                if (at >= 0 && isUsed && spared + length <= _segmentSize / 2 && TrySpare(segment, offset, length, isSmall, at))
                {
                    spared += length;
                }
                else if (at >= 0)
                {
                    if (isSmall && !isUsed) _ghosts.Add(header.Hash);
                    _index.RemoveAt(at);
                    _evicted++;
                }

                header.State = EntryState.Dead;
            }

            offset += length;
        }

        if (segment.IsHeld) _lingering.Add(segment);
        else _free.Push(segment);
    }

    private bool TrySpare(CacheSegment segment, int offset, int length, bool isSmall, int at)
    {
        if (!_main.HasRoom(length))
        {
            if (Available == 0 || TakeEmptyOrNull() is not { } empty) return false;
            _main.GoOn(empty);
        }

        CacheSegment to = _main.Open!;
        int toOffset = to.Used;
        to.Used += length;
        segment.Buffer.AsSpan(offset, length).CopyTo(to.Buffer.AsSpan(toOffset));
        ref EntryHeader moved = ref EntryHeader.At(to.Buffer, toOffset);
        moved.Uses = isSmall ? (byte)0 : (byte)(Math.Max((byte)1, moved.Uses) - 1);
        _index.Replace(at, CacheIndex.WordOf(moved.Hash, to, toOffset));
        return true;
    }
}

using System.Diagnostics;
using System.Runtime.CompilerServices;
using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Telemetry.Logging;

/// <summary>One loop's end of an access log: whole lines, written in place, handed to the writer by the chunk.</summary>
/// <remarks>
/// For the loop's thread only, except where said. In steady state nothing is allocated, locked or waited for; the writer is woken
/// by one system call for each chunk at most. When the sink falls behind, the oldest chunk that waits is dropped and its records
/// counted in <c>edgeproxy_log_dropped_total</c>.
/// </remarks>
public sealed class AccessLogProducer
{
    /// <summary>The longest record; longer ones are dropped and counted (observability 1.1).</summary>
    public const int MaxRecordBytes = 1 << 20;

    // Kept for reuse: enough for a writer that gets the processor late. They exist only once they were needed; what a long stall needed
    // beyond them is let go.
    private const int SpareChunks = 8;

    private readonly AccessLog _log;
    private readonly int _stripe;
    private readonly LogChunkQueue _full;
    private readonly LogChunkQueue _spare = new(SpareChunks);
    private readonly Counter _dropped;
    private readonly int _chunkBytes;
    private readonly long _maxBytes;
    private readonly long _maxRecords;
    private readonly long _flushAfter;

    private LogChunk? _open;
    private long _openedAt;
    private int _reserved;
    private long _allocatedBytes;
    private long _handedRecords;

    // Written by the writer thread.
    private long _releasedBytes;
    private long _writtenRecords;

    internal AccessLogProducer(AccessLog log, int stripe, int share, AccessLogOptions options, Counter dropped)
    {
        _log = log;
        _stripe = stripe;
        _dropped = dropped;
        _chunkBytes = options.ChunkBytes;

        // Two chunks at least: one to fill while the other is written.
        _maxBytes = Math.Max(options.MaxBytes / share, 2L * _chunkBytes);
        _maxRecords = Math.Max(options.MaxRecords / share, 1);
        _flushAfter = options.FlushAfter;
        _full = new LogChunkQueue((int)Math.Min(_maxBytes / _chunkBytes, 1 << 16));
    }

    /// <summary>When <see cref="Tick"/> has something to do, in monotonic nanoseconds; <see cref="long.MaxValue"/> if never.</summary>
    public long Due => _open is { Records: > 0 } ? _openedAt + _flushAfter : long.MaxValue;

    internal bool HasFull => !_full.IsEmpty;

    /// <summary>
    /// Room for one line, its line feed included. Empty when there is none (the record is dropped and counted). Asking again
    /// before <see cref="Commit"/> replaces the room, so a line that turned out longer may ask for more and start over.
    /// </summary>
    /// <param name="maxBytes">At most this many bytes will be committed.</param>
    public Span<byte> Reserve(int maxBytes)
    {
        Debug.Assert(maxBytes >= 0);
        LogChunk? open = _open;
        if (open is null || open.Free < maxBytes)
        {
            open = OpenAnother(maxBytes);
            if (open is null)
            {
                _reserved = 0;
                _dropped.Increment(_stripe);
                return default;
            }
        }

        _reserved = maxBytes;
        return open.Room(maxBytes);
    }

    /// <summary>Makes the line written into the reserved room part of the log. Zero bytes commit nothing.</summary>
    /// <param name="written">Bytes written, not more than were reserved.</param>
    /// <param name="now">Monotonic nanoseconds.</param>
    public void Commit(int written, long now)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)written, (uint)_reserved);
        _reserved = 0;
        if (written == 0) return;
        LogChunk open = _open!;
        if (open.Records == 0) _openedAt = now;
        open.Length += written;
        open.Records++;
    }

    /// <summary>Hands over a chunk that is old enough. Call once a loop turn, and no later than <see cref="Due"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Tick(long now)
    {
        if (_open is { Records: > 0 } && now - _openedAt >= _flushAfter) Flush();
    }

    /// <summary>Hands over what there is now. The loop's last call, before its thread ends.</summary>
    public void Flush()
    {
        if (_open is not { Records: > 0 } open) return;
        _open = null;
        _reserved = 0;
        _handedRecords += open.Records;
        while (_handedRecords - Volatile.Read(ref _writtenRecords) > _maxRecords && DropOldest())
        {
        }

        while (!_full.TryAdd(open)) DropOldest();

        _log.Wake();
    }

    /// <summary>The oldest full chunk, now the writer's; null when there is none. Writer thread.</summary>
    internal LogChunk? TakeFull() => _full.Take();

    /// <summary>Gives a chunk back after it was written. Writer thread.</summary>
    internal void GiveBack(LogChunk chunk)
    {
        Volatile.Write(ref _writtenRecords, _writtenRecords + chunk.Records);
        chunk.Clear();
        int bytes = chunk.Capacity;
        if (bytes == _chunkBytes && _spare.TryAdd(chunk)) return;
        chunk.Dispose();
        Volatile.Write(ref _releasedBytes, _releasedBytes + bytes);
    }

    private LogChunk? OpenAnother(int maxBytes)
    {
        if (maxBytes > MaxRecordBytes) return null;
        Flush();

        // An empty one that was too small.
        if (_open is not null) Forget(_open);
        _open = null;
        if (maxBytes <= _chunkBytes && _spare.Take() is { } spare) return _open = spare;

        int bytes = Math.Max(maxBytes, _chunkBytes);
        while (_allocatedBytes - Volatile.Read(ref _releasedBytes) + bytes > _maxBytes)
        {
            if (_full.Take() is not { } oldest)
            {
                // A chunk the writer gave back meanwhile.
                if (_spare.Take() is not { } late) return null;
                if (maxBytes <= _chunkBytes) return _open = late;
                Forget(late);
                continue;
            }

            CountDropped(oldest);
            oldest.Clear();
            if (oldest.Capacity == _chunkBytes && maxBytes <= _chunkBytes) return _open = oldest;
            Forget(oldest);
        }

        _allocatedBytes += bytes;
        return _open = new LogChunk(bytes);
    }

    private bool DropOldest()
    {
        if (_full.Take() is not { } oldest) return false;
        CountDropped(oldest);
        Forget(oldest);
        return true;
    }

    private void CountDropped(LogChunk chunk)
    {
        // Dropped records wait no more: they leave the count of handed ones, which only this thread writes.
        _handedRecords -= chunk.Records;
        _dropped.Add(_stripe, chunk.Records);
    }

    private void Forget(LogChunk chunk)
    {
        _allocatedBytes -= chunk.Capacity;
        chunk.Dispose();
    }
}

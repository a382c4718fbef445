using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeProxy.Telemetry.Logging;

/// <summary>A bounded queue of chunks with one adder. Both sides may take, so that the adder can drop the oldest when it is full.</summary>
/// <remarks>
/// Positions only rise. A slot is read before its position is claimed: whoever loses the claim forgets what it read. The adder
/// overwrites a slot only when the position a ring's length earlier was claimed, and then every reader still holding that older
/// position fails its claim.
/// </remarks>
[StructLayout(LayoutKind.Auto)]
internal sealed class LogChunkQueue
{
    private readonly LogChunk?[] _slots;
    private readonly int _mask;
    private Position _taken;
    private Position _added;

    public LogChunkQueue(int capacity)
    {
        _slots = new LogChunk?[BitOperations.RoundUpToPowerOf2((uint)Math.Max(capacity, 2))];
        _mask = _slots.Length - 1;
    }

    public bool IsEmpty => Volatile.Read(ref _taken.Value) == Volatile.Read(ref _added.Value);

    /// <summary>Adds behind the others; false when the ring is full. One thread only.</summary>
    public bool TryAdd(LogChunk chunk)
    {
        long added = _added.Value;
        if (added - Volatile.Read(ref _taken.Value) >= _slots.Length) return false;
        Volatile.Write(ref _slots[added & _mask], chunk);
        Volatile.Write(ref _added.Value, added + 1);
        return true;
    }

    /// <summary>Takes the oldest; null when there is none.</summary>
    public LogChunk? Take()
    {
        while (true)
        {
            long taken = Volatile.Read(ref _taken.Value);
            if (taken >= Volatile.Read(ref _added.Value)) return null;
            LogChunk? chunk = Volatile.Read(ref _slots[taken & _mask]);
            if (Interlocked.CompareExchange(ref _taken.Value, taken + 1, taken) == taken) return chunk;
        }
    }

    // Two lines, so that the adder and the taker do not write the same one, prefetched neighbour included.
    [StructLayout(LayoutKind.Explicit, Size = 128)]
    private struct Position
    {
        [FieldOffset(64)]
        public long Value;
    }
}

using System.Buffers;
using System.Diagnostics;
using System.Numerics;

namespace EdgeProxy.Http.Http2.Streams;

/// <summary>The streams of one connection by number: open addressing, with memory from a pool and next to none when empty.</summary>
/// <remarks>All numbers of one side are odd, or all even: the lowest bit is left out of the hash. Loop thread only. A struct to be held in one place.</remarks>
/// <typeparam name="T">What a stream is to its connection.</typeparam>
public struct StreamTable<T>
    where T : class
{
    /// <summary>Slots kept by a connection that has no stream at the moment.</summary>
    private const int KeptSlots = 16;

    private Slot[]? _slots;

    public StreamTable()
    {
    }

    public int Count { get; private set; }

    /// <summary>The stream with this number; null when there is none.</summary>
    public readonly T? FindOrNull(int id)
    {
        if (_slots is not { } slots) return null;
        int mask = slots.Length - 1;
        for (int at = Home(id, mask); slots[at].Stream is { } stream; at = (at + 1) & mask)
        {
            if (slots[at].Id == id) return stream;
        }

        return null;
    }

    /// <summary>Adds a stream whose number is not in the table.</summary>
    public void Add(int id, T stream)
    {
        Debug.Assert(FindOrNull(id) is null, "a stream was added twice");
        if (_slots is null) _slots = ArrayPool<Slot>.Shared.Rent(KeptSlots);
        else if ((Count + 1) * 4 > _slots.Length * 3) Grow();
        Count++;
        Put(_slots, id, stream);
    }

    /// <summary>Takes a stream out; false when it is not there.</summary>
    public bool Remove(int id)
    {
        if (_slots is not { } slots) return false;
        int mask = slots.Length - 1;
        int at = Home(id, mask);
        while (slots[at].Stream is not null && slots[at].Id != id) at = (at + 1) & mask;
        if (slots[at].Stream is null) return false;

        // What was pushed away from its place by this one moves up, so that no search ends too early.
        int hole = at;
        for (int next = (hole + 1) & mask; slots[next].Stream is not null; next = (next + 1) & mask)
        {
            int home = Home(slots[next].Id, mask);
            if (((next - home) & mask) < ((next - hole) & mask)) continue;
            slots[hole] = slots[next];
            hole = next;
        }

        slots[hole] = default;
        Count--;
        if (Count == 0 && slots.Length > KeptSlots) Release();
        return true;
    }

    /// <summary>Any stream from a position on, which then stands behind it; null at the end.</summary>
    /// <remarks>Who takes out the stream it gave sets the position back by one, because another may have moved into that place. Nothing may be added meanwhile.</remarks>
    public readonly T? NextOrNull(ref int position)
    {
        if (_slots is not { } slots) return null;
        while (position < slots.Length)
        {
            if (slots[position++].Stream is { } stream) return stream;
        }

        return null;
    }

    /// <summary>Gives all memory back. Streams still in the table are forgotten.</summary>
    public void Release()
    {
        if (_slots is null) return;
        ArrayPool<Slot>.Shared.Return(_slots, clearArray: true);
        _slots = null;
        Count = 0;
    }

    private static int Home(int id, int mask) => (int)(((uint)(id >> 1) * 0x9E3779B1u) >> 8) & mask;

    private static void Put(Slot[] slots, int id, T stream)
    {
        int mask = slots.Length - 1;
        int at = Home(id, mask);
        while (slots[at].Stream is not null) at = (at + 1) & mask;
        slots[at] = new Slot { Id = id, Stream = stream };
    }

    private void Grow()
    {
        Slot[] old = _slots!;
        Slot[] larger = ArrayPool<Slot>.Shared.Rent(old.Length * 2);
        Debug.Assert(BitOperations.IsPow2(larger.Length), "the pool lends powers of two");
        foreach (Slot slot in old)
        {
            if (slot.Stream is { } stream) Put(larger, slot.Id, stream);
        }

        ArrayPool<Slot>.Shared.Return(old, clearArray: true);
        _slots = larger;
    }

    private struct Slot
    {
        public int Id;
        public T? Stream;
    }
}

using System.Diagnostics.CodeAnalysis;

namespace EdgeProxy.Core.Concurrency;

/// <summary>A bounded queue from any thread into one loop (Vyukov's array queue): a ticket per cell, no lock.</summary>
public sealed class Mailbox
{
    private readonly Cell[] _cells;
    private readonly int _mask;
    private long _enqueue;
    private long _dequeue;

    /// <param name="capacity">Rounded up to a power of two.</param>
    public Mailbox(int capacity)
    {
        int size = (int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)Math.Max(2, capacity));
        _cells = new Cell[size];
        _mask = size - 1;
        for (int i = 0; i < size; i++) _cells[i].Ticket = i;
    }

    /// <summary>Whether a message waits. Exact on the loop's thread, a hint elsewhere.</summary>
    public bool HasMessages => Volatile.Read(ref _cells[(int)(Volatile.Read(ref _dequeue) & _mask)].Ticket) == Volatile.Read(ref _dequeue) + 1;

    /// <summary>Puts a message in; false when the mailbox is full, and the sender must decide what that means.</summary>
    public bool TryPost(in LoopMessage message)
    {
        while (true)
        {
            long position = Volatile.Read(ref _enqueue);
            ref Cell cell = ref _cells[(int)(position & _mask)];
            long difference = Volatile.Read(ref cell.Ticket) - position;
            if (difference < 0) return false;
            if (difference == 0 && Interlocked.CompareExchange(ref _enqueue, position + 1, position) == position)
            {
                cell.Message = message;
                Volatile.Write(ref cell.Ticket, position + 1);
                return true;
            }
        }
    }

    /// <summary>Takes the oldest message. Loop thread only.</summary>
    public bool TryTake([MaybeNullWhen(false)] out LoopMessage message)
    {
        ref Cell cell = ref _cells[(int)(_dequeue & _mask)];
        if (Volatile.Read(ref cell.Ticket) != _dequeue + 1)
        {
            message = default;
            return false;
        }

        message = cell.Message;
        cell.Message = default;
        Volatile.Write(ref cell.Ticket, _dequeue + _mask + 1);
        Volatile.Write(ref _dequeue, _dequeue + 1);
        return true;
    }

    private struct Cell
    {
        public long Ticket;
        public LoopMessage Message;
    }
}

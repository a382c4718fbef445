using System.Runtime.CompilerServices;

namespace EdgeProxy.Telemetry.Metrics;

/// <summary>A run of 64-bit cells that several series share, with one copy of the run per stripe.</summary>
/// <remarks>
/// A stripe is the set of cells that exactly one thread writes, so a plain add is enough. Series of one page lie side by side
/// within a stripe, and stripes lie in arrays of their own with a cache line of room at both ends: two loops never write the same
/// line, and a counter costs 8 bytes a loop instead of a padded line. A stripe of a page is allocated at its first write.
/// The last stripe belongs to every thread that has none of its own and is written with interlocked adds.
/// </remarks>
internal sealed class CellPage
{
    /// <summary>Cells a page can hand out.</summary>
    public const int Capacity = 496;

    // 64 bytes before the first cell, whatever the array's own alignment, and 64 after the last.
    private const int Padding = 8;

    private readonly long[]?[] _stripes;

    public CellPage(int stripes) => _stripes = new long[]?[stripes + 1];

    /// <summary>How many stripes have a single writer; the one at this index is shared.</summary>
    public int SingleWriterStripes => _stripes.Length - 1;

    /// <summary>The index in a stripe's array of a page's cell.</summary>
    public static int IndexOf(int cell) => cell + Padding;

    /// <summary>The cells of one single-writer stripe, for that stripe's thread.</summary>
    public long[] Own(int stripe)
    {
        return _stripes[stripe] ?? AddStripe(stripe);
    }

    /// <summary>The cells written by all other threads; use interlocked adds.</summary>
    public long[] Shared()
    {
        return Volatile.Read(ref _stripes[^1]) ?? AddStripe(_stripes.Length - 1);
    }

    /// <summary>Adds to one cell: plainly in a stripe with a single writer, whose thread this is, else interlocked in the shared one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int stripe, int index, long n)
    {
        if ((uint)stripe < (uint)SingleWriterStripes)
        {
            ref long cell = ref Own(stripe)[index];
            Volatile.Write(ref cell, cell + n);
        }
        else
        {
            Interlocked.Add(ref Shared()[index], n);
        }
    }

    /// <summary>The sum of one cell over all stripes. Any thread; a concurrent add is seen now or next time.</summary>
    public long Sum(int index)
    {
        long sum = 0;
        for (int i = 0; i < _stripes.Length; i++)
        {
            if (Volatile.Read(ref _stripes[i]) is { } cells) sum += Volatile.Read(ref cells[index]);
        }

        return sum;
    }

    private long[] AddStripe(int stripe)
    {
        var cells = new long[Capacity + (2 * Padding)];
        return Interlocked.CompareExchange(ref _stripes[stripe], cells, null) ?? cells;
    }
}

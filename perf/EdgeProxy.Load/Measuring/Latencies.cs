using System.Numerics;

namespace EdgeProxy.Load.Measuring;

/// <summary>A histogram of durations in nanoseconds, up to one hour, each kept with an error below 0.1 %.</summary>
/// <remarks>
/// The layout of HdrHistogram with three significant digits: values below 2,048 have a cell each, and from there on every doubling
/// is cut into 1,024 cells of equal width. (The NuGet package HdrHistogram 2.5 needs run-time packages that do not restore for
/// a native build.)
/// </remarks>
internal sealed class Latencies
{
    /// <summary>The longest duration that is told apart: one hour.</summary>
    public const long Highest = 3_600_000_000_000;

    private const int PrecisionBits = 10;
    private readonly long[] _cells = new long[CellOf(Highest) + 1];
    private double _sum;

    /// <summary>How many durations were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, exactly; 0 when there is none.</summary>
    public long Longest { get; private set; }

    /// <summary>The arithmetic mean; 0 when there is none.</summary>
    public double Mean => Count == 0 ? 0 : _sum / Count;

    /// <summary>Adds a duration; one out of range counts as the nearest that is in range.</summary>
    public void Record(long nanoseconds)
    {
        nanoseconds = Math.Clamp(nanoseconds, 0, Highest);
        _cells[CellOf(nanoseconds)]++;
        _sum += nanoseconds;
        Count++;
        if (nanoseconds > Longest) Longest = nanoseconds;
    }

    /// <summary>Adds all durations of another.</summary>
    public void Add(Latencies other)
    {
        for (int cell = 0; cell < _cells.Length; cell++) _cells[cell] += other._cells[cell];
        _sum += other._sum;
        Count += other.Count;
        Longest = Math.Max(Longest, other.Longest);
    }

    /// <summary>The least duration, as far as cells tell, that <paramref name="percent"/> of all do not exceed; 0 when there is none.</summary>
    public long Percentile(double percent)
    {
        long wanted = Math.Clamp((long)Math.Ceiling(percent / 100 * Count), 1, Math.Max(1, Count));
        long seen = 0;
        for (int cell = 0; cell < _cells.Length; cell++)
        {
            seen += _cells[cell];
            if (seen >= wanted) return Math.Min(HighestIn(cell), Longest);
        }

        return 0;
    }

    private static int CellOf(long value)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)value) - PrecisionBits);
        return (shift << PrecisionBits) + (int)(value >> shift);
    }

    private static long HighestIn(int cell)
    {
        int shift = Math.Max(0, (cell >> PrecisionBits) - 1);
        return (((long)cell - ((long)shift << PrecisionBits) + 1) << shift) - 1;
    }
}

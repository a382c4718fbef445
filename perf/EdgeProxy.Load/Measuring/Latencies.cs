using HdrHistogram;

namespace EdgeProxy.Load.Measuring;

/// <summary>A histogram of durations in nanoseconds, up to one hour, each kept with an error below 0.1 % (HdrHistogram).</summary>
/// <remarks>What HdrHistogram rounds or walks its cells for and is asked often, count, mean and extremes, is kept beside it exactly.</remarks>
internal sealed class Latencies
{
    /// <summary>The longest duration that is told apart: one hour.</summary>
    public const long Highest = 3_600_000_000_000;

    private const int SignificantDigits = 3;
    private readonly LongHistogram _histogram = new(1, Highest, SignificantDigits);
    private double _sum;
    private double _squares;
    private long _shortest = long.MaxValue;

    /// <summary>How many durations were recorded.</summary>
    public long Count { get; private set; }

    /// <summary>The shortest, exactly; 0 when there is none.</summary>
    public long Shortest => Count == 0 ? 0 : _shortest;

    /// <summary>The longest, exactly; 0 when there is none.</summary>
    public long Longest { get; private set; }

    /// <summary>The arithmetic mean; 0 when there is none.</summary>
    public double Mean => Count == 0 ? 0 : _sum / Count;

    /// <summary>The standard deviation of all recorded; 0 when there is none.</summary>
    public double Deviation => Count == 0 ? 0 : Math.Sqrt(Math.Max(0, (_squares / Count) - (Mean * Mean)));

    /// <summary>Adds a duration; one out of range counts as the nearest that is in range.</summary>
    public void Record(long nanoseconds)
    {
        nanoseconds = Math.Clamp(nanoseconds, 0, Highest);
        _histogram.RecordValue(nanoseconds);
        _sum += nanoseconds;
        _squares += (double)nanoseconds * nanoseconds;
        Count++;
        if (nanoseconds > Longest) Longest = nanoseconds;
        if (nanoseconds < _shortest) _shortest = nanoseconds;
    }

    /// <summary>Adds all durations of another.</summary>
    public void Add(Latencies other)
    {
        _histogram.Add(other._histogram);
        _sum += other._sum;
        _squares += other._squares;
        Count += other.Count;
        Longest = Math.Max(Longest, other.Longest);
        _shortest = Math.Min(_shortest, other._shortest);
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        if (Count == 0) return;
        _histogram.Reset();
        (_sum, _squares, Count, Longest, _shortest) = (0, 0, 0, 0, long.MaxValue);
    }

    /// <summary>The least duration, as far as cells tell, that <paramref name="percent"/> of all do not exceed; 0 when there is none.</summary>
    public long Percentile(double percent) =>
        Count == 0 ? 0 : Math.Min(_histogram.HighestEquivalentValue(_histogram.GetValueAtPercentile(percent)), Longest);
}

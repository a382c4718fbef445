using System.Runtime.CompilerServices;

namespace EdgeProxy.Telemetry.Metrics;

/// <summary>One series of times, counted in buckets.</summary>
public sealed class Histogram
{
    private readonly CellPage _page;
    private readonly int _index;
    private readonly BucketBounds _bounds;

    internal Histogram(CellPage page, int index, BucketBounds bounds)
    {
        _page = page;
        _index = index;
        _bounds = bounds;
    }

    /// <summary>Cells a series takes: the buckets, <c>+Inf</c> included, then the sum of nanoseconds.</summary>
    internal static int CellsOf(BucketBounds bounds) => bounds.Count + 2;

    /// <summary>Observations. Any thread.</summary>
    public long Count
    {
        get
        {
            long count = 0;
            for (int bucket = 0; bucket <= _bounds.Count; bucket++) count += InBucket(bucket);
            return count;
        }
    }

    /// <summary>The sum of all observations in seconds. Any thread.</summary>
    public double SumSeconds => _page.Sum(_index + _bounds.Count + 1) / 1e9;

    /// <summary>Observations of one bucket alone (not cumulative).</summary>
    public long InBucket(int bucket) => _page.Sum(_index + bucket);

    /// <summary>Counts a time. The stripe is that of <see cref="Counter.Add"/>; a negative time counts as none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Observe(int stripe, long nanoseconds)
    {
        nanoseconds = Math.Max(nanoseconds, 0);
        int bucket = _index + _bounds.Find(nanoseconds);
        int sum = _index + _bounds.Count + 1;
        if ((uint)stripe < (uint)_page.SingleWriterStripes)
        {
            long[] cells = _page.Own(stripe);
            ref long counted = ref cells[bucket];
            Volatile.Write(ref counted, counted + 1);
            ref long total = ref cells[sum];
            Volatile.Write(ref total, total + nanoseconds);
        }
        else
        {
            long[] cells = _page.Shared();
            Interlocked.Increment(ref cells[bucket]);
            Interlocked.Add(ref cells[sum], nanoseconds);
        }
    }
}

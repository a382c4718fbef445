using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeProxy.Telemetry.Metrics;

/// <summary>The upper bounds of a histogram's buckets, in nanoseconds; the bucket above the last one is <c>+Inf</c>.</summary>
public sealed class BucketBounds
{
    /// <summary>
    /// Latency of requests: the OpenTelemetry HTTP bounds, and 0.0001 to 0.0025 s below them, because most of what a proxy adds
    /// falls there.
    /// </summary>
    public static readonly BucketBounds Latency = FromSeconds(
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10);

    /// <summary>Times within one loop turn or a reload: 10 microseconds to 1 second.</summary>
    public static readonly BucketBounds Short = FromSeconds(
        0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1);

    private readonly double[] _seconds;

    // Padded to a power of two with bounds that nothing exceeds, so that the search below needs no end test.
    private readonly long[] _nanoseconds;

    private BucketBounds(double[] seconds)
    {
        _seconds = seconds;
        _nanoseconds = new long[BitOperations.RoundUpToPowerOf2((uint)seconds.Length + 1)];
        Array.Fill(_nanoseconds, long.MaxValue);
        for (int i = 0; i < seconds.Length; i++) _nanoseconds[i] = (long)Math.Round(seconds[i] * 1e9);
    }

    /// <summary>Finite bounds; there is one bucket more.</summary>
    public int Count => _seconds.Length;

    /// <summary>The finite bounds in seconds, rising.</summary>
    public ReadOnlySpan<double> Seconds => _seconds;

    /// <summary>Makes bounds from rising, positive seconds.</summary>
    public static BucketBounds FromSeconds(params ReadOnlySpan<double> seconds)
    {
        if (seconds.IsEmpty || seconds.Length > 64) throw new ArgumentException("A histogram has 1 to 64 finite bounds.", nameof(seconds));
        double last = 0;
        foreach (double bound in seconds)
        {
            if (!(bound > last) || bound > 1e9) throw new ArgumentException("Bucket bounds must rise from above 0.", nameof(seconds));
            last = bound;
        }

        return new BucketBounds(seconds.ToArray());
    }

    /// <summary>The first bucket whose bound is not below the value; <see cref="Count"/> for <c>+Inf</c>.</summary>
    /// <remarks>
    /// A binary search without a branch to mispredict: the sign of (bound - value) says whether to step. For 19 bounds that is
    /// five steps (benchmark HistogramBenchmarks.Observe).
    /// </remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal int Find(long nanoseconds)
    {
        long[] bounds = _nanoseconds;
        int found = 0;
        for (int step = bounds.Length >> 1; step > 0; step >>= 1)
        {
            long above = (bounds[found + step - 1] - nanoseconds) >> 63;
            found += step & (int)above;
        }

        return found;
    }
}

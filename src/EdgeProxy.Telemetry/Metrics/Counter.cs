using System.Runtime.CompilerServices;

namespace EdgeProxy.Telemetry.Metrics;

/// <summary>One series that only rises.</summary>
public sealed class Counter
{
    private readonly CellPage _page;
    private readonly int _index;

    internal Counter(CellPage page, int index)
    {
        _page = page;
        _index = index;
    }

    /// <summary>The total over all stripes. Any thread.</summary>
    public long Value => _page.Sum(_index);

    /// <summary>Adds to the calling thread's stripe: a plain add, a few nanoseconds, no allocation after the stripe's first.</summary>
    /// <param name="stripe">
    /// The index of the calling loop; or <see cref="MetricRegistry.SharedStripe"/> (or anything else that is no loop's index) on
    /// any other thread, which costs an interlocked add.
    /// </param>
    /// <param name="n">How much; not negative.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int stripe, long n) => _page.Add(stripe, _index, n);

    /// <summary>Adds one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Increment(int stripe) => Add(stripe, 1);
}

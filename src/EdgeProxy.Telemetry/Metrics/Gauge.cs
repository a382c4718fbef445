using System.Runtime.CompilerServices;

namespace EdgeProxy.Telemetry.Metrics;

/// <summary>One series that rises and falls: set as a whole, or moved by the loops.</summary>
/// <remarks>
/// Its value is what was last set plus what all stripes added. A gauge of something each loop owns (connections) is only ever
/// moved; one that a single place knows is only ever set.
/// </remarks>
public sealed class Gauge
{
    private readonly CellPage _page;
    private readonly int _index;
    private double _set;

    internal Gauge(CellPage page, int index)
    {
        _page = page;
        _index = index;
    }

    /// <summary>The value now. Any thread.</summary>
    public double Value => Volatile.Read(ref _set) + _page.Sum(_index);

    /// <summary>Sets the value. Any thread; the last writer wins.</summary>
    public void Set(double value) => Volatile.Write(ref _set, value);

    /// <summary>Moves the value by <paramref name="n"/>, which may be negative. The stripe is that of <see cref="Counter.Add"/>.</summary>
    /// <remarks>What one loop adds another may take away: a stripe may go below zero, the sum does not.</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(int stripe, long n) => _page.Add(stripe, _index, n);
}

namespace EdgeProxy.Gateway.Throttling;

/// <summary>How fast a <see cref="TokenBucket"/> fills and how much it holds: what an operator wrote, in the units that the bucket reckons in.</summary>
/// <remarks>
/// The bucket reckons in nanoseconds; above a thousand a second in sixteenths of them, because there the rounding of an interval shows. The interval of a
/// token is rounded up, so that a bucket never gives more than it was told to, and at most a millionth less up to 16,000 a second.
/// </remarks>
internal readonly struct Rate : IEquatable<Rate>
{
    private const double NanosecondsPerSecond = 1_000_000_000;
    private const double FineFrom = 1000;
    private const int FineShift = 4;

    // 73 years of nanoseconds: an instant of this process and the depth of a bucket together fit a word.
    private const long Longest = 1L << 61;

    /// <param name="perSecond">Tokens a second, fractions included. 0 and less (and what is no number) admits nothing.</param>
    /// <param name="burst">Tokens in a full bucket. 0 and less admits nothing.</param>
    public Rate(double perSecond, int burst)
        : this(perSecond, burst, perSecond > FineFrom ? FineShift : 0)
    {
    }

    private Rate(double perSecond, int burst, int shift)
    {
        PerSecond = perSecond;
        Burst = burst;
        if (!(perSecond > 0) || burst <= 0)
        {
            // A rate of 0 with a burst would admit that burst once in the life of the node; nobody means that.
            TicksPerToken = 1;
            Depth = -1;
            return;
        }

        Shift = shift;
        double ticksPerSecond = NanosecondsPerSecond * (1 << Shift);
        double interval = Math.Ceiling(ticksPerSecond / perSecond);

        // The quotient was rounded to a double before it was rounded up; what it lacks shows in the product, which is exact here.
        if (Math.FusedMultiplyAdd(interval, perSecond, -ticksPerSecond) < 0) interval++;
        TicksPerToken = interval >= Longest ? Longest : Math.Max(1, (long)interval);
        Depth = TicksPerToken > Longest / burst ? Math.Max(TicksPerToken, Longest) : TicksPerToken * burst;
    }

    /// <summary>Tokens a second.</summary>
    public double PerSecond { get; }

    /// <summary>Tokens in a full bucket.</summary>
    public int Burst { get; }

    /// <summary>How far one token pushes the instant at which the bucket is full.</summary>
    internal long TicksPerToken { get; }

    /// <summary>How far ahead that instant is when the bucket is empty; below zero for a bucket that gives nothing.</summary>
    internal long Depth { get; }

    /// <summary>From nanoseconds to ticks.</summary>
    internal int Shift { get; }

    /// <summary>The rate of a setting, or null for none: -1 or absent in either figure (rest-api.md 9.3).</summary>
    public static Rate? From(double? perSecond, int? burst) =>
        perSecond is not { } rate || burst is not { } most || rate == -1 || most == -1 ? null : new Rate(rate, most);

    /// <summary>The same in sixteenths whatever the rate, for a bucket that outlasts its figures.</summary>
    public static Rate InSixteenths(double perSecond, int burst) => new(perSecond, burst, FineShift);

    public static bool operator ==(Rate left, Rate right) => left.Equals(right);

    public static bool operator !=(Rate left, Rate right) => !left.Equals(right);

    public bool Equals(Rate other) => PerSecond.Equals(other.PerSecond) && Burst == other.Burst;

    public override bool Equals(object? obj) => obj is Rate other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(PerSecond, Burst);
}

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>How much of a body a route's phases must hold before they can run (architecture.md 3).</summary>
internal readonly record struct BodyNeed
{
    private BodyNeed(int prefix) => PrefixLength = prefix;

    /// <summary>Nothing: the body streams through.</summary>
    public static BodyNeed None => default;

    /// <summary>All of it.</summary>
    public static BodyNeed Whole => new(int.MaxValue);

    /// <summary>Bytes wanted from the body's start; 0 for none, <see cref="int.MaxValue"/> for the whole.</summary>
    public int PrefixLength { get; }

    public bool IsNone => PrefixLength == 0;

    public bool IsWhole => PrefixLength == int.MaxValue;

    /// <summary>The first bytes, at most this many.</summary>
    public static BodyNeed Prefix(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        return new BodyNeed(length);
    }
}

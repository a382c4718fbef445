namespace EdgeProxy.Gateway.Routing;

/// <summary>The route that was chosen, and where in the raw path its parameters' values stand. Meant to be reused from request to request.</summary>
/// <remarks>Holds offsets only, so it may be kept across an await; the values live as long as the path does.</remarks>
internal struct RouteMatch
{
    internal PathRanges Ranges;

    /// <summary>The ordinal that the builder gave the route; meaningful after a match only.</summary>
    public int Ordinal { get; internal set; }

    /// <summary>How many parameters the route has.</summary>
    public int Count { get; internal set; }

    /// <summary>How many nodes of the table the search went through, never more than <see cref="RouteTable{TRules}.NodeCount"/>.</summary>
    public int Visited { get; internal set; }

    /// <summary>Where the value of the parameter at <paramref name="index"/> stands, counted as in <see cref="RouteTemplate.ParameterNames"/>.</summary>
    public readonly PathRange this[int index]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)index, (uint)Count);
            return Ranges[index];
        }
    }

    /// <summary>The raw value, never decoded, of the parameter at <paramref name="index"/>.</summary>
    public readonly ReadOnlySpan<byte> Value(ReadOnlySpan<byte> rawPath, int index) => this[index].In(rawPath);
}

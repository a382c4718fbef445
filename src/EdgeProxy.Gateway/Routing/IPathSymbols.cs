namespace EdgeProxy.Gateway.Routing;

/// <summary>How a path is read when it is compared with literals: as it is, or decoded on the way.</summary>
internal interface IPathSymbols
{
    /// <summary>The byte at <paramref name="at"/>, or -1 for one that is in no literal; <paramref name="length"/> is how many bytes of the path it took.</summary>
    static abstract int At(ReadOnlySpan<byte> path, int at, out int length);

    /// <summary>The offset after <paramref name="literal"/>, or -1 if something else stands at <paramref name="at"/>.</summary>
    static abstract int Skip(ReadOnlySpan<byte> path, int at, RouteLabel literal);
}

namespace EdgeProxy.Gateway.Routing;

/// <summary>A piece of a raw path, in bytes from its start.</summary>
internal readonly record struct PathRange(int Offset, int Length)
{
    /// <summary>The piece itself; <paramref name="rawPath"/> must be the path that was matched.</summary>
    public ReadOnlySpan<byte> In(ReadOnlySpan<byte> rawPath) => rawPath.Slice(Offset, Length);
}

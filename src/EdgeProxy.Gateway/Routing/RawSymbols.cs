using System.Runtime.CompilerServices;

namespace EdgeProxy.Gateway.Routing;

/// <summary>Every byte of the path stands for itself.</summary>
internal readonly struct RawSymbols : IPathSymbols
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int At(ReadOnlySpan<byte> path, int at, out int length)
    {
        length = 1;
        return path[at];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Skip(ReadOnlySpan<byte> path, int at, RouteLabel literal) => literal.IsAt(path, at) ? at + literal.Length : -1;
}

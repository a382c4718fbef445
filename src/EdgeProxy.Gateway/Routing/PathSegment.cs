using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace EdgeProxy.Gateway.Routing;

/// <summary>Finds where segments end.</summary>
internal static class PathSegment
{
    /// <summary>The offset of the first slash from <paramref name="at"/> on, or the path's length.</summary>
    /// <remarks>Written out, because segments are short: what the call of <c>IndexOf</c> decides first costs more than its search (RouterBenchmarks).</remarks>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int End(ReadOnlySpan<byte> path, int at)
    {
        while (path.Length - at >= Vector128<byte>.Count)
        {
            uint slashes = Slashes(path[at..]);
            if (slashes != 0)
            {
                return at + BitOperations.TrailingZeroCount(slashes);
            }

            at += Vector128<byte>.Count;
        }

        if (path.Length >= Vector128<byte>.Count)
        {
            // The last full vector of the path; what lies before at is shifted out.
            int start = path.Length - Vector128<byte>.Count;
            uint slashes = Slashes(path[start..]) >> (at - start);
            return slashes != 0 ? at + BitOperations.TrailingZeroCount(slashes) : path.Length;
        }

        while (at < path.Length && path[at] != '/')
        {
            at++;
        }

        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Slashes(ReadOnlySpan<byte> bytes) => Vector128.Equals(Vector128.Create(bytes), Vector128.Create((byte)'/')).ExtractMostSignificantBits();
}

using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace EdgeProxy.Gateway.Routing;

/// <summary>Up to seven literal bytes and their number in one word, so that they lie in the node itself and compare without a loop.</summary>
/// <remarks>
/// The first byte is the lowest, the number the highest. Longer literals are a chain of nodes. Comparing spans of the table's bytes
/// instead cost a cache line more for each node, and a length that branch prediction gets wrong (RouterBenchmarks).
/// </remarks>
internal readonly struct RouteLabel
{
    public const int MaxLength = 7;

    private readonly ulong _word;

    public RouteLabel(ReadOnlySpan<byte> bytes)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes.Length, MaxLength);
        _word = Gather(bytes) | ((ulong)bytes.Length << 56);
    }

    public int Length => (int)(_word >> 56);

    public byte this[int index] => (byte)(_word >> (8 * index));

    /// <summary>Whether the path has these bytes at <paramref name="at"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool IsAt(ReadOnlySpan<byte> path, int at)
    {
        int length = Length;
        if (path.Length - at < length)
        {
            return false;
        }

        // Eight bytes are read at once, further to the front where fewer are left, and those that are not compared are shifted out.
        // A shift by 64 would be one by 0, hence in two steps.
        ulong word;
        if (path.Length >= sizeof(ulong))
        {
            int start = Math.Min(at, path.Length - sizeof(ulong));
            word = BinaryPrimitives.ReadUInt64LittleEndian(path[start..]) >> (8 * (at - start));
        }
        else
        {
            word = Gather(path[at..]);
        }

        return (word ^ _word) << 1 << (63 - (8 * length)) == 0;
    }

    private static ulong Gather(ReadOnlySpan<byte> bytes)
    {
        ulong word = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            word |= (ulong)bytes[i] << (8 * i);
        }

        return word;
    }
}

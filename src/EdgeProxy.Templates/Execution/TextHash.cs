using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeProxy.Templates.Execution;

/// <summary>Hashes names. Seeded per process, so that clients cannot prepare names that collide.</summary>
internal static class TextHash
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    private static readonly ulong s_seed = (ulong)Random.Shared.NextInt64();

    public static int Of(ReadOnlySpan<byte> text)
    {
        ulong hash = s_seed ^ (ulong)text.Length;
        while (text.Length > 8)
        {
            hash = Mix(hash ^ MemoryMarshal.Read<ulong>(text));
            text = text[8..];
        }

        hash = Mix(hash ^ Last(text));
        return (int)(hash ^ (hash >> 32));
    }

    public static int Of(long number) => (int)(Mix(s_seed ^ (ulong)number) >> 32);

    // Up to 8 bytes as a number. The length is in the hash, so that pieces may overlap.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Last(ReadOnlySpan<byte> text)
    {
        int length = text.Length;
        if (length >= 4) return MemoryMarshal.Read<uint>(text) | ((ulong)MemoryMarshal.Read<uint>(text[(length - 4)..]) << 32);
        return length == 0 ? 0 : text[0] | ((ulong)text[length >> 1] << 8) | ((ulong)text[length - 1] << 16);
    }

    // The high half of a 128-bit product depends on every bit of both factors.
    private static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, Multiplier, out ulong low);
        return high ^ low;
    }
}

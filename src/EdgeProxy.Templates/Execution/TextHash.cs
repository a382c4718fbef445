using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace EdgeProxy.Templates.Execution;

/// <summary>Hashes names. Seeded per process, so that clients cannot prepare names that collide.</summary>
internal static class TextHash
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    private static readonly ulong s_seed = (ulong)Random.Shared.NextInt64();

    /// <summary>What hashes of this process begin with.</summary>
    public static ulong Seed => s_seed;

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

    /// <summary>The same of a text in memory where 8 bytes can be read at its end.</summary>
    /// <param name="seed"><see cref="Seed"/>.</param>
    /// <param name="text">The text.</param>
    /// <param name="length">Its bytes.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe int Of(ulong seed, byte* text, int length)
    {
        ulong hash = seed ^ (ulong)length;
        for (; length > 8; length -= 8, text += 8) hash = Mix(hash ^ *(ulong*)text);
        ulong last = length >= 4 ? *(uint*)text | ((ulong)*(uint*)(text + length - 4) << 32)
            : length == 0 ? 0 : text[0] | ((ulong)text[length >> 1] << 8) | ((ulong)text[length - 1] << 16);
        hash = Mix(hash ^ last);
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
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, Multiplier, out ulong low);
        return high ^ low;
    }
}

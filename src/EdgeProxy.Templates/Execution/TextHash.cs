using System.Buffers.Binary;

namespace EdgeProxy.Templates.Execution;

/// <summary>Hashes names. Seeded per process, so that clients cannot prepare names that collide.</summary>
internal static class TextHash
{
    private const ulong Multiplier = 0x9E37_79B9_7F4A_7C15;

    private static readonly ulong s_seed = (ulong)Random.Shared.NextInt64();

    public static int Of(ReadOnlySpan<byte> text)
    {
        ulong hash = s_seed ^ (ulong)text.Length;
        while (text.Length >= 8)
        {
            hash = Mix(hash ^ BinaryPrimitives.ReadUInt64LittleEndian(text));
            text = text[8..];
        }

        ulong rest = 0;
        for (int i = 0; i < text.Length; i++) rest |= (ulong)text[i] << (i * 8);
        hash = Mix(hash ^ rest);
        return (int)(hash ^ (hash >> 32));
    }

    public static int Of(long number) => (int)(Mix(s_seed ^ (ulong)number) >> 32);

    // The high half of a 128-bit product depends on every bit of both factors.
    private static ulong Mix(ulong value)
    {
        ulong high = Math.BigMul(value, Multiplier, out ulong low);
        return high ^ low;
    }
}

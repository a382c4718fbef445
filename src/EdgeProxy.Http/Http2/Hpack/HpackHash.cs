using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace EdgeProxy.Http.Http2.Hpack;

/// <summary>Hashes of the encoder's table. What they find is compared, so a collision costs compression and nothing else.</summary>
internal static class HpackHash
{
    private const ulong First = 0x9E3779B97F4A7C15;
    private const ulong Second = 0xC2B2AE3D27D4EB4F;

    /// <summary>A hash of the length and of three words: both ends and the middle, which is where values of the same kind differ. Never 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint Of(ReadOnlySpan<byte> text, uint seed)
    {
        ulong start;
        ulong end = 0;
        int length = text.Length;
        if (length >= 8)
        {
            start = BinaryPrimitives.ReadUInt64LittleEndian(text);
            end = BinaryPrimitives.ReadUInt64LittleEndian(text[(length - 8)..]);
            if (length > 16) end ^= BitOperations.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(text[((length >> 1) - 4)..]), 29);
        }
        else if (length >= 4)
        {
            start = BinaryPrimitives.ReadUInt32LittleEndian(text) | ((ulong)BinaryPrimitives.ReadUInt32LittleEndian(text[(length - 4)..]) << 32);
        }
        else
        {
            start = length == 0 ? 0 : text[0] | ((ulong)text[length >> 1] << 8) | ((ulong)text[length - 1] << 16);
        }

        return Mix(start ^ seed, end, length);
    }

    /// <summary>A hash of a name in any case. It folds what is no letter too; the comparison tells those apart. Never 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint OfName(ReadOnlySpan<byte> name)
    {
        const ulong FoldAll = 0x2020202020202020;
        int length = name.Length;
        if (length >= 8)
        {
            ulong start = BinaryPrimitives.ReadUInt64LittleEndian(name) | FoldAll;
            ulong end = BinaryPrimitives.ReadUInt64LittleEndian(name[(length - 8)..]) | FoldAll;
            if (length > 16) end ^= BitOperations.RotateLeft(BinaryPrimitives.ReadUInt64LittleEndian(name[((length >> 1) - 4)..]) | FoldAll, 29);
            return Mix(start, end, length);
        }

        ulong word = 0;
        foreach (byte octet in name) word = (word << 8) | octet;
        return Mix(word | FoldAll, 0, length);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Mix(ulong start, ulong end, int length)
    {
        ulong hash = (start * First) ^ ((end + (uint)length) * Second);
        return (uint)(hash >> 32) | 1;
    }
}

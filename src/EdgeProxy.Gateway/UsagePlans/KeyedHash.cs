using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace EdgeProxy.Gateway.UsagePlans;

/// <summary>SipHash-2-4 with 128 bits (Aumasson and Bernstein, 2012): without its secret nobody can tell what a text comes out as, or find two that meet.</summary>
internal sealed class KeyedHash
{
    private readonly ulong _secret0;
    private readonly ulong _secret1;

    /// <param name="secret">16 bytes.</param>
    public KeyedHash(ReadOnlySpan<byte> secret)
    {
        _secret0 = BinaryPrimitives.ReadUInt64LittleEndian(secret);
        _secret1 = BinaryPrimitives.ReadUInt64LittleEndian(secret[8..]);
    }

    /// <summary>One with a secret of its own, which nobody else ever sees.</summary>
    public static KeyedHash Create()
    {
        Span<byte> secret = stackalloc byte[16];
        RandomNumberGenerator.Fill(secret);
        return new KeyedHash(secret);
    }

    public (ulong Low, ulong High) Of(ReadOnlySpan<byte> text)
    {
        ulong v0 = _secret0 ^ 0x736f6d6570736575;
        ulong v1 = _secret1 ^ 0x646f72616e646f6d ^ 0xee;
        ulong v2 = _secret0 ^ 0x6c7967656e657261;
        ulong v3 = _secret1 ^ 0x7465646279746573;
        ulong length = (ulong)text.Length << 56;
        for (; text.Length >= 8; text = text[8..])
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(text);
            v3 ^= word;
            Round(ref v0, ref v1, ref v2, ref v3);
            Round(ref v0, ref v1, ref v2, ref v3);
            v0 ^= word;
        }

        ulong last = length;
        for (int i = 0; i < text.Length; i++) last |= (ulong)text[i] << (8 * i);
        v3 ^= last;
        Round(ref v0, ref v1, ref v2, ref v3);
        Round(ref v0, ref v1, ref v2, ref v3);
        v0 ^= last;
        v2 ^= 0xee;
        for (int i = 0; i < 4; i++) Round(ref v0, ref v1, ref v2, ref v3);
        ulong low = v0 ^ v1 ^ v2 ^ v3;
        v1 ^= 0xdd;
        for (int i = 0; i < 4; i++) Round(ref v0, ref v1, ref v2, ref v3);
        return (low, v0 ^ v1 ^ v2 ^ v3);
    }

    private static void Round(ref ulong v0, ref ulong v1, ref ulong v2, ref ulong v3)
    {
        v0 += v1;
        v1 = BitOperations.RotateLeft(v1, 13) ^ v0;
        v0 = BitOperations.RotateLeft(v0, 32);
        v2 += v3;
        v3 = BitOperations.RotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = BitOperations.RotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = BitOperations.RotateLeft(v1, 17) ^ v2;
        v2 = BitOperations.RotateLeft(v2, 32);
    }
}

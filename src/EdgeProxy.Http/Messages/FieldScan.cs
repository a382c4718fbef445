using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeProxy.Http.Messages;

/// <summary>The two searches that a head is mostly made of, without the call and length dispatch of <see cref="System.Buffers.SearchValues"/>.</summary>
/// <remarks>
/// Names and most values end within the first 32 bytes, where that dispatch costs as much as the search (benchmark
/// <c>HeadParserBenchmarks.Parse_browser_head</c>). Near the end of the input, and on processors without AVX2, the general search serves.
/// </remarks>
internal static class FieldScan
{
    /// <summary>How many token bytes lead, or -1 when all are.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int TokenLength(ReadOnlySpan<byte> bytes)
    {
        if (Avx2.IsSupported && bytes.Length >= Vector256<byte>.Count)
        {
            // A byte is a token byte when the bit of its high half is set in the table entry of its low half.
            Vector256<byte> tokens = Vector256.Create(0xFCFCFCFCFCF8FCE8UL, 0x70F454D054F4F8F8UL, 0xFCFCFCFCFCF8FCE8UL, 0x70F454D054F4F8F8UL).AsByte();
            Vector256<byte> bits = Vector256.Create(0x8040201008040201UL, 0x0000000000000000UL, 0x8040201008040201UL, 0x0000000000000000UL).AsByte();
            Vector256<byte> half = Vector256.Create((byte)0x0F);

            Vector256<byte> block = Vector256.Create(bytes);
            Vector256<byte> low = Avx2.Shuffle(tokens, block & half);
            Vector256<byte> high = Avx2.Shuffle(bits, (block.AsUInt16() >> 4).AsByte() & half);
            uint others = Vector256.Equals(low & high, Vector256<byte>.Zero).ExtractMostSignificantBits();
            if (others != 0) return BitOperations.TrailingZeroCount(others);
        }

        return bytes.IndexOfAnyExcept(Syntax.TokenBytes);
    }

    /// <summary>Where the first control byte but HTAB is, or -1.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int IndexOfControl(ReadOnlySpan<byte> bytes)
    {
        int at = 0;
        while (Vector256.IsHardwareAccelerated && bytes.Length - at >= Vector256<byte>.Count)
        {
            Vector256<byte> block = Vector256.Create(bytes[at..]);
            Vector256<byte> low = Vector256.LessThan(block, Vector256.Create((byte)0x20));
            Vector256<byte> tab = Vector256.Equals(block, Vector256.Create((byte)'\t'));
            Vector256<byte> delete = Vector256.Equals(block, Vector256.Create((byte)0x7F));
            uint controls = (Vector256.AndNot(low, tab) | delete).ExtractMostSignificantBits();
            if (controls != 0) return at + BitOperations.TrailingZeroCount(controls);
            at += Vector256<byte>.Count;
        }

        int rest = bytes[at..].IndexOfAny(Syntax.ControlBytes);
        return rest < 0 ? rest : at + rest;
    }
}

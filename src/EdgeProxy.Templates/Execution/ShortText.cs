using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace EdgeProxy.Templates.Execution;

/// <summary>Copies and looks through short texts 32 bytes at a time, whatever their length, where there is room to do so on both sides.</summary>
/// <remarks>
/// Most texts of a template are shorter than a call of <c>memmove</c> or of a search is worth: this is a fifth of TemplateBenchmarks.TemplateRender. Each method
/// checks that all it touches lies within the arrays; bytes behind a target's text are free, so what lands there does no harm.
/// </remarks>
internal static class ShortText
{
    /// <summary>Bytes taken at once.</summary>
    public const int Width = 32;

    /// <summary>Copies more than <see cref="Width"/> bytes and up to twice as many; false, with nothing done, where it cannot.</summary>
    public static bool TryCopyTwo(byte[] source, int offset, int length, byte[] target, int at)
    {
        int rest = length - Width;
        if ((uint)rest > Width || !Fits(source, offset, Width) || !Fits(target, at, Width) || source.Length - offset < length || target.Length - at < length) return false;
        Vector256<byte> last = Load(source, offset + rest);
        Load(source, offset).StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(target), (nuint)at);
        last.StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(target), (nuint)(at + rest));
        return true;
    }

    /// <summary>Copies up to <see cref="Width"/> bytes; false, with nothing done, where it cannot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCopy(byte[] source, int offset, int length, byte[] target, int at)
    {
        if (!Fits(source, offset, length) || !Fits(target, at, length)) return false;
        Load(source, offset).StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(target), (nuint)at);
        return true;
    }

    /// <summary>Copies up to <see cref="Width"/> bytes; false, with nothing done, where it cannot.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool TryCopy(ReadOnlySpan<byte> source, int offset, int length, byte[] target, int at)
    {
        if (!Fits(target, at, length) || (uint)offset > (uint)source.Length || source.Length - offset < Width) return false;
        Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(source), (nuint)offset).StoreUnsafe(ref MemoryMarshal.GetArrayDataReference(target), (nuint)at);
        return true;
    }

    /// <summary>Copies up to <see cref="Width"/> bytes as escapeJavaScript has them, where all it needs is a backslash before some.</summary>
    /// <returns>How many bytes that makes; -1, with nothing done that counts, where it cannot.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CopyScript(byte[] source, int offset, int length, byte[] target, int at)
    {
        // What is written goes no further than twice the text and one width behind it, and what is read than two widths.
        if (!Vector256.IsHardwareAccelerated || (uint)length > Width || offset < 0 || source.Length - offset < 2 * Width || at < 0 || target.Length - at < 3 * Width) return -1;
        return CopyScript(ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(source), offset), length, ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(target), at));
    }

    /// <summary>Copies 32 bytes.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe void Copy(byte* from, byte* to) => Vector256.Load(from).Store(to);

    /// <summary>The same as the other, where two widths can be read and three written.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe int CopyScript(byte* from, int length, byte* to) => CopyScript(ref *from, length, ref *to);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int CopyScript(ref byte from, int length, ref byte to)
    {
        Vector256<byte> text = Vector256.LoadUnsafe(ref from);
        text.StoreUnsafe(ref to);

        // One more than bytes from 0x7F on is negative, so one comparison finds them and the control characters.
        Vector256<byte> others = Vector256.LessThan((text + Vector256<byte>.One).AsSByte(), Vector256.Create((sbyte)(' ' + 1))).AsByte();
        Vector256<byte> marks = Marks(text);
        if (BitOperations.TrailingZeroCount((others | marks).ExtractMostSignificantBits()) >= length) return length;
        if ((others.ExtractMostSignificantBits() & Bits(length)) != 0) return -1;
        uint marked = marks.ExtractMostSignificantBits() & Bits(length);
        int written = length;
        for (int backslashes = 0; marked != 0; marked &= marked - 1)
        {
            // The backslash, and behind it all that follows.
            int place = BitOperations.TrailingZeroCount(marked);
            nuint here = (nuint)(place + backslashes++);
            Unsafe.Add(ref to, here) = (byte)'\\';
            Vector256.LoadUnsafe(ref from, (nuint)place).StoreUnsafe(ref to, here + 1);
            written++;
        }

        return written;
    }

    // Which bytes escapeJavaScript puts a backslash before. No two of them have the same low four bits, by which each byte finds the one it may be.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Marks(Vector256<byte> text)
    {
        if (Avx2.IsSupported)
        {
            var candidates = Vector128.Create((byte)1, 0, (byte)'"', 0, 0, 0, 0, (byte)'\'', 0, 0, 0, 0, (byte)'\\', 0, 0, (byte)'/');
            return Vector256.Equals(text, Avx2.Shuffle(Vector256.Create(candidates, candidates), text));
        }

        return Vector256.Equals(text, Vector256.Create((byte)'"')) | Vector256.Equals(text, Vector256.Create((byte)'\''))
            | Vector256.Equals(text, Vector256.Create((byte)'/')) | Vector256.Equals(text, Vector256.Create((byte)'\\'));
    }

    /// <summary>Copies a text of JSON of up to <see cref="Width"/> bytes whose escapes are quotes and backslashes, without its backslashes.</summary>
    /// <param name="source">The JSON.</param>
    /// <param name="start">Behind the quote before it.</param>
    /// <param name="target">Where it goes.</param>
    /// <param name="at">Its place there.</param>
    /// <param name="end">The quote behind it.</param>
    /// <returns>How many bytes that makes; -1, with nothing done that counts, where it cannot.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int CopyUnescaped(ReadOnlySpan<byte> source, int start, byte[] target, int at, out int end)
    {
        end = start;
        if (!Vector256.IsHardwareAccelerated || (uint)start > (uint)source.Length || source.Length - start < 2 * Width || at < 0 || target.Length - at < 2 * Width) return -1;
        ref byte from = ref Unsafe.Add(ref MemoryMarshal.GetReference(source), start);
        ref byte to = ref Unsafe.Add(ref MemoryMarshal.GetArrayDataReference(target), at);
        Vector256<byte> text = Vector256.LoadUnsafe(ref from);
        text.StoreUnsafe(ref to);
        uint marked = (Vector256.LessThan(text, Vector256.Create((byte)' ')) | Vector256.Equals(text, Vector256.Create((byte)'"')) | Vector256.Equals(text, Vector256.Create((byte)'\\'))).ExtractMostSignificantBits();
        for (int backslashes = 0; marked != 0; backslashes++)
        {
            int place = BitOperations.TrailingZeroCount(marked);
            byte found = Unsafe.Add(ref from, place);
            if (found == '"')
            {
                end = start + place;
                return place - backslashes;
            }

            // A backslash in the last place escapes what was not looked at.
            byte escaped = Unsafe.Add(ref from, place + 1);
            if (found != '\\' || place == Width - 1 || (escaped != '"' && escaped != '\\')) return -1;
            Vector256.LoadUnsafe(ref from, (nuint)place + 1).StoreUnsafe(ref to, (nuint)(place - backslashes));
            marked &= ~(3u << place);
        }

        return -1;
    }

    /// <summary>Bytes before the first quote, backslash or control character of JSON; up to <see cref="Width"/>, or -1 where it cannot tell.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int PlainLength(ReadOnlySpan<byte> text, int at)
    {
        if (!Vector256.IsHardwareAccelerated || (uint)at > (uint)text.Length || text.Length - at < Width) return -1;
        Vector256<byte> next = Vector256.LoadUnsafe(ref MemoryMarshal.GetReference(text), (nuint)at);
        Vector256<byte> special = Vector256.LessThan(next, Vector256.Create((byte)' '))
            | Vector256.Equals(next, Vector256.Create((byte)'"'))
            | Vector256.Equals(next, Vector256.Create((byte)'\\'));
        return BitOperations.TrailingZeroCount(special.ExtractMostSignificantBits());
    }

    /// <summary>Whether two names of up to <see cref="Width"/> bytes are equal, where a width can be read of both.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static unsafe bool AreEqual(byte* left, byte* right, int length) =>
        BitOperations.TrailingZeroCount(~Vector256.Equals(Vector256.Load(left), Vector256.Load(right)).ExtractMostSignificantBits()) >= length;

    /// <summary>Whether two names are equal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreEqual(byte[] left, int offset, int length, byte[] name, int nameLength)
    {
        if (length != nameLength) return false;
        if (!Fits(left, offset, length) || !Fits(name, 0, length)) return left.AsSpan(offset, length).SequenceEqual(name.AsSpan(0, length));
        uint same = Vector256.Equals(Load(left, offset), Load(name, 0)).ExtractMostSignificantBits();
        return (~same & Bits(length)) == 0;
    }

    /// <summary>Whether two pieces of a text are equal.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool AreEqual(ReadOnlySpan<byte> text, int left, int right, int length)
    {
        if (!Vector256.IsHardwareAccelerated || (uint)length > Width || left < 0 || right < 0 || text.Length - Math.Max(left, right) < Width)
        {
            return text.Slice(left, length).SequenceEqual(text.Slice(right, length));
        }

        ref byte first = ref MemoryMarshal.GetReference(text);
        uint same = Vector256.Equals(Vector256.LoadUnsafe(ref first, (nuint)left), Vector256.LoadUnsafe(ref first, (nuint)right)).ExtractMostSignificantBits();
        return (~same & Bits(length)) == 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool Fits(byte[] array, int offset, int length) =>
        Vector256.IsHardwareAccelerated && (uint)length <= Width && offset >= 0 && array.Length - offset >= Width;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<byte> Load(byte[] array, int offset) => Vector256.LoadUnsafe(ref MemoryMarshal.GetArrayDataReference(array), (nuint)offset);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Bits(int length) => (uint)((1UL << length) - 1);
}

using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace EdgeProxy.Gateway.Validation.Json;

/// <summary>The texts of JSON strings.</summary>
internal static class JsonText
{
    /// <summary>Writes a string's text in UTF-8. A lone surrogate becomes the three bytes it would have, so that it stays itself.</summary>
    /// <param name="raw">The string as written between its quotes, of a text that has been read.</param>
    /// <param name="destination">At least as long.</param>
    /// <returns>Bytes written.</returns>
    public static int Unescape(ReadOnlySpan<byte> raw, Span<byte> destination)
    {
        int written = 0;
        for (int at = 0; at < raw.Length;)
        {
            int plain = raw[at..].IndexOf((byte)'\\');
            if (plain != 0)
            {
                ReadOnlySpan<byte> run = plain < 0 ? raw[at..] : raw.Slice(at, plain);
                run.CopyTo(destination[written..]);
                written += run.Length;
                at += run.Length;
                continue;
            }

            byte escape = raw[at + 1];
            if (escape != 'u')
            {
                destination[written++] = escape switch
                {
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    (byte)'n' => (byte)'\n',
                    (byte)'r' => (byte)'\r',
                    (byte)'t' => (byte)'\t',
                    _ => escape,
                };
                at += 2;
                continue;
            }

            int code = Hex(raw.Slice(at + 2, 4));
            at += 6;
            bool isPair = (code & 0xFC00) == 0xD800 && at + 6 <= raw.Length && raw[at] == '\\' && raw[at + 1] == 'u' && (Hex(raw.Slice(at + 2, 4)) & 0xFC00) == 0xDC00;
            if (isPair)
            {
                code = 0x10000 + ((code & 0x3FF) << 10) + (Hex(raw.Slice(at + 2, 4)) & 0x3FF);
                at += 6;
            }

            written += Encode(code, destination[written..]);
        }

        return written;
    }

    /// <summary>Unicode code points of a text in UTF-8; a lone surrogate counts as one.</summary>
    public static int CodePoints(ReadOnlySpan<byte> text)
    {
        int count = text.Length;
        int at = 0;
        ref byte start = ref MemoryMarshal.GetReference(text);
        for (; at + Vector128<byte>.Count <= text.Length; at += Vector128<byte>.Count)
        {
            // A byte that continues a character is 0x80 to 0xBF: as a signed number, less than 0xC0.
            Vector128<sbyte> bytes = Vector128.LoadUnsafe(ref start, (nuint)at).AsSByte();
            count -= BitOperations.PopCount(Vector128.LessThan(bytes, Vector128.Create(unchecked((sbyte)0xC0))).ExtractMostSignificantBits());
        }

        for (; at < text.Length; at++)
        {
            if ((text[at] & 0xC0) == 0x80) count--;
        }

        return count;
    }

    private static int Encode(int code, Span<byte> destination)
    {
        if (code < 0x80)
        {
            destination[0] = (byte)code;
            return 1;
        }

        if (code < 0x800)
        {
            destination[0] = (byte)(0xC0 | (code >> 6));
            destination[1] = (byte)(0x80 | (code & 0x3F));
            return 2;
        }

        if (code < 0x10000)
        {
            destination[0] = (byte)(0xE0 | (code >> 12));
            destination[1] = (byte)(0x80 | ((code >> 6) & 0x3F));
            destination[2] = (byte)(0x80 | (code & 0x3F));
            return 3;
        }

        destination[0] = (byte)(0xF0 | (code >> 18));
        destination[1] = (byte)(0x80 | ((code >> 12) & 0x3F));
        destination[2] = (byte)(0x80 | ((code >> 6) & 0x3F));
        destination[3] = (byte)(0x80 | (code & 0x3F));
        return 4;
    }

    private static int Hex(ReadOnlySpan<byte> digits)
    {
        int value = 0;
        foreach (byte digit in digits) value = (value << 4) | (digit <= '9' ? digit - '0' : (digit | 0x20) - 'a' + 10);
        return value;
    }
}

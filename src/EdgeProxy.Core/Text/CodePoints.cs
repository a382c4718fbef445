using System.Buffers;
using System.Text;

namespace EdgeProxy.Core.Text;

/// <summary>Code points in UTF-8 that nobody has checked.</summary>
public static class CodePoints
{
    /// <summary>The code point that begins there, and its bytes. Half of a surrogate pair is read from the three bytes it would have; wrong bytes stand for themselves.</summary>
    public static int At(ReadOnlySpan<byte> text, int at, out int length)
    {
        byte first = text[at];
        length = 1;
        if (first < 0x80) return first;
        if (Rune.DecodeFromUtf8(text[at..], out Rune rune, out int decoded) == OperationStatus.Done)
        {
            length = decoded;
            return rune.Value;
        }

        if (first != 0xED || at + 2 >= text.Length || (text[at + 1] & 0xE0) != 0xA0 || (text[at + 2] & 0xC0) != 0x80) return first;
        length = 3;
        return 0xD000 | ((text[at + 1] & 0x3F) << 6) | (text[at + 2] & 0x3F);
    }

    /// <summary>The bytes of the character that ends there; at least one.</summary>
    public static int LengthBefore(ReadOnlySpan<byte> text, int end)
    {
        int at = end - 1;
        while (at > 0 && end - at < 4 && (text[at] & 0xC0) == 0x80) at--;
        return end - at;
    }
}

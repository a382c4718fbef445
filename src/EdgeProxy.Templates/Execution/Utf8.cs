using System.Text;

namespace EdgeProxy.Templates.Execution;

/// <summary>UTF-8 as Java sees it: text is counted and cut in UTF-16 units.</summary>
internal static class Utf8
{
    /// <summary>Appends a character. Half of a surrogate pair becomes a question mark, as when Java writes one.</summary>
    public static void Write(int character, TemplateOutput output)
    {
        if (!Rune.TryCreate(character, out Rune rune))
        {
            output.Write((byte)'?');
            return;
        }

        Span<byte> bytes = stackalloc byte[4];
        output.Write(bytes[..rune.EncodeToUtf8(bytes)]);
    }

    /// <summary>Appends bytes as text: what is not UTF-8 becomes replacement characters.</summary>
    public static void WriteValid(ReadOnlySpan<byte> bytes, TemplateOutput output)
    {
        while (!bytes.IsEmpty)
        {
            if (System.Text.Unicode.Utf8.IsValid(bytes))
            {
                output.Write(bytes);
                return;
            }

            int valid = 0;
            int length = 0;
            while (valid < bytes.Length && Rune.DecodeFromUtf8(bytes[valid..], out _, out length) == System.Buffers.OperationStatus.Done) valid += length;
            output.Write(bytes[..valid]);
            if (valid >= bytes.Length) return;
            output.Write("\uFFFD"u8);
            bytes = bytes[(valid + length)..];
        }
    }

    /// <summary>How many UTF-16 units a text has.</summary>
    public static int Units(ReadOnlySpan<byte> text)
    {
        int units = 0;
        foreach (byte value in text)
        {
            // Every byte that begins a character counts once, and one that begins four bytes twice.
            if ((value & 0xC0) != 0x80) units += value >= 0xF0 ? 2 : 1;
        }

        return units;
    }

    /// <summary>The byte at which a UTF-16 unit begins; the length of the text for its end.</summary>
    /// <param name="text">The text.</param>
    /// <param name="unit">Counted from 0.</param>
    /// <param name="splits">Whether the unit is the second half of a pair; then the byte is that of the first.</param>
    public static int OffsetOf(ReadOnlySpan<byte> text, int unit, out bool splits)
    {
        splits = false;
        int at = 0;
        while (unit > 0 && at < text.Length)
        {
            int length = LengthAt(text, at);
            int units = length == 4 ? 2 : 1;
            if (units > unit)
            {
                splits = true;
                return at;
            }

            unit -= units;
            at += length;
        }

        return at;
    }

    /// <summary>The bytes of the character that begins there; at least one.</summary>
    public static int LengthAt(ReadOnlySpan<byte> text, int at)
    {
        byte first = text[at];
        int length = first < 0xC0 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
        return Math.Min(length, text.Length - at);
    }
}

using System.Buffers;
using System.Text;
using System.Text.Unicode;

namespace EdgeProxy.Gateway.Integrations.Lambda;

/// <summary>Writes text as JSON strings (RFC 8259, 7).</summary>
/// <remarks>Runs that need no escape are found by a vectorised search and copied whole. Bytes that are not UTF-8 become U+FFFD (rest-api.md 5.5).</remarks>
internal static class JsonStrings
{
    private static readonly SearchValues<byte> s_escaped = SearchValues.Create(
        [.. Array.ConvertAll([.. Enumerable.Range(0, 0x20)], static (int value) => (byte)value), (byte)'"', (byte)'\\']);

    /// <summary>Writes a string with its quotes.</summary>
    public static void Write(scoped ReadOnlySpan<byte> text, ref LeasedWriter writer)
    {
        writer.Write((byte)'"');
        while (true)
        {
            // Nearly all text is valid to its end, and is then looked through once more, for escapes alone.
            int valid = Utf8.IsValid(text) ? text.Length : ValidPrefix(text);
            WriteValid(text[..valid], ref writer);
            if (valid == text.Length) break;
            writer.Write("\uFFFD"u8);
            Rune.DecodeFromUtf8(text[valid..], out _, out int broken);
            text = text[(valid + broken)..];
        }

        writer.Write((byte)'"');
    }

    private static void WriteValid(scoped ReadOnlySpan<byte> text, ref LeasedWriter writer)
    {
        while (true)
        {
            int plain = text.IndexOfAny(s_escaped);
            if (plain < 0)
            {
                writer.Write(text);
                return;
            }

            writer.Write(text[..plain]);
            WriteEscape(text[plain], ref writer);
            text = text[(plain + 1)..];
        }
    }

    private static void WriteEscape(byte value, ref LeasedWriter writer)
    {
        byte letter = value switch
        {
            (byte)'"' => (byte)'"',
            (byte)'\\' => (byte)'\\',
            (byte)'\b' => (byte)'b',
            (byte)'\f' => (byte)'f',
            (byte)'\n' => (byte)'n',
            (byte)'\r' => (byte)'r',
            (byte)'\t' => (byte)'t',
            _ => 0,
        };
        writer.Write((byte)'\\');
        if (letter != 0)
        {
            writer.Write(letter);
            return;
        }

        writer.Write("u00"u8);
        writer.Write("0123456789abcdef"u8[value >> 4]);
        writer.Write("0123456789abcdef"u8[value & 15]);
    }

    private static int ValidPrefix(scoped ReadOnlySpan<byte> text)
    {
        int at = 0;
        while (at < text.Length)
        {
            int ascii = text[at..].IndexOfAnyInRange((byte)0x80, (byte)0xFF);
            if (ascii < 0) return text.Length;
            at += ascii;
            if (Rune.DecodeFromUtf8(text[at..], out _, out int length) != OperationStatus.Done) return at;
            at += length;
        }

        return at;
    }
}

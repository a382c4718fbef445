namespace EdgeProxy.Templates.Syntax;

/// <summary>Turns an offset into a line and a column.</summary>
internal static class TextPlace
{
    /// <summary>Line and column, both counted from 1; a column is a character, not a byte.</summary>
    public static (int Line, int Column) Of(ReadOnlySpan<byte> text, int offset)
    {
        text = text[..Math.Min(offset, text.Length)];
        int line = text.Count((byte)'\n') + 1;
        ReadOnlySpan<byte> before = text[(text.LastIndexOf((byte)'\n') + 1)..];
        int column = 1;
        foreach (byte value in before)
        {
            if ((value & 0xC0) != 0x80) column++;
        }

        return (line, column);
    }
}

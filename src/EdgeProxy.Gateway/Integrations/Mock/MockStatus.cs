using System.Buffers.Text;

namespace EdgeProxy.Gateway.Integrations.Mock;

/// <summary>Reads the <c>statusCode</c> of a MOCK's rendered request template, as leniently as the service does (rest-api.md 5.11).</summary>
/// <remarks>
/// Keys and values may be unquoted or in single quotes and commas may be too many; braces must be there and quotes must match. Of several
/// <c>statusCode</c> the last counts.
/// </remarks>
internal static class MockStatus
{
    private const int MaxDepth = 64;

    /// <summary>Finds the integer; false if there is none or the text is no object.</summary>
    public static bool TryRead(ReadOnlySpan<byte> text, out int status)
    {
        status = 0;
        text = text.Trim(" \t\r\n"u8);
        if (text.Length < 2 || text[0] != '{') return false;
        bool found = false;
        int at = 1;
        while (true)
        {
            while (at < text.Length && (IsBlank(text[at]) || text[at] == ',')) at++;
            if (at == text.Length) return false;
            if (text[at] == '}') return found && at == text.Length - 1;

            if (!TryTakeWord(text, ref at, ":"u8, out ReadOnlySpan<byte> key, out _)) return false;
            SkipBlanks(text, ref at);
            if (at == text.Length || text[at] != ':') return false;
            at++;
            SkipBlanks(text, ref at);
            if (at == text.Length) return false;

            bool isStatus = key.SequenceEqual("statusCode"u8);
            if (text[at] is (byte)'{' or (byte)'[')
            {
                if (isStatus || !TrySkipNested(text, ref at)) return false;
                continue;
            }

            if (!TryTakeWord(text, ref at, ",}"u8, out ReadOnlySpan<byte> value, out bool quoted)) return false;
            if (isStatus)
            {
                if (quoted || !Utf8Parser.TryParse(value, out status, out int used) || used != value.Length) return false;
                found = true;
            }

            SkipBlanks(text, ref at);
            if (at < text.Length && text[at] is not ((byte)',' or (byte)'}')) return false;
        }
    }

    private static bool TryTakeWord(ReadOnlySpan<byte> text, ref int at, ReadOnlySpan<byte> ends, out ReadOnlySpan<byte> word, out bool quoted)
    {
        word = default;
        quoted = text[at] is (byte)'"' or (byte)'\'';
        int start = at;
        if (quoted)
        {
            if (!TrySkipQuoted(text, ref at)) return false;
            word = text[(start + 1)..(at - 1)];
            return true;
        }

        int length = text[at..].IndexOfAny(ends);
        if (length < 0) return false;
        word = text.Slice(at, length).TrimEnd(" \t\r\n"u8);
        at += length;
        return word.Length > 0 && word.IndexOfAny("\"'{[]"u8) < 0;
    }

    private static bool TrySkipQuoted(ReadOnlySpan<byte> text, ref int at)
    {
        byte quote = text[at++];
        while (at < text.Length)
        {
            byte here = text[at++];
            if (here == quote) return true;
            if (here == '\\') at++;
        }

        return false;
    }

    private static bool TrySkipNested(ReadOnlySpan<byte> text, ref int at)
    {
        // A bit for each open bracket: 1 for a brace.
        ulong open = 0;
        int depth = 0;
        while (at < text.Length)
        {
            byte here = text[at];
            switch (here)
            {
                case (byte)'"' or (byte)'\'':
                    if (!TrySkipQuoted(text, ref at)) return false;
                    continue;
                case (byte)'{' or (byte)'[':
                    if (depth++ == MaxDepth) return false;
                    open = (open << 1) | (here == '{' ? 1UL : 0);
                    break;
                case (byte)'}' or (byte)']':
                    if ((open & 1) != (here == '}' ? 1UL : 0)) return false;
                    open >>= 1;
                    depth--;
                    break;
            }

            at++;
            if (depth == 0) return true;
        }

        return false;
    }

    private static void SkipBlanks(ReadOnlySpan<byte> text, ref int at)
    {
        while (at < text.Length && IsBlank(text[at])) at++;
    }

    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n';
}

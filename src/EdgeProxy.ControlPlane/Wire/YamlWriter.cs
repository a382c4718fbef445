using System.Buffers;
using System.Globalization;
using System.Text;

namespace EdgeProxy.ControlPlane.Wire;

/// <summary>Writes a value as YAML 1.2 that every reader takes for the same value, those of YAML 1.1 included.</summary>
/// <remarks>
/// Texts stand in double quotes whatever they look like (<c>"no"</c>, <c>"1.0"</c>, <c>"2026-11-22"</c>); those of several lines stand as a literal
/// block where nothing of them would be lost, so that templates stay legible. Keys are plain where they are plainly words or paths.
/// </remarks>
internal static class YamlWriter
{
    // An implicit key ends within 1,024 characters (YAML 1.2, 7.4.2), its quotes and escapes counted.
    private const int LongestKey = 1000;

    // Behind the first character; none of them can begin a comment or end the key.
    private static readonly SearchValues<char> s_plain = SearchValues.Create("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-/.{}+$");

    public static byte[] Write(WireValue value)
    {
        var text = new StringBuilder();
        if (IsInline(value))
        {
            WriteInline(text, value);
            text.Append('\n');
        }
        else
        {
            WriteBlock(text, value, 0);
        }

        return Encoding.UTF8.GetBytes(text.ToString());
    }

    // What has no lines of its own: scalars, and containers with nothing in them.
    private static bool IsInline(WireValue value) => value.Kind switch
    {
        WireKind.Object => value.Members.Count == 0,
        WireKind.List => value.Items.Count == 0,
        _ => true,
    };

    private static void WriteBlock(StringBuilder text, WireValue value, int indent)
    {
        if (value.IsList)
        {
            foreach (WireValue item in value.Items)
            {
                text.Append(' ', indent).Append('-');
                WriteBehind(text, item, indent, isItem: true);
            }

            return;
        }

        foreach ((string name, WireValue member) in value.Members) WriteMember(text, name, member, indent);
    }

    private static void WriteMember(StringBuilder text, string name, WireValue member, int indent)
    {
        int start = text.Append(' ', indent).Length;
        if (IsPlain(name)) text.Append(name);
        else WriteQuoted(text, name);
        if (text.Length - start > LongestKey) text.Insert(start, "? ").Append('\n').Append(' ', indent);
        text.Append(':');
        WriteBehind(text, member, indent, isItem: false);
    }

    // The value behind a colon or a dash. The first member of an object in a list stands on the dash's own line.
    private static void WriteBehind(StringBuilder text, WireValue value, int indent, bool isItem)
    {
        if (value.IsText && IsBlock(value.Text, out bool needsIndicator))
        {
            WriteLiteral(text, value.Text, indent + 2, needsIndicator);
        }
        else if (IsInline(value))
        {
            WriteInline(text.Append(' '), value);
            text.Append('\n');
        }
        else if (isItem && value.IsObject)
        {
            int start = text.Length;
            WriteBlock(text, value, indent + 2);
            text.Remove(start, indent + 1); // the blanks of its first line but one, whose place the dash has taken
        }
        else
        {
            WriteBlock(text.Append('\n'), value, indent + 2);
        }
    }

    private static void WriteInline(StringBuilder text, WireValue value)
    {
        switch (value.Kind)
        {
            case WireKind.Text:
                WriteQuoted(text, value.Text);
                break;
            case WireKind.Object:
                text.Append("{}");
                break;
            case WireKind.List:
                text.Append("[]");
                break;
            case WireKind.Null:
                text.Append("null");
                break;
            default:
                text.Append(value.Text);
                break;
        }
    }

    // A word or a path, and none of the words and numbers that some reader takes for something else.
    private static bool IsPlain(string key)
    {
        if (key.Length < 2 || !(char.IsAsciiLetter(key[0]) || key[0] == '/') || key.AsSpan().ContainsAnyExcept(s_plain)) return false;
        return key.ToLowerInvariant() is not ("true" or "false" or "yes" or "no" or "on" or "off" or "null");
    }

    private static void WriteQuoted(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (char character in value)
        {
            switch (character)
            {
                case '"' or '\\':
                    text.Append('\\').Append(character);
                    break;
                case '\n':
                    text.Append("\\n");
                    break;
                case '\r':
                    text.Append("\\r");
                    break;
                case '\t':
                    text.Append("\\t");
                    break;
                default:
                    if (IsPrintable(character)) text.Append(character);
                    else text.Append(CultureInfo.InvariantCulture, $"\\u{(int)character:X4}");
                    break;
            }
        }

        text.Append('"');
    }

    // Line separators are line breaks to readers of YAML 1.1, and a byte order mark is not for the middle of a document.
    private static bool IsPrintable(char character) => character is >= ' ' and < '\u007f' or >= '\u00a0' and not ('\u2028' or '\u2029' or '\ufeff' or '\ufffe' or '\uffff');

    // Whether a text can stand line by line: nothing to escape, and nothing at either end that a reader could take for layout.
    private static bool IsBlock(string value, out bool needsIndicator)
    {
        needsIndicator = false;
        if (!value.Contains('\n', StringComparison.Ordinal)) return false;
        bool isFirst = true;
        foreach (ReadOnlySpan<char> line in value.AsSpan().EnumerateLines())
        {
            if (isFirst)
            {
                if (line.IsWhiteSpace()) return false;
                needsIndicator = line[0] == ' ';
            }

            // A tab where indentation ends would be taken for some of it, and so would blanks alone be for none.
            if (line.Length > 0 && (line[0] == '\t' || line.IsWhiteSpace())) return false;
            isFirst = false;
        }

        foreach (char character in value)
        {
            if (character is not ('\n' or '\t') && !IsPrintable(character)) return false;
        }

        return true;
    }

    private static void WriteLiteral(StringBuilder text, string value, int indent, bool needsIndicator)
    {
        text.Append(" |");
        if (needsIndicator) text.Append('2');
        if (!value.EndsWith('\n')) text.Append('-');
        else if (value.EndsWith("\n\n", StringComparison.Ordinal)) text.Append('+');
        text.Append('\n');
        int at = 0;
        while (at < value.Length)
        {
            int end = value.IndexOf('\n', at);
            if (end < 0) end = value.Length;
            if (end > at) text.Append(' ', indent).Append(value, at, end - at);
            text.Append('\n');
            at = end + 1;
        }
    }
}

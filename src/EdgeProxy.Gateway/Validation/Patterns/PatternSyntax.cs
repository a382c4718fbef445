using System.Text;

namespace EdgeProxy.Gateway.Validation.Patterns;

/// <summary>Whether a text is a regular expression of ECMA 262, for the format <c>regex</c>. Makes nothing of it and allocates nothing.</summary>
internal static class PatternSyntax
{
    // A bit for each open group says whether it may be repeated; deeper than this nobody writes them.
    private const int DeepestGroup = 64;

    public static bool IsValid(ReadOnlySpan<byte> text)
    {
        ulong repeatable = 0;
        int depth = 0;
        bool canRepeat = false;
        for (int at = 0; at < text.Length;)
        {
            switch (text[at])
            {
                case (byte)'(':
                    if (depth++ == DeepestGroup) return false;
                    bool isGroup = true;
                    at++;
                    if (At(text, at) == '?' && !TrySkipGroupKind(text, ref at, out isGroup)) return false;
                    repeatable = (repeatable << 1) | (isGroup ? 1UL : 0);
                    canRepeat = false;
                    break;
                case (byte)')':
                    if (depth-- == 0) return false;
                    canRepeat = (repeatable & 1) != 0;
                    repeatable >>= 1;
                    at++;
                    break;
                case (byte)'[':
                    if (!TrySkipClass(text, ref at)) return false;
                    canRepeat = true;
                    break;
                case (byte)'*' or (byte)'+' or (byte)'?':
                    if (!canRepeat) return false;
                    canRepeat = false;
                    at++;
                    if (At(text, at) == '?') at++;
                    break;
                case (byte)'{' when IsCount(text[at..], out int length, out bool isOrdered):
                    if (!canRepeat || !isOrdered) return false;
                    canRepeat = false;
                    at += length;
                    if (At(text, at) == '?') at++;
                    break;
                case (byte)'\\':
                    if (at + 1 == text.Length) return false;
                    canRepeat = text[at + 1] is not ((byte)'b' or (byte)'B');
                    at += 2;
                    break;
                case (byte)'^' or (byte)'$' or (byte)'|':
                    canRepeat = false;
                    at++;
                    break;
                default:
                    canRepeat = true;
                    at++;
                    break;
            }
        }

        return depth == 0;
    }

    private static int At(ReadOnlySpan<byte> text, int at) => at < text.Length ? text[at] : -1;

    private static bool TrySkipGroupKind(ReadOnlySpan<byte> text, ref int at, out bool isGroup)
    {
        isGroup = At(text, at + 1) is ':' or '=' or '!'; // ECMA 262, annex B: looking ahead may be repeated, looking behind may not
        if (isGroup)
        {
            at += 2;
            return true;
        }

        if (At(text, at + 1) != '<') return false;
        if (At(text, at + 2) is '=' or '!')
        {
            at += 3;
            return true;
        }

        int end = text[at..].IndexOf((byte)'>');
        isGroup = true;
        if (end < 3) return false;
        at += end + 1;
        return true;
    }

    private static bool TrySkipClass(ReadOnlySpan<byte> text, ref int at)
    {
        at++;
        if (At(text, at) == '^') at++;
        while (At(text, at) != ']')
        {
            if (!TryReadClassAtom(text, ref at, out int from)) return false;
            if (At(text, at) != '-' || At(text, at + 1) == ']') continue;
            at++;
            if (!TryReadClassAtom(text, ref at, out int to)) return false;
            if (from >= 0 && to >= 0 && to < from) return false;
        }

        at++;
        return true;
    }

    // What an escape with a letter or digit stands for is not worked out, so that its order in a range is not judged.
    private static bool TryReadClassAtom(ReadOnlySpan<byte> text, ref int at, out int codePoint)
    {
        codePoint = -1;
        bool isEscaped = At(text, at) == '\\';
        if (isEscaped) at++;
        if (at >= text.Length) return false;
        Rune.DecodeFromUtf8(text[at..], out Rune rune, out int length);
        at += length;
        if (!isEscaped || !Rune.IsLetterOrDigit(rune)) codePoint = rune.Value;
        return true;
    }

    private static bool IsCount(ReadOnlySpan<byte> text, out int length, out bool isOrdered)
    {
        length = 0;
        isOrdered = true;
        int at = 1;
        if (!TryDigits(text, ref at, out long least)) return false;
        if (At(text, at) == ',')
        {
            at++;
            if (At(text, at) != '}')
            {
                if (!TryDigits(text, ref at, out long most)) return false;
                isOrdered = most >= least;
            }
        }

        if (At(text, at) != '}') return false;
        length = at + 1;
        return true;
    }

    private static bool TryDigits(ReadOnlySpan<byte> text, ref int at, out long value)
    {
        value = 0;
        int start = at;
        for (; at < text.Length && (uint)(text[at] - '0') <= 9; at++) value = Math.Min(int.MaxValue, (value * 10) + (text[at] - '0'));
        return at > start;
    }
}

using System.Buffers;
using System.Globalization;

namespace EdgeProxy.ControlPlane.Documents;

/// <summary>What an unquoted scalar means under the core schema of YAML 1.2 (section 10.3.2).</summary>
internal static class CoreSchema
{
    private static readonly SearchValues<char> HexDigits = SearchValues.Create("0123456789abcdefABCDEF");

    public static ScalarKind Resolve(string text)
    {
        if (text.Length == 0) return ScalarKind.Null;
        switch (text)
        {
            case "~" or "null" or "Null" or "NULL":
                return ScalarKind.Null;
            case "true" or "True" or "TRUE" or "false" or "False" or "FALSE":
                return ScalarKind.Boolean;
            case ".inf" or ".Inf" or ".INF" or "+.inf" or "-.inf" or ".nan" or ".NaN" or ".NAN":
                // JSON has no such numbers and no member of a definition could hold one.
                return ScalarKind.Text;
        }

        char first = text[0];
        if (!char.IsAsciiDigit(first) && first is not ('-' or '+' or '.')) return ScalarKind.Text;
        if (IsWhole(text)) return ScalarKind.Integer;
        return IsDecimal(text) ? ScalarKind.Number : ScalarKind.Text;
    }

    public static bool TryParseInteger(string text, out long value)
    {
        if (text.StartsWith("0x", StringComparison.Ordinal))
        {
            return long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value) && value >= 0;
        }

        if (text.StartsWith("0o", StringComparison.Ordinal))
        {
            value = 0;
            if (text.Length > 22) return false;
            foreach (char digit in text.AsSpan(2)) value = (value << 3) | (uint)(digit - '0');
            return value >= 0;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
    }

    private static bool IsWhole(string text)
    {
        if (text.Length > 2 && text[0] == '0' && text[1] == 'x') return text.AsSpan(2).IndexOfAnyExcept(HexDigits) < 0;
        if (text.Length > 2 && text[0] == '0' && text[1] == 'o') return text.AsSpan(2).IndexOfAnyExceptInRange('0', '7') < 0;
        ReadOnlySpan<char> digits = text[0] is '-' or '+' ? text.AsSpan(1) : text;
        return digits.Length > 0 && digits.IndexOfAnyExceptInRange('0', '9') < 0;
    }

    // [-+]? ( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?
    private static bool IsDecimal(string text)
    {
        int at = text[0] is '-' or '+' ? 1 : 0;
        int whole = Digits(text, ref at);
        int fraction = 0;
        if (at < text.Length && text[at] == '.')
        {
            at++;
            fraction = Digits(text, ref at);
        }

        if (whole == 0 && fraction == 0) return false;
        if (at < text.Length && text[at] is ('e' or 'E'))
        {
            at++;
            if (at < text.Length && text[at] is ('-' or '+')) at++;
            if (Digits(text, ref at) == 0) return false;
        }

        return at == text.Length;
    }

    private static int Digits(string text, ref int at)
    {
        int start = at;
        while (at < text.Length && char.IsAsciiDigit(text[at])) at++;
        return at - start;
    }
}

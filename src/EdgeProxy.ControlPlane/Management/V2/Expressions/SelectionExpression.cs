using System.Buffers;

namespace EdgeProxy.ControlPlane.Management.V2.Expressions;

/// <summary>The language of all selection expressions (websocket-api.md 5.2): constants and variables, as <c>$name</c> or <c>${name}</c>; <c>\$</c> is a dollar sign.</summary>
internal static class SelectionExpression
{
    // What a variable without braces goes on with.
    private static readonly SearchValues<char> s_variableCharacters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-[]*@?():,'\"");

    /// <summary>Whether a text is one whose variables are all among some.</summary>
    public static bool Fits(string text, ValueSources sources)
    {
        int at = 0;
        while (at < text.Length)
        {
            switch (text[at])
            {
                case '\\':
                    if (at + 1 == text.Length) return false;
                    at += 2;
                    continue;
                case '$':
                    if (!TryVariable(text.AsSpan(at + 1), out ReadOnlySpan<char> name, out int length) || !sources.Has(name)) return false;
                    at += 1 + length;
                    continue;
                default:
                    if (char.IsControl(text[at])) return false;
                    at++;
                    continue;
            }
        }

        return text.Length > 0;
    }

    private static bool TryVariable(ReadOnlySpan<char> rest, out ReadOnlySpan<char> name, out int length)
    {
        if (rest.StartsWith("{"))
        {
            int close = rest.IndexOf('}');
            name = close < 0 ? default : rest[1..close];
            length = close + 1;
            return close > 0;
        }

        length = rest.IndexOfAnyExcept(s_variableCharacters);
        if (length < 0) length = rest.Length;
        name = rest[..length];
        return length > 0;
    }
}

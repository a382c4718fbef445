using System.Globalization;

namespace EdgeProxy.Core.Patterns;

/// <summary>A set of Unicode code points, surrogates among them: ranges in order that neither touch nor overlap, and a bit for each of ASCII. Immutable.</summary>
public sealed class CodePointSet
{
    /// <summary>The last code point.</summary>
    public const int Last = 0x10FFFF;

    private static readonly Dictionary<string, CodePointSet> s_categories = new(StringComparer.Ordinal);

    // Even entries begin a range, odd ones are behind its end.
    private readonly int[] _bounds;
    private readonly ulong _low;
    private readonly ulong _high;

    private CodePointSet(int[] bounds)
    {
        _bounds = bounds;
        for (int range = 0; range < Ranges && First(range) < 128; range++)
        {
            for (int codePoint = First(range); codePoint <= Math.Min(Final(range), 127); codePoint++)
            {
                if (codePoint < 64) _low |= 1UL << codePoint;
                else _high |= 1UL << (codePoint - 64);
            }
        }
    }

    public static CodePointSet Empty { get; } = new([]);

    public static CodePointSet All { get; } = new([0, Last + 1]);

    /// <summary><c>\d</c>: ASCII digits alone, in both dialects.</summary>
    public static CodePointSet Digits { get; } = Of("09");

    /// <summary><c>\w</c>, in both dialects.</summary>
    public static CodePointSet WordCharacters { get; } = Of("09AZ__az");

    /// <summary><c>\s</c> of ECMA 262: white space and line ends.</summary>
    public static CodePointSet Blanks { get; } = Of("\t\r  \u00A0\u00A0\u1680\u1680\u2000\u200A\u2028\u2029\u202F\u202F\u205F\u205F\u3000\u3000\uFEFF\uFEFF");

    /// <summary><c>\s</c> of Java.</summary>
    public static CodePointSet AsciiBlanks { get; } = Of("\t\r  ");

    /// <summary><c>\h</c> of Java.</summary>
    public static CodePointSet HorizontalBlanks { get; } = Of("\t\t  \u00A0\u00A0\u1680\u1680\u180E\u180E\u2000\u200A\u202F\u202F\u205F\u205F\u3000\u3000");

    /// <summary><c>\v</c> of Java, and what <c>\R</c> takes of one character.</summary>
    public static CodePointSet VerticalBlanks { get; } = Of("\n\r\u0085\u0085\u2028\u2029");

    /// <summary><c>.</c> of ECMA 262: all but line ends.</summary>
    public static CodePointSet Dot { get; } = Of("\n\n\r\r\u2028\u2029").Complement();

    /// <summary><c>.</c> of Java.</summary>
    public static CodePointSet JavaDot { get; } = Of("\n\n\r\r\u0085\u0085\u2028\u2029").Complement();

    /// <summary>How many ranges it has.</summary>
    public int Ranges => _bounds.Length / 2;

    /// <summary>The one code point it has; -1 when there are more, or none.</summary>
    public int Single => _bounds.Length == 2 && _bounds[1] == _bounds[0] + 1 ? _bounds[0] : -1;

    /// <summary>The first code point of a range.</summary>
    public int First(int range) => _bounds[range * 2];

    /// <summary>The last code point of a range.</summary>
    public int Final(int range) => _bounds[(range * 2) + 1] - 1;

    public static CodePointSet Of(int first, int final) => new([first, final + 1]);

    public static CodePointSet Of(int codePoint) => Of(codePoint, codePoint);

    /// <summary><c>\p{name}</c> of Java: a class of ASCII, or a general category with or without <c>Is</c>; null for a name that is not known.</summary>
    public static CodePointSet? JavaClass(string name)
    {
        switch (name)
        {
            case "Lower": return Of("az");
            case "Upper": return Of("AZ");
            case "ASCII": return Of(0, 127);
            case "Alpha": return Of("AZaz");
            case "Digit": return Digits;
            case "Alnum": return Of("09AZaz");
            case "Punct": return Of("!/:@[`{~");
            case "Graph": return Of("!~");
            case "Print": return Of(" ~");
            case "Blank": return Of("\t\t  ");
            case "Cntrl": return Of("\0\u001F\u007F\u007F");
            case "XDigit": return Of("09AFaf");
            case "Space": return AsciiBlanks;
            case "javaLetter" or "IsAlphabetic": return Category("L");
            case "javaUpperCase" or "IsUppercase": return Category("Lu");
            case "javaLowerCase" or "IsLowercase": return Category("Ll");
            case "IsDigit": return Category("Nd");
            default: return Category(name.StartsWith("Is", StringComparison.Ordinal) ? name[2..] : name);
        }
    }

    /// <summary><c>\p{name}</c> for a general category by its long or short name; null for anything else.</summary>
    public static CodePointSet? Category(string name)
    {
        if (name.StartsWith("General_Category=", StringComparison.Ordinal) || name.StartsWith("gc=", StringComparison.Ordinal)) name = name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..];
        if (name == "Any") return All;
        if (name == "ASCII") return Of(0, 0x7F);
        string? codes = name switch
        {
            "L" or "Letter" => "LuLlLtLmLo",
            "LC" or "Cased_Letter" => "LuLlLt",
            "Lu" or "Uppercase_Letter" => "Lu",
            "Ll" or "Lowercase_Letter" => "Ll",
            "Lt" or "Titlecase_Letter" => "Lt",
            "Lm" or "Modifier_Letter" => "Lm",
            "Lo" or "Other_Letter" => "Lo",
            "M" or "Mark" or "Combining_Mark" => "MnMcMe",
            "Mn" or "Nonspacing_Mark" => "Mn",
            "Mc" or "Spacing_Mark" => "Mc",
            "Me" or "Enclosing_Mark" => "Me",
            "N" or "Number" => "NdNlNo",
            "Nd" or "Decimal_Number" or "digit" => "Nd",
            "Nl" or "Letter_Number" => "Nl",
            "No" or "Other_Number" => "No",
            "Z" or "Separator" => "ZsZlZp",
            "Zs" or "Space_Separator" => "Zs",
            "Zl" or "Line_Separator" => "Zl",
            "Zp" or "Paragraph_Separator" => "Zp",
            "P" or "Punctuation" or "punct" => "PcPdPsPePiPfPo",
            "Pc" or "Connector_Punctuation" => "Pc",
            "Pd" or "Dash_Punctuation" => "Pd",
            "Ps" or "Open_Punctuation" => "Ps",
            "Pe" or "Close_Punctuation" => "Pe",
            "Pi" or "Initial_Punctuation" => "Pi",
            "Pf" or "Final_Punctuation" => "Pf",
            "Po" or "Other_Punctuation" => "Po",
            "S" or "Symbol" => "SmScSkSo",
            "Sm" or "Math_Symbol" => "Sm",
            "Sc" or "Currency_Symbol" => "Sc",
            "Sk" or "Modifier_Symbol" => "Sk",
            "So" or "Other_Symbol" => "So",
            "C" or "Other" => "CcCfCsCoCn",
            "Cc" or "Control" or "cntrl" => "Cc",
            "Cf" or "Format" => "Cf",
            "Cs" or "Surrogate" => "Cs",
            "Co" or "Private_Use" => "Co",
            "Cn" or "Unassigned" => "Cn",
            _ => null,
        };
        if (codes is null) return null;
        lock (s_categories)
        {
            if (!s_categories.TryGetValue(codes, out CodePointSet? set)) s_categories[codes] = set = OfCategories(codes);
            return set;
        }
    }

    public bool Contains(int codePoint)
    {
        if (codePoint < 64) return ((_low >> codePoint) & 1) != 0;
        if (codePoint < 128) return ((_high >> (codePoint - 64)) & 1) != 0;
        int found = Array.BinarySearch(_bounds, codePoint);
        return ((found >= 0 ? found : ~found - 1) & 1) == 0;
    }

    public CodePointSet Union(CodePointSet other) => Combine(other, least: 1);

    public CodePointSet Intersection(CodePointSet other) => Combine(other, least: 2);

    public CodePointSet Complement()
    {
        // What begins begins to fail, and the other way round.
        var bounds = new List<int>(_bounds);
        if (bounds.Count > 0 && bounds[0] == 0) bounds.RemoveAt(0);
        else bounds.Insert(0, 0);
        if (bounds[^1] == Last + 1) bounds.RemoveAt(bounds.Count - 1);
        else bounds.Add(Last + 1);
        return new CodePointSet([.. bounds]);
    }

    /// <summary>With both cases of each ASCII letter.</summary>
    public CodePointSet IgnoringCase()
    {
        CodePointSet set = this;
        for (int letter = 'a'; letter <= 'z'; letter++)
        {
            if (Contains(letter) != Contains(letter - 32)) set = set.Union(Of(letter)).Union(Of(letter - 32));
        }

        return set;
    }

    // Pairs of the first and last code point of each range, in order.
    private static CodePointSet Of(string ranges)
    {
        var bounds = new int[ranges.Length];
        for (int i = 0; i < bounds.Length; i++) bounds[i] = ranges[i] + (i & 1);
        return new CodePointSet(bounds);
    }

    // Goes through the bounds of both in order, and keeps those at which so many of the two begin or cease to hold.
    private CodePointSet Combine(CodePointSet other, int least)
    {
        var bounds = new List<int>();
        int left = 0;
        int right = 0;
        while (left < _bounds.Length || right < other._bounds.Length)
        {
            bool held = (left & 1) + (right & 1) >= least;
            int at = Math.Min(left < _bounds.Length ? _bounds[left] : int.MaxValue, right < other._bounds.Length ? other._bounds[right] : int.MaxValue);
            if (left < _bounds.Length && _bounds[left] == at) left++;
            if (right < other._bounds.Length && other._bounds[right] == at) right++;
            if ((left & 1) + (right & 1) >= least != held) bounds.Add(at);
        }

        return new CodePointSet([.. bounds]);
    }

    // In the order of UnicodeCategory.
    private static CodePointSet OfCategories(string codes)
    {
        const string Order = "LuLlLtLmLoMnMcMeNdNlNoZsZlZpCcCfCsCoPcPdPsPePiPfPoSmScSkSoCn";
        int wanted = 0;
        for (int i = 0; i < codes.Length; i += 2)
        {
            for (int category = 0; category < Order.Length / 2; category++)
            {
                if (Order.AsSpan(category * 2, 2).SequenceEqual(codes.AsSpan(i, 2))) wanted |= 1 << category;
            }
        }

        var bounds = new List<int>();
        for (int codePoint = 0; codePoint <= Last + 1; codePoint++)
        {
            bool isWanted = codePoint <= Last && ((wanted >> (int)CharUnicodeInfo.GetUnicodeCategory(codePoint)) & 1) != 0;
            if (isWanted != ((bounds.Count & 1) != 0)) bounds.Add(codePoint);
        }

        return new CodePointSet([.. bounds]);
    }
}

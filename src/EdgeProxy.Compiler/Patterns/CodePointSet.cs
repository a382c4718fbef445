using System.Globalization;

namespace EdgeProxy.Compiler.Patterns;

/// <summary>A set of Unicode code points, surrogates among them: ranges in order that neither touch nor overlap.</summary>
internal sealed class CodePointSet
{
    /// <summary>The last code point.</summary>
    public const int Last = 0x10FFFF;

    private static readonly Dictionary<string, CodePointSet> s_categories = new(StringComparer.Ordinal);

    private CodePointSet((int From, int To)[] ranges) => Ranges = ranges;

    public static CodePointSet Empty { get; } = new([]);

    public static CodePointSet All { get; } = new([(0, Last)]);

    /// <summary><c>\d</c>: ASCII digits alone (ECMA 262, 22.2.2.9).</summary>
    public static CodePointSet Digits { get; } = Of(('0', '9'));

    /// <summary><c>\w</c>.</summary>
    public static CodePointSet WordCharacters { get; } = Of(('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z'));

    /// <summary><c>\s</c>: white space and line ends.</summary>
    public static CodePointSet Blanks { get; } = Of((9, 13), (' ', ' '), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF));

    /// <summary><c>.</c>: all but line ends.</summary>
    public static CodePointSet Dot { get; } = Of((10, 10), (13, 13), (0x2028, 0x2029)).Complement();

    public IReadOnlyList<(int From, int To)> Ranges { get; }

    /// <summary>The set of some ranges, in any order.</summary>
    public static CodePointSet Of(params IEnumerable<(int From, int To)> ranges)
    {
        var merged = new List<(int From, int To)>();
        foreach ((int from, int to) in ranges.OrderBy(static range => range.From))
        {
            if (merged.Count > 0 && from <= merged[^1].To + 1) merged[^1] = (merged[^1].From, Math.Max(merged[^1].To, to));
            else merged.Add((from, to));
        }

        return new CodePointSet([.. merged]);
    }

    public static CodePointSet Of(int codePoint) => new([(codePoint, codePoint)]);

    /// <summary><c>\p{name}</c> for a general category by its long or short name; null for anything else.</summary>
    public static CodePointSet? Category(string name)
    {
        if (name.StartsWith("General_Category=", StringComparison.Ordinal) || name.StartsWith("gc=", StringComparison.Ordinal)) name = name[(name.IndexOf('=', StringComparison.Ordinal) + 1)..];
        if (name == "Any") return All;
        if (name == "ASCII") return Of((0, 0x7F));
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

    public CodePointSet Union(CodePointSet other) => Of(Ranges.Concat(other.Ranges));

    public CodePointSet Complement()
    {
        var gaps = new List<(int From, int To)>();
        int next = 0;
        foreach ((int from, int to) in Ranges)
        {
            if (from > next) gaps.Add((next, from - 1));
            next = to + 1;
        }

        if (next <= Last) gaps.Add((next, Last));
        return new CodePointSet([.. gaps]);
    }

    // In the order of UnicodeCategory.
    private static CodePointSet OfCategories(string codes)
    {
        const string Order = "LuLlLtLmLoMnMcMeNdNlNoZsZlZpCcCfCsCoPcPdPsPePiPfPoSmScSkSoCn";
        var wanted = new bool[30];
        for (int i = 0; i < codes.Length; i += 2)
        {
            for (int category = 0; category < wanted.Length; category++) wanted[category] |= Order.AsSpan(category * 2, 2).SequenceEqual(codes.AsSpan(i, 2));
        }

        var ranges = new List<(int From, int To)>();
        for (int codePoint = 0; codePoint <= Last; codePoint++)
        {
            if (!wanted[(int)CharUnicodeInfo.GetUnicodeCategory(codePoint)]) continue;
            if (ranges.Count > 0 && ranges[^1].To == codePoint - 1) ranges[^1] = (ranges[^1].From, codePoint);
            else ranges.Add((codePoint, codePoint));
        }

        return new CodePointSet([.. ranges]);
    }
}

using System.Globalization;

namespace EdgeProxy.Templates.Patterns;

/// <summary>A set of characters: sorted ranges that do not touch, and a bit for each ASCII character. Immutable.</summary>
internal sealed class CharacterSet
{
    private const int Last = 0x10FFFF;

    private static CharacterSet? s_letters;
    private static CharacterSet? s_upper;
    private static CharacterSet? s_lower;
    private static CharacterSet? s_numbers;

    private readonly int[] _bounds;
    private readonly UInt128 _ascii;

    // Even entries begin a range, odd ones are behind its end.
    private CharacterSet(int[] bounds)
    {
        _bounds = bounds;
        for (int i = 0; i < 128; i++)
        {
            if (Search(i)) _ascii |= UInt128.One << i;
        }
    }

    public static CharacterSet Digits { get; } = Of('0', '9');

    public static CharacterSet Words { get; } = Of('0', '9').Union(Of('A', 'Z')).Union(Of('a', 'z')).Union(Of('_', '_'));

    public static CharacterSet Blanks { get; } = Of('\t', '\r').Union(Of(' ', ' '));

    public static CharacterSet Empty { get; } = new([]);

    public static CharacterSet LineEnds { get; } = Of('\n', '\n').Union(Of('\r', '\r')).Union(Of(0x85, 0x85)).Union(Of(0x2028, 0x2029));

    public static CharacterSet Of(int first, int last) => new([first, last + 1]);

    /// <summary>The set of <c>\p{name}</c>; null for a name that is not known.</summary>
    public static CharacterSet? Named(string name) => name switch
    {
        "Lower" => Of('a', 'z'),
        "Upper" => Of('A', 'Z'),
        "ASCII" => Of(0, 127),
        "Alpha" => Of('a', 'z').Union(Of('A', 'Z')),
        "Digit" => Digits,
        "Alnum" => Of('0', '9').Union(Of('a', 'z')).Union(Of('A', 'Z')),
        "Punct" => Of('!', '/').Union(Of(':', '@')).Union(Of('[', '`')).Union(Of('{', '~')),
        "Graph" => Of('!', '~'),
        "Print" => Of(' ', '~'),
        "Blank" => Of(' ', ' ').Union(Of('\t', '\t')),
        "Cntrl" => Of(0, 31).Union(Of(127, 127)),
        "XDigit" => Of('0', '9').Union(Of('a', 'f')).Union(Of('A', 'F')),
        "Space" => Blanks,
        "L" or "IsL" or "IsAlphabetic" or "javaLetter" => s_letters ??= OfCategories(UnicodeCategory.UppercaseLetter, UnicodeCategory.OtherLetter),
        "Lu" or "IsLu" or "IsUppercase" or "javaUpperCase" => s_upper ??= OfCategories(UnicodeCategory.UppercaseLetter, UnicodeCategory.UppercaseLetter),
        "Ll" or "IsLl" or "IsLowercase" or "javaLowerCase" => s_lower ??= OfCategories(UnicodeCategory.LowercaseLetter, UnicodeCategory.LowercaseLetter),
        "N" or "IsN" => OfCategories(UnicodeCategory.DecimalDigitNumber, UnicodeCategory.OtherNumber),
        "Nd" or "IsNd" or "IsDigit" => s_numbers ??= OfCategories(UnicodeCategory.DecimalDigitNumber, UnicodeCategory.DecimalDigitNumber),
        _ => null,
    };

    public bool Contains(int character) => character < 128 ? ((_ascii >> character) & 1) != 0 : Search(character);

    public CharacterSet Union(CharacterSet other) => Combine(other, static (left, right) => left || right);

    public CharacterSet Intersection(CharacterSet other) => Combine(other, static (left, right) => left && right);

    public CharacterSet Complement() => Of(0, Last).Combine(this, static (left, right) => left && !right);

    /// <summary>With both cases of each ASCII letter.</summary>
    public CharacterSet IgnoringCase()
    {
        CharacterSet set = this;
        for (int letter = 'a'; letter <= 'z'; letter++)
        {
            if (Contains(letter) != Contains(letter - 32)) set = set.Union(Of(letter, letter)).Union(Of(letter - 32, letter - 32));
        }

        return set;
    }

    private bool Search(int character)
    {
        int found = Array.BinarySearch(_bounds, character);
        return found >= 0 ? found % 2 == 0 : ~found % 2 == 1;
    }

    private CharacterSet Combine(CharacterSet other, Func<bool, bool, bool> inBoth)
    {
        int[] all = [.. _bounds.Concat(other._bounds).Distinct().Order()];
        var bounds = new List<int>();
        bool inside = false;
        foreach (int bound in all)
        {
            bool now = inBoth(Search(bound), other.Search(bound));
            if (now == inside) continue;
            bounds.Add(bound);
            inside = now;
        }

        return new CharacterSet([.. bounds]);
    }

    private static CharacterSet OfCategories(UnicodeCategory first, UnicodeCategory last)
    {
        var bounds = new List<int>();
        bool inside = false;
        for (int character = 0; character <= Last + 1; character++)
        {
            bool now = character <= Last && CharUnicodeInfo.GetUnicodeCategory(character) is var category && category >= first && category <= last;
            if (now == inside) continue;
            bounds.Add(character);
            inside = now;
        }

        return new CharacterSet([.. bounds]);
    }
}

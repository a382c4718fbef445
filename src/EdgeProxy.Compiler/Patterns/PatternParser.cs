using System.Globalization;
using System.Text;

namespace EdgeProxy.Compiler.Patterns;

/// <summary>Reads a regular expression of ECMA 262 (22.2.1 with annex B, so that needless escapes and lone braces are themselves), by code points.</summary>
internal sealed class PatternParser
{
    private const int DeepestGroup = 100;

    // The table of a pattern grows with what it counts to; more than this is a slip or an attack.
    private const int MostRepeats = 100_000;

    private readonly int[] _text;
    private readonly int _groups;
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private int _at;
    private int _depth;
    private int _group;
    private string? _fault;

    private PatternParser(string source)
    {
        var runes = new List<int>(source.Length);
        for (int i = 0; i < source.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(source[i]) && i + 1 < source.Length && char.IsLowSurrogate(source[i + 1]);
            runes.Add(isPair ? char.ConvertToUtf32(source[i], source[++i]) : source[i]);
        }

        _text = [.. runes];
        _groups = CountGroups();
    }

    /// <summary>Reads an expression; null with the reason when it is none.</summary>
    public static PatternNode? Parse(string source, out string? fault)
    {
        var parser = new PatternParser(source);
        PatternNode node = parser.ReadChoice();
        if (parser._at < parser._text.Length) parser.Fail("a \")\" closes nothing");
        fault = parser._fault;
        return fault is null ? node : null;
    }

    private int Here => _at < _text.Length ? _text[_at] : -1;

    private bool Take(int character)
    {
        if (Here != character) return false;
        _at++;
        return true;
    }

    private bool Take(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (_at + i >= _text.Length || _text[_at + i] != text[i]) return false;
        }

        _at += text.Length;
        return true;
    }

    private void Fail(string reason)
    {
        _fault ??= string.Create(CultureInfo.InvariantCulture, $"{reason} at character {Math.Min(_at, _text.Length) + 1}");
        _at = _text.Length;
    }

    // Numbers and names of all groups, because a reference may come before its group.
    private int CountGroups()
    {
        int groups = 0;
        bool inClass = false;
        for (int i = 0; i < _text.Length; i++)
        {
            switch (_text[i])
            {
                case '\\':
                    i++;
                    break;
                case '[':
                    inClass = true;
                    break;
                case ']':
                    inClass = false;
                    break;
                case '(' when !inClass:
                    bool isNamed = i + 3 < _text.Length && _text[i + 1] == '?' && _text[i + 2] == '<' && _text[i + 3] is not ('=' or '!');
                    if (isNamed || i + 1 == _text.Length || _text[i + 1] != '?') groups++;
                    if (isNamed) _names.TryAdd(NameFrom(i + 3, out _), groups);
                    break;
            }
        }

        return groups;
    }

    private string NameFrom(int at, out int end)
    {
        var name = new StringBuilder();
        for (end = at; end < _text.Length && _text[end] != '>'; end++) name.Append(char.ConvertFromUtf32(_text[end] is >= 0xD800 and <= 0xDFFF ? '?' : _text[end]));
        return name.ToString();
    }

    private PatternNode ReadChoice()
    {
        var options = new List<PatternNode> { ReadSequence() };
        while (Take('|')) options.Add(ReadSequence());
        return options.Count == 1 ? options[0] : new PatternNode.Choice(options);
    }

    private PatternNode ReadSequence()
    {
        var parts = new List<PatternNode>();
        while (Here is not (-1 or '|' or ')'))
        {
            PatternNode part = ReadAtom();
            parts.Add(ReadRepeats(part));
        }

        return parts.Count == 1 ? parts[0] : new PatternNode.Sequence(parts);
    }

    private PatternNode ReadRepeats(PatternNode part)
    {
        int least;
        int most;
        switch (Here)
        {
            case '*':
                (least, most) = (0, -1);
                _at++;
                break;
            case '+':
                (least, most) = (1, -1);
                _at++;
                break;
            case '?':
                (least, most) = (0, 1);
                _at++;
                break;
            case '{' when TryReadCounts(out least, out most):
                break;
            default:
                return part;
        }

        if (part is PatternNode.Start or PatternNode.End or PatternNode.WordBoundary or PatternNode.Look { IsBehind: true })
        {
            _at--;
            Fail("what stands before cannot be repeated");
        }

        Take('?');
        return new PatternNode.Repeat(part, least, most);
    }

    private bool TryReadCounts(out int least, out int most)
    {
        int start = _at++;
        least = most = 0;
        if (TryReadInteger(out least))
        {
            most = least;
            if (Take(',') && !TryReadInteger(out most)) most = -1;
            if (Take('}'))
            {
                if (most >= 0 && most < least) Fail("the numbers of a repetition are out of order");
                if (least > MostRepeats || most > MostRepeats) Fail("a repetition counts too far");
                return true;
            }
        }

        _at = start;
        return false;
    }

    private bool TryReadInteger(out int value)
    {
        value = 0;
        int start = _at;
        while (Here is >= '0' and <= '9') value = Math.Min(MostRepeats + 1, (value * 10) + _text[_at++] - '0');
        return _at > start;
    }

    private PatternNode ReadAtom()
    {
        int character = _text[_at++];
        switch (character)
        {
            case '^':
                return new PatternNode.Start();
            case '$':
                return new PatternNode.End();
            case '.':
                return new PatternNode.Character(CodePointSet.Dot);
            case '[':
                return new PatternNode.Character(ReadClass());
            case '(':
                return ReadGroup();
            case '\\':
                return ReadEscape();
            case '*' or '+' or '?':
                _at--;
                Fail("there is nothing to repeat");
                return new PatternNode.Sequence([]);
            case '{':
                _at--;
                if (TryReadCounts(out _, out _)) Fail("there is nothing to repeat");
                else _at++;
                break;
        }

        return new PatternNode.Character(CodePointSet.Of(character));
    }

    private PatternNode ReadGroup()
    {
        if (++_depth > DeepestGroup) Fail("groups are nested too deeply");
        Func<PatternNode, PatternNode> wrap;
        if (Take("?:")) wrap = static part => new PatternNode.Sequence([part]); // what no repetition may follow may stand in a group that is repeated
        else if (Take("?=")) wrap = static part => new PatternNode.Look(part, IsBehind: false, IsNegated: false);
        else if (Take("?!")) wrap = static part => new PatternNode.Look(part, IsBehind: false, IsNegated: true);
        else if (Take("?<=")) wrap = static part => new PatternNode.Look(part, IsBehind: true, IsNegated: false);
        else if (Take("?<!")) wrap = static part => new PatternNode.Look(part, IsBehind: true, IsNegated: true);
        else
        {
            if (Take("?<"))
            {
                if (NameFrom(_at, out int end).Length == 0 || end == _text.Length) Fail("the name of a group is missing");
                else _at = end + 1;
            }
            else if (Here == '?')
            {
                Fail("\"(?\" begins no kind of group that ECMA 262 has");
            }

            int number = ++_group;
            wrap = part => new PatternNode.Group(part, number);
        }

        PatternNode inner = ReadChoice();
        if (!Take(')')) Fail("a group is not closed");
        _depth--;
        return wrap(inner);
    }

    private PatternNode ReadEscape()
    {
        switch (Here)
        {
            case -1:
                Fail("\"\\\" stands at the end");
                return new PatternNode.Sequence([]);
            case 'b' or 'B':
                return new PatternNode.WordBoundary(_text[_at++] == 'B');
            case 'k' when _names.Count > 0:
                _at++;
                if (Take('<') && _names.TryGetValue(NameFrom(_at, out int end), out int named))
                {
                    _at = end + 1;
                    return new PatternNode.BackReference(named);
                }

                Fail("there is no group of that name");
                return new PatternNode.Sequence([]);
            case >= '1' and <= '9':
                TryReadInteger(out int number);
                if (number <= _groups) return new PatternNode.BackReference(number);
                Fail("there is no group of that number");
                return new PatternNode.Sequence([]);
        }

        return new PatternNode.Character(ReadSetEscape() ?? CodePointSet.Of(ReadCharacterEscape()));
    }

    // \d \w \s \p, after the backslash; null for others.
    private CodePointSet? ReadSetEscape()
    {
        int letter = Here;
        CodePointSet? set = letter switch
        {
            'd' or 'D' => CodePointSet.Digits,
            'w' or 'W' => CodePointSet.WordCharacters,
            's' or 'S' => CodePointSet.Blanks,
            _ => null,
        };
        if (set is not null)
        {
            _at++;
        }
        else if (letter is 'p' or 'P' && _at + 1 < _text.Length && _text[_at + 1] == '{')
        {
            int close = Array.IndexOf(_text, '}', _at);
            if (close > 0) set = CodePointSet.Category(new string(Array.ConvertAll(_text[(_at + 2)..close], static value => value < 0x80 ? (char)value : '?')));
            if (set is null)
            {
                Fail("the property of \"\\p{...}\" is unknown; general categories such as \\p{L} are known");
                return CodePointSet.Empty;
            }

            _at = close + 1;
        }

        return set is not null && letter is 'D' or 'W' or 'S' or 'P' ? set!.Complement() : set;
    }

    private int ReadCharacterEscape()
    {
        int character = _text[_at++];
        switch (character)
        {
            case 't': return '\t';
            case 'n': return '\n';
            case 'v': return '\v';
            case 'f': return '\f';
            case 'r': return '\r';
            case '0' when Here is not (>= '0' and <= '9'): return 0;
            case 'c' when Here is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'): return _text[_at++] & 0x1F;
            case 'c':
                _at--;
                return '\\';
            case 'x' when TryReadHex(2, out int value): return value;
            case 'u': return ReadUnicodeEscape();
            default: return character;
        }
    }

    private int ReadUnicodeEscape()
    {
        if (Here == '{')
        {
            int start = _at++;
            int value = 0;
            while (_at < _text.Length && HexOf(_text[_at]) is >= 0 and var digit) (value, _at) = (Math.Min(CodePointSet.Last + 1, (value * 16) + digit), _at + 1);
            if (_at > start + 1 && value <= CodePointSet.Last && Take('}')) return value;
            _at = start;
            return 'u';
        }

        if (!TryReadHex(4, out int unit)) return 'u';
        int back = _at;
        if ((unit & 0xFC00) == 0xD800 && Take("\\u") && TryReadHex(4, out int low) && (low & 0xFC00) == 0xDC00) return char.ConvertToUtf32((char)unit, (char)low);
        _at = back;
        return unit;
    }

    private bool TryReadHex(int digits, out int value)
    {
        value = 0;
        if (_at + digits > _text.Length) return false;
        for (int i = 0; i < digits; i++)
        {
            int digit = HexOf(_text[_at + i]);
            if (digit < 0) return false;
            value = (value * 16) + digit;
        }

        _at += digits;
        return true;
    }

    private static int HexOf(int character) => character is < 0x80 and >= 0 && char.IsAsciiHexDigit((char)character) ? Convert.ToInt32(((char)character).ToString(), 16) : -1;

    private CodePointSet ReadClass()
    {
        bool isNegated = Take('^');
        var ranges = new List<(int From, int To)>();
        while (!Take(']'))
        {
            if (Here < 0)
            {
                Fail("a class is not closed");
                return CodePointSet.Empty;
            }

            CodePointSet? first = ReadClassAtom(out int from);
            bool isRange = Here == '-' && _at + 1 < _text.Length && _text[_at + 1] != ']';
            if (!isRange)
            {
                if (first is not null) ranges.AddRange(first.Ranges);
                else ranges.Add((from, from));
                continue;
            }

            _at++;
            CodePointSet? second = ReadClassAtom(out int to);
            if (first is not null || second is not null)
            {
                // Annex B: a hyphen next to a class such as \w is itself.
                ranges.AddRange(first?.Ranges ?? [(from, from)]);
                ranges.AddRange(second?.Ranges ?? [(to, to)]);
                ranges.Add(('-', '-'));
            }
            else if (to < from)
            {
                Fail("a range of a class is out of order");
            }
            else
            {
                ranges.Add((from, to));
            }
        }

        CodePointSet set = CodePointSet.Of(ranges);
        return isNegated ? set.Complement() : set;
    }

    private CodePointSet? ReadClassAtom(out int character)
    {
        character = Here;
        if (character < 0) return CodePointSet.Empty;
        _at++;
        if (character != '\\') return null;
        if (Here < 0)
        {
            Fail("a class is not closed");
            return CodePointSet.Empty;
        }

        if (Take('b'))
        {
            character = '\b';
            return null;
        }

        if (ReadSetEscape() is { } set) return set;
        character = Here < 0 ? 0 : ReadCharacterEscape();
        return null;
    }
}

using System.Globalization;
using System.Text;

namespace EdgeProxy.Core.Patterns;

/// <summary>Reads a regular expression by code points. The two dialects share their grammar; where they differ, the methods say so.</summary>
public sealed class PatternParser
{
    private const int Deepest = 100;

    // More than this is a slip or an attack.
    private const int MostRepeats = 100_000;

    private readonly int[] _text;
    private readonly bool _isJava;
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    // All groups of an expression of ECMA 262, where a reference may come before its group.
    private readonly int _allGroups;
    private int _at;
    private int _depth;
    private int _groups;
    private Flags _flags;
    private string? _fault;

    private PatternParser(string source, PatternDialect dialect)
    {
        var codePoints = new List<int>(source.Length);
        for (int i = 0; i < source.Length; i++)
        {
            bool isPair = char.IsHighSurrogate(source[i]) && i + 1 < source.Length && char.IsLowSurrogate(source[i + 1]);
            codePoints.Add(isPair ? char.ConvertToUtf32(source[i], source[++i]) : source[i]);
        }

        _text = [.. codePoints];
        _isJava = dialect == PatternDialect.Java;
        if (!_isJava) _allGroups = CountGroups();
    }

    /// <summary>Java's <c>(?ism)</c>.</summary>
    [Flags]
    private enum Flags : byte
    {
        None,
        IgnoresCase = 1,
        DotTakesAll = 2,
        IsMultiline = 4,
    }

    private int Here => _at < _text.Length ? _text[_at] : -1;

    private int Next => _at + 1 < _text.Length ? _text[_at + 1] : -1;

    /// <summary>Reads an expression; null with the reason when it is none.</summary>
    public static ParsedPattern? Parse(string source, PatternDialect dialect, out string? fault)
    {
        var parser = new PatternParser(source, dialect);
        PatternNode root = parser.ReadChoice();
        if (parser._at < parser._text.Length) parser.Fail("a \")\" closes nothing");
        fault = parser._fault;
        return fault is null ? new ParsedPattern(root, parser._groups, parser._names) : null;
    }

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

    // All else then stands behind the end, which ends every loop.
    private void Fail(string reason)
    {
        _fault ??= string.Create(CultureInfo.InvariantCulture, $"{reason} at character {Math.Min(_at, _text.Length) + 1}");
        _at = _text.Length;
    }

    private PatternNode FailHere(string reason)
    {
        Fail(reason);
        return new PatternNode.Sequence([]);
    }

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
        Flags flags = _flags;
        var options = new List<PatternNode> { ReadSequence() };
        while (Take('|')) options.Add(ReadSequence());
        _flags = flags; // they end with their group
        return options.Count == 1 ? options[0] : new PatternNode.Choice(options);
    }

    private PatternNode ReadSequence()
    {
        var parts = new List<PatternNode>();
        while (Here is not (-1 or '|' or ')'))
        {
            if (_isJava && Take("\\Q"))
            {
                while (Here >= 0 && !Take("\\E")) parts.Add(Literal(_text[_at++]));
                if (parts.Count > 0) parts[^1] = ReadRepeats(parts[^1]);
                continue;
            }

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
                (least, most) = (0, PatternNode.Repeat.Unbounded);
                _at++;
                break;
            case '+':
                (least, most) = (1, PatternNode.Repeat.Unbounded);
                _at++;
                break;
            case '?':
                (least, most) = (0, 1);
                _at++;
                break;
            case '{' when TryReadCounts(out least, out most):
                break;
            case '{' when _isJava:
                return FailHere("the numbers of a repetition are missing");
            default:
                return part;
        }

        // Java lets places be repeated.
        if (!_isJava && part is PatternNode.Anchor or PatternNode.Look { IsBehind: true })
        {
            _at--;
            Fail("what stands before cannot be repeated");
        }

        PatternGreed greed = Take('?') ? PatternGreed.Lazy : _isJava && Take('+') ? PatternGreed.Possessive : PatternGreed.Greedy;
        return new PatternNode.Repeat(part, least, most, greed);
    }

    private bool TryReadCounts(out int least, out int most)
    {
        int start = _at++;
        most = 0;
        if (TryReadInteger(out least))
        {
            most = least;
            if (Take(',') && !TryReadInteger(out most)) most = PatternNode.Repeat.Unbounded;
            if (Take('}'))
            {
                if (most < least) Fail("the numbers of a repetition are out of order");
                if (least > MostRepeats || most is > MostRepeats and < PatternNode.Repeat.Unbounded) Fail("a repetition counts too far");
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
                return new PatternNode.Anchor(_flags.HasFlag(Flags.IsMultiline) ? PatternAnchor.LineStart : PatternAnchor.TextStart);
            case '$':
                return new PatternNode.Anchor(!_isJava ? PatternAnchor.TextEnd : _flags.HasFlag(Flags.IsMultiline) ? PatternAnchor.LineEnd : PatternAnchor.TextEndOrLastLine);
            case '.':
                return new PatternNode.Character(_flags.HasFlag(Flags.DotTakesAll) ? CodePointSet.All : _isJava ? CodePointSet.JavaDot : CodePointSet.Dot);
            case '[':
                return OneOf(_isJava ? ReadJavaClass() : ReadClass());
            case '(':
                return ReadGroup();
            case '\\':
                return ReadEscape();
            case '*' or '+' or '?':
                _at--;
                return FailHere("there is nothing to repeat");
            case '{':
                _at--;
                if (_isJava || TryReadCounts(out _, out _)) return FailHere("there is nothing to repeat");
                _at++;
                break;
        }

        return Literal(character);
    }

    private PatternNode.Character Literal(int character) => OneOf(CodePointSet.Of(character));

    private PatternNode.Character OneOf(CodePointSet set) => new(_flags.HasFlag(Flags.IgnoresCase) ? set.IgnoringCase() : set);

    private PatternNode ReadGroup()
    {
        if (++_depth > Deepest) return FailHere("groups are nested too deeply");
        PatternNode node;
        if (Take("?:")) node = new PatternNode.Sequence([ReadChoice()]); // what no repetition may follow may stand in a group that is repeated
        else if (Take("?=")) node = new PatternNode.Look(ReadChoice(), isBehind: false, isNegated: false);
        else if (Take("?!")) node = new PatternNode.Look(ReadChoice(), isBehind: false, isNegated: true);
        else if (Take("?<=")) node = new PatternNode.Look(ReadChoice(), isBehind: true, isNegated: false);
        else if (Take("?<!")) node = new PatternNode.Look(ReadChoice(), isBehind: true, isNegated: true);
        else if (_isJava && Take("?>")) node = new PatternNode.Atomic(ReadChoice());
        else if (_isJava && Here == '?' && Next != '<') return ReadFlags();
        else node = ReadCapture();
        if (!Take(')')) Fail("a group is not closed");
        _depth--;
        return node;
    }

    private PatternNode ReadCapture()
    {
        int number = ++_groups;
        if (Take("?<"))
        {
            string name = NameFrom(_at, out int end);
            if (name.Length == 0 || end == _text.Length) return FailHere("the name of a group is missing");
            if (_isJava && !name.All(char.IsAsciiLetterOrDigit)) return FailHere("the name of a group has letters and digits alone");
            if (_isJava && !_names.TryAdd(name, number)) return FailHere("two groups have one name");
            _at = end + 1;
        }
        else if (Here == '?')
        {
            return FailHere("\"(?\" begins no kind of group that ECMA 262 has");
        }

        return new PatternNode.Group(ReadChoice(), number);
    }

    // (?i) for the rest of the group, (?i:...) for a group of its own.
    private PatternNode ReadFlags()
    {
        Flags outer = _flags;
        bool isOn = true;
        for (_at++; Here >= 0; _at++)
        {
            Flags flag = Here switch
            {
                'i' => Flags.IgnoresCase,
                's' => Flags.DotTakesAll,
                'm' => Flags.IsMultiline,
                _ => Flags.None,
            };
            if (flag != Flags.None)
            {
                _flags = isOn ? _flags | flag : _flags & ~flag;
            }
            else if (Here == '-')
            {
                isOn = false;
            }
            else if (Take(')'))
            {
                _depth--;
                return new PatternNode.Sequence([]);
            }
            else if (Take(':'))
            {
                PatternNode inner = ReadChoice();
                if (!Take(')')) Fail("a group is not closed");
                _flags = outer;
                _depth--;
                return new PatternNode.Sequence([inner]);
            }
            else if (Here != 'u')
            {
                return FailHere("\"(?\" begins no kind of group that is known");
            }
        }

        return FailHere("a group is not closed");
    }

    private PatternNode ReadEscape()
    {
        switch (Here)
        {
            case -1:
                return FailHere("\"\\\" stands at the end");
            case 'b':
                return TakeAnchor(PatternAnchor.WordBoundary);
            case 'B':
                return TakeAnchor(PatternAnchor.NoWordBoundary);
            case 'A' when _isJava:
                return TakeAnchor(PatternAnchor.TextStart);
            case 'z' when _isJava:
                return TakeAnchor(PatternAnchor.TextEnd);
            case 'Z' when _isJava:
                return TakeAnchor(PatternAnchor.TextEndOrLastLine);
            case 'R' when _isJava:
                _at++;
                return new PatternNode.Choice([new PatternNode.Sequence([Literal('\r'), Literal('\n')]), new PatternNode.Character(CodePointSet.VerticalBlanks)]);
            case 'k' when _isJava || _names.Count > 0:
                _at++;
                if (!Take('<') || !_names.TryGetValue(NameFrom(_at, out int end), out int named)) return FailHere("there is no group of that name");
                _at = end + 1;
                return Reference(named);
            case >= '1' and <= '9' when _isJava:
                return ReadJavaReference();
            case >= '1' and <= '9':
                TryReadInteger(out int number);
                return number <= _allGroups ? Reference(number) : FailHere("there is no group of that number");
        }

        return OneOf(ReadSetEscape() ?? CodePointSet.Of(ReadCharacterEscape()));
    }

    private PatternNode.Anchor TakeAnchor(PatternAnchor kind)
    {
        _at++;
        return new PatternNode.Anchor(kind);
    }

    private PatternNode.BackReference Reference(int group) => new(group, _flags.HasFlag(Flags.IgnoresCase), isEmptyWhenUnset: !_isJava);

    // As many digits as name a group that was opened; a group that does not exist never matches.
    private PatternNode ReadJavaReference()
    {
        int group = _text[_at++] - '0';
        while (Here is >= '0' and <= '9' && (group * 10) + Here - '0' <= _groups) group = (group * 10) + _text[_at++] - '0';
        return group <= _groups ? Reference(group) : new PatternNode.Character(CodePointSet.Empty);
    }

    // \d \w \s \p and Java's others, after the backslash; null having moved nowhere for what is no set.
    private CodePointSet? ReadSetEscape()
    {
        int letter = Here;
        CodePointSet? set = letter switch
        {
            'd' or 'D' => CodePointSet.Digits,
            'w' or 'W' => CodePointSet.WordCharacters,
            's' or 'S' => _isJava ? CodePointSet.AsciiBlanks : CodePointSet.Blanks,
            'h' or 'H' when _isJava => CodePointSet.HorizontalBlanks,
            'v' or 'V' when _isJava => CodePointSet.VerticalBlanks,
            _ => null,
        };
        if (set is not null)
        {
            _at++;
        }
        else if (letter is 'p' or 'P' && (_isJava || Next == '{'))
        {
            _at++;
            string name = ReadProperty();
            set = _isJava ? CodePointSet.JavaClass(name) : CodePointSet.Category(name);
            if (set is null)
            {
                Fail("the property of \"\\p{...}\" is unknown; general categories such as \\p{L} are known");
                return CodePointSet.Empty;
            }
        }

        return set is not null && letter is 'D' or 'W' or 'S' or 'P' or 'H' or 'V' ? set!.Complement() : set;
    }

    // Java's \pL needs no braces.
    private string ReadProperty()
    {
        int from = _at;
        if (Here != '{') return TextOf(from, _at = Math.Min(_at + 1, _text.Length));
        int close = Array.IndexOf(_text, '}', from);
        if (close < 0) return "";
        _at = close + 1;
        return TextOf(from + 1, close);
    }

    private string TextOf(int from, int to) => new(Array.ConvertAll(_text[from..to], static value => value < 0x80 ? (char)value : '?'));

    private int ReadCharacterEscape()
    {
        if (Here < 0)
        {
            Fail("\"\\\" stands at the end");
            return 0;
        }

        int character = _text[_at++];
        switch (character)
        {
            case 't': return '\t';
            case 'n': return '\n';
            case 'f': return '\f';
            case 'r': return '\r';
        }

        return _isJava ? ReadJavaEscape(character) : ReadEcmaEscape(character);
    }

    private int ReadEcmaEscape(int character)
    {
        switch (character)
        {
            case 'v': return '\v';
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

    private int ReadJavaEscape(int character)
    {
        int value;
        switch (character)
        {
            case 'a': return 7;
            case 'e': return 27;
            case '0' when Here is >= '0' and <= '7':
                value = 0;
                for (int i = 0; i < 3 && Here is >= '0' and <= '7' && (value * 8) + Here - '0' <= 255; i++) value = (value * 8) + _text[_at++] - '0';
                return value;
            case 'c' when Here is >= 0 and < 128: return _text[_at++] ^ 64;
            case 'x' when TryReadHex(2, out value): return value;
            case 'x' when TryReadBraced(out value): return value;
            case 'u' when TryReadHex(4, out _):
                _at -= 4;
                return ReadUnicodeEscape();
        }

        // Letters that mean nothing are refused, so that they may come to mean something.
        if (character < 128 && char.IsAsciiLetterOrDigit((char)character)) Fail("\"\\\" stands before a letter that it makes nothing of");
        return character;
    }

    private int ReadUnicodeEscape()
    {
        int value;
        if (Here == '{') return TryReadBraced(out value) ? value : 'u';
        if (!TryReadHex(4, out int unit)) return 'u';
        int back = _at;
        if ((unit & 0xFC00) == 0xD800 && Take("\\u") && TryReadHex(4, out int low) && (low & 0xFC00) == 0xDC00) return char.ConvertToUtf32((char)unit, (char)low);
        _at = back;
        return unit;
    }

    private bool TryReadBraced(out int value)
    {
        value = 0;
        int start = _at;
        if (Take('{'))
        {
            while (_at < _text.Length && HexOf(_text[_at]) is >= 0 and var digit) (value, _at) = (Math.Min(CodePointSet.Last + 1, (value * 16) + digit), _at + 1);
            if (_at > start + 1 && value <= CodePointSet.Last && Take('}')) return true;
        }

        _at = start;
        return false;
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

    private static int HexOf(int character) => character switch
    {
        >= '0' and <= '9' => character - '0',
        >= 'a' and <= 'f' => character - 'a' + 10,
        >= 'A' and <= 'F' => character - 'A' + 10,
        _ => -1,
    };

    private CodePointSet ReadClass()
    {
        bool isNegated = Take('^');
        CodePointSet set = CodePointSet.Empty;
        while (!Take(']'))
        {
            if (Here < 0)
            {
                Fail("a class is not closed");
                return CodePointSet.Empty;
            }

            CodePointSet? first = ReadClassAtom(out int from);
            bool isRange = Here == '-' && Next is not (-1 or ']');
            if (!isRange)
            {
                set = set.Union(first ?? CodePointSet.Of(from));
                continue;
            }

            _at++;
            CodePointSet? second = ReadClassAtom(out int to);

            // Annex B: a hyphen next to a class such as \w is itself.
            if (first is not null || second is not null) set = set.Union(first ?? CodePointSet.Of(from)).Union(second ?? CodePointSet.Of(to)).Union(CodePointSet.Of('-'));
            else if (to < from) Fail("a range of a class is out of order");
            else set = set.Union(CodePointSet.Of(from, to));
        }

        return isNegated ? set.Complement() : set;
    }

    private CodePointSet? ReadClassAtom(out int character)
    {
        character = Here;
        if (character < 0) return CodePointSet.Empty;
        _at++;
        if (character != '\\') return null;
        if (Take('b'))
        {
            character = '\b';
            return null;
        }

        if (ReadSetEscape() is { } set) return set;
        character = ReadCharacterEscape();
        return null;
    }

    // Behind the opening bracket. A bracket that closes is itself when it comes first, others nest, and && takes what both sides have.
    private CodePointSet ReadJavaClass()
    {
        if (++_depth > Deepest) Fail("classes are nested too deeply");
        bool isNegated = Take('^');
        CodePointSet set = CodePointSet.Empty;
        CodePointSet? common = null;
        for (bool isFirst = true; isFirst || !Take(']'); isFirst = false)
        {
            if (Here < 0)
            {
                Fail("a class is not closed");
                break;
            }

            if (Take("&&"))
            {
                common = common is null ? set : common.Intersection(set);
                set = CodePointSet.Empty;
            }
            else if (Take("\\Q"))
            {
                while (Here >= 0 && !Take("\\E")) set = set.Union(CodePointSet.Of(_text[_at++]));
            }
            else
            {
                set = set.Union(Take('[') ? ReadJavaClass() : ReadJavaClassPart());
            }
        }

        _depth--;
        if (common is not null) set = common.Intersection(set);
        return isNegated ? set.Complement() : set;
    }

    private CodePointSet ReadJavaClassPart()
    {
        if (ReadJavaClassAtom(out int from) is { } escaped) return escaped;
        if (Here != '-' || Next is ']' or '[' or -1) return CodePointSet.Of(from);
        _at++;
        if (ReadJavaClassAtom(out int to) is null && to >= from) return CodePointSet.Of(from, to);
        Fail("a range of a class is out of order");
        return CodePointSet.Empty;
    }

    private CodePointSet? ReadJavaClassAtom(out int character)
    {
        character = _text[_at++];
        if (character != '\\') return null;
        if (ReadSetEscape() is { } set) return set;
        character = ReadCharacterEscape();
        return null;
    }
}

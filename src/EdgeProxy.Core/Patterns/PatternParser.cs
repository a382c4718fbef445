namespace EdgeProxy.Core.Patterns;

/// <summary>Reads a regular expression by code points. The two dialects share their grammar; where they differ, the methods say so.</summary>
public sealed class PatternParser
{
    // More than this is a slip or an attack.
    private const int MostRepeats = 100_000;

    private readonly PatternText _text;
    private readonly CharacterReader _characters;
    private readonly bool _isJava;
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);

    // All groups of an expression of ECMA 262, where a reference may come before its group.
    private readonly int _allGroups;
    private int _groups;
    private Flags _flags;

    private PatternParser(string source, PatternDialect dialect)
    {
        _text = new PatternText(source);
        _isJava = dialect == PatternDialect.Java;
        _characters = new CharacterReader(_text, _isJava);
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

    /// <summary>Reads an expression; null with the reason when it is none.</summary>
    public static ParsedPattern? Parse(string source, PatternDialect dialect, out string? fault)
    {
        var parser = new PatternParser(source, dialect);
        PatternNode root = parser.ReadChoice();
        if (!parser._text.IsAtEnd) parser._text.Fail("a \")\" closes nothing");
        fault = parser._text.Fault;
        return fault is null ? new ParsedPattern(root, parser._groups, parser._names) : null;
    }

    private PatternNode FailHere(string reason)
    {
        _text.Fail(reason);
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
                    if (isNamed) _names.TryAdd(_text.NameFrom(i + 3, out _), groups);
                    break;
            }
        }

        return groups;
    }

    private PatternNode ReadChoice()
    {
        Flags flags = _flags;
        var options = new List<PatternNode> { ReadSequence() };
        while (_text.Take('|')) options.Add(ReadSequence());
        _flags = flags; // they end with their group
        return options.Count == 1 ? options[0] : new PatternNode.Choice(options);
    }

    private PatternNode ReadSequence()
    {
        var parts = new List<PatternNode>();
        while (_text.Here is not (-1 or '|' or ')'))
        {
            if (_isJava && _text.Take("\\Q"))
            {
                while (_text.Here >= 0 && !_text.Take("\\E")) parts.Add(Literal(_text.Read()));
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
        switch (_text.Here)
        {
            case '*':
                (least, most) = (0, PatternNode.Repeat.Unbounded);
                _text.At++;
                break;
            case '+':
                (least, most) = (1, PatternNode.Repeat.Unbounded);
                _text.At++;
                break;
            case '?':
                (least, most) = (0, 1);
                _text.At++;
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
            _text.At--;
            _text.Fail("what stands before cannot be repeated");
        }

        PatternGreed greed = _text.Take('?') ? PatternGreed.Lazy : _isJava && _text.Take('+') ? PatternGreed.Possessive : PatternGreed.Greedy;
        return new PatternNode.Repeat(part, least, most, greed);
    }

    private bool TryReadCounts(out int least, out int most)
    {
        int start = _text.At++;
        most = 0;
        if (_text.TryReadInteger(MostRepeats, out least))
        {
            most = least;
            if (_text.Take(',') && !_text.TryReadInteger(MostRepeats, out most)) most = PatternNode.Repeat.Unbounded;
            if (_text.Take('}'))
            {
                if (most < least) _text.Fail("the numbers of a repetition are out of order");
                if (least > MostRepeats || most is > MostRepeats and < PatternNode.Repeat.Unbounded) _text.Fail("a repetition counts too far");
                return true;
            }
        }

        _text.At = start;
        return false;
    }

    private PatternNode ReadAtom()
    {
        int character = _text.Read();
        switch (character)
        {
            case '^':
                return new PatternNode.Anchor(_flags.HasFlag(Flags.IsMultiline) ? PatternAnchor.LineStart : PatternAnchor.TextStart);
            case '$':
                return new PatternNode.Anchor(!_isJava ? PatternAnchor.TextEnd : _flags.HasFlag(Flags.IsMultiline) ? PatternAnchor.LineEnd : PatternAnchor.TextEndOrLastLine);
            case '.':
                return new PatternNode.Character(_flags.HasFlag(Flags.DotTakesAll) ? CodePointSet.All : _isJava ? CodePointSet.JavaDot : CodePointSet.Dot);
            case '[':
                return OneOf(_characters.ReadBrackets());
            case '(':
                return ReadGroup();
            case '\\':
                return ReadEscape();
            case '*' or '+' or '?':
                _text.At--;
                return FailHere("there is nothing to repeat");
            case '{':
                _text.At--;
                if (_isJava || TryReadCounts(out _, out _)) return FailHere("there is nothing to repeat");
                _text.At++;
                break;
        }

        return Literal(character);
    }

    private PatternNode.Character Literal(int character) => OneOf(CodePointSet.Of(character));

    private PatternNode.Character OneOf(CodePointSet set) => new(_flags.HasFlag(Flags.IgnoresCase) ? set.IgnoringCase() : set);

    private PatternNode ReadGroup()
    {
        if (!_text.TryEnter()) return FailHere("groups are nested too deeply");
        PatternNode node;
        if (_text.Take("?:")) node = new PatternNode.Sequence([ReadChoice()]); // what no repetition may follow may stand in a group that is repeated
        else if (_text.Take("?=")) node = new PatternNode.Look(ReadChoice(), isBehind: false, isNegated: false);
        else if (_text.Take("?!")) node = new PatternNode.Look(ReadChoice(), isBehind: false, isNegated: true);
        else if (_text.Take("?<=")) node = new PatternNode.Look(ReadChoice(), isBehind: true, isNegated: false);
        else if (_text.Take("?<!")) node = new PatternNode.Look(ReadChoice(), isBehind: true, isNegated: true);
        else if (_isJava && _text.Take("?>")) node = new PatternNode.Atomic(ReadChoice());
        else if (_isJava && _text.Here == '?' && _text.Next != '<') return ReadFlags();
        else node = ReadCapture();
        if (!_text.Take(')')) _text.Fail("a group is not closed");
        _text.Leave();
        return node;
    }

    private PatternNode ReadCapture()
    {
        int number = ++_groups;
        if (_text.Take("?<"))
        {
            string name = _text.NameFrom(_text.At, out int end);
            if (name.Length == 0 || end == _text.Length) return FailHere("the name of a group is missing");
            if (_isJava && !name.All(char.IsAsciiLetterOrDigit)) return FailHere("the name of a group has letters and digits alone");
            if (_isJava && !_names.TryAdd(name, number)) return FailHere("two groups have one name");
            _text.At = end + 1;
        }
        else if (_text.Here == '?')
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
        for (_text.At++; _text.Here >= 0; _text.At++)
        {
            Flags flag = _text.Here switch
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
            else if (_text.Here == '-')
            {
                isOn = false;
            }
            else if (_text.Take(')'))
            {
                _text.Leave();
                return new PatternNode.Sequence([]);
            }
            else if (_text.Take(':'))
            {
                PatternNode inner = ReadChoice();
                if (!_text.Take(')')) _text.Fail("a group is not closed");
                _flags = outer;
                _text.Leave();
                return new PatternNode.Sequence([inner]);
            }
            else if (_text.Here != 'u')
            {
                return FailHere("\"(?\" begins no kind of group that is known");
            }
        }

        return FailHere("a group is not closed");
    }

    private PatternNode ReadEscape()
    {
        switch (_text.Here)
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
                _text.At++;
                return new PatternNode.Choice([new PatternNode.Sequence([Literal('\r'), Literal('\n')]), new PatternNode.Character(CodePointSet.VerticalBlanks)]);
            case 'k' when _isJava || _names.Count > 0:
                _text.At++;
                if (!_text.Take('<') || !_names.TryGetValue(_text.NameFrom(_text.At, out int end), out int named)) return FailHere("there is no group of that name");
                _text.At = end + 1;
                return Reference(named);
            case >= '1' and <= '9' when _isJava:
                return ReadJavaReference();
            case >= '1' and <= '9':
                _text.TryReadInteger(MostRepeats, out int number);
                return number <= _allGroups ? Reference(number) : FailHere("there is no group of that number");
        }

        return OneOf(_characters.ReadSetEscape() ?? CodePointSet.Of(_characters.ReadCharacterEscape()));
    }

    private PatternNode.Anchor TakeAnchor(PatternAnchor kind)
    {
        _text.At++;
        return new PatternNode.Anchor(kind);
    }

    private PatternNode.BackReference Reference(int group) => new(group, _flags.HasFlag(Flags.IgnoresCase), isEmptyWhenUnset: !_isJava);

    // As many digits as name a group that was opened; a group that does not exist never matches.
    private PatternNode ReadJavaReference()
    {
        int group = _text.Read() - '0';
        while (_text.Here is >= '0' and <= '9' && (group * 10) + _text.Here - '0' <= _groups) group = (group * 10) + _text.Read() - '0';
        return group <= _groups ? Reference(group) : new PatternNode.Character(CodePointSet.Empty);
    }
}

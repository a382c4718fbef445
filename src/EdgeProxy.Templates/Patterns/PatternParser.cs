using EdgeProxy.Templates.Execution;

namespace EdgeProxy.Templates.Patterns;

/// <summary>Reads Java's regular expressions into instructions.</summary>
internal sealed class PatternParser
{
    private const int Longest = 4096;
    private const int MostSteps = 10_000;
    private const int Deepest = 50;
    private const int Unbounded = int.MaxValue;

    private readonly List<PatternStep> _steps = [];
    private readonly List<CharacterSet> _sets = [];
    private readonly Dictionary<string, int> _names = new(StringComparer.Ordinal);
    private readonly int[] _text;
    private int _at;
    private int _groups;
    private int _registers;
    private int _depth;
    private bool _ignoreCase;
    private bool _dotTakesAll;
    private bool _multiline;
    private bool _failed;

    private PatternParser(int[] text) => _text = text;

    public static JavaPattern? Parse(ReadOnlySpan<byte> text)
    {
        if (text.Length > Longest) return null;
        var characters = new List<int>();
        for (int at = 0; at < text.Length;)
        {
            characters.Add(Utf8.CharacterAt(text, at, out int length));
            at += length;
        }

        var parser = new PatternParser([.. characters]);

        // Registers of loops come behind those of the groups, of which there cannot be more than brackets.
        parser._registers = 2 * (characters.Count(character => character == '(') + 1);
        parser.ReadAlternatives();
        if (parser._at < parser._text.Length) parser.Fail();
        parser.Emit(PatternCode.Match);
        return parser._failed ? null : new JavaPattern([.. parser._steps], [.. parser._sets], parser._groups, parser._registers, parser._names);
    }

    private string TextOf(int start, int end) => new(Array.ConvertAll(_text[start..end], static character => (char)character));

    private void Fail()
    {
        _failed = true;
        _at = _text.Length;
    }

    private int Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : -1;

    private bool Take(int character)
    {
        if (Peek() != character) return false;
        _at++;
        return true;
    }

    private int Emit(PatternCode code, int a = 0, int b = 0)
    {
        if (_steps.Count >= MostSteps) Fail();
        _steps.Add(new PatternStep(code, a, b));
        return _steps.Count - 1;
    }

    private void ReadAlternatives()
    {
        if (++_depth > Deepest) Fail();
        (bool ignoreCase, bool dotTakesAll, bool multiline) = (_ignoreCase, _dotTakesAll, _multiline);
        int start = _steps.Count;
        ReadSequence();
        var ends = new List<int>();
        while (!_failed && Take('|'))
        {
            // The alternative before gets a choice in front of it.
            Insert(start, new PatternStep(PatternCode.Split, start + 1, _steps.Count + 2));
            ends.Add(Emit(PatternCode.Jump));
            start = _steps.Count;
            ReadSequence();
        }

        foreach (int end in ends) _steps[end] = new PatternStep(PatternCode.Jump, _steps.Count);
        (_ignoreCase, _dotTakesAll, _multiline) = (ignoreCase, dotTakesAll, multiline);
        _depth--;
    }

    // Makes room for a step, and corrects the addresses behind it.
    private void Insert(int at, PatternStep step)
    {
        for (int i = at; i < _steps.Count; i++) _steps[i] = Moved(_steps[i], at, 1);
        _steps.Insert(at, step);
    }

    private static PatternStep Moved(PatternStep step, int from, int by) => step.Code switch
    {
        PatternCode.Split => step with { A = step.A >= from ? step.A + by : step.A, B = step.B >= from ? step.B + by : step.B },
        PatternCode.Jump or PatternCode.Ahead or PatternCode.Behind or PatternCode.Atomic => step with { A = step.A >= from ? step.A + by : step.A },
        _ => step,
    };

    private void ReadSequence()
    {
        while (!_failed && _at < _text.Length && Peek() is not ('|' or ')'))
        {
            int start = _steps.Count;
            ReadAtom();
            if (!_failed) ReadQuantifier(start);
        }
    }

    private void ReadQuantifier(int start)
    {
        int least;
        int most;
        switch (Peek())
        {
            case '*':
                (least, most) = (0, Unbounded);
                _at++;
                break;
            case '+':
                (least, most) = (1, Unbounded);
                _at++;
                break;
            case '?':
                (least, most) = (0, 1);
                _at++;
                break;
            case '{':
                _at++;
                least = ReadCount();
                most = least;
                if (Take(',')) most = Peek() == '}' ? Unbounded : ReadCount();
                if (!Take('}') || most < least) Fail();
                break;
            default:
                return;
        }

        bool lazy = Take('?');
        bool possessive = !lazy && Take('+');
        if (_failed) return;
        PatternStep[] body = [.. _steps.Skip(start)];
        _steps.RemoveRange(start, _steps.Count - start);
        int atomic = possessive ? Emit(PatternCode.Atomic) : -1;
        if ((long)body.Length * Math.Max(least, most == Unbounded ? 1 : most) > MostSteps)
        {
            Fail();
            return;
        }

        for (int i = 0; i < least; i++) Copy(body, start);
        if (most == Unbounded)
        {
            int register = _registers++;
            int top = Emit(PatternCode.Split);
            Emit(PatternCode.Save, register);
            Copy(body, start);
            Emit(PatternCode.Progress, register);
            Emit(PatternCode.Jump, top);
            _steps[top] = Choice(top + 1, _steps.Count, lazy);
        }
        else
        {
            var choices = new List<int>();
            for (int i = least; i < most; i++)
            {
                choices.Add(Emit(PatternCode.Split));
                Copy(body, start);
            }

            foreach (int choice in choices) _steps[choice] = Choice(choice + 1, _steps.Count, lazy);
        }

        if (!possessive) return;
        Emit(PatternCode.Match);
        _steps[atomic] = new PatternStep(PatternCode.Atomic, _steps.Count);

        static PatternStep Choice(int into, int past, bool lazy) => lazy ? new PatternStep(PatternCode.Split, past, into) : new PatternStep(PatternCode.Split, into, past);
    }

    private void Copy(PatternStep[] body, int from)
    {
        int by = _steps.Count - from;
        foreach (PatternStep step in body) _steps.Add(Moved(step, from, by));
        if (_steps.Count > MostSteps) Fail();
    }

    private int ReadCount()
    {
        int start = _at;
        int count = 0;
        while (Peek() is >= '0' and <= '9' && count < 10_000) count = (count * 10) + _text[_at++] - '0';
        if (_at == start || count > 1000) Fail();
        return count;
    }

    private void ReadAtom()
    {
        int character = _text[_at++];
        switch (character)
        {
            case '(':
                ReadGroup();
                break;
            case '[':
                EmitSet(ReadClass());
                break;
            case '.':
                EmitSet(_dotTakesAll ? CharacterSet.Empty.Complement() : CharacterSet.LineEnds.Complement(), keepCase: true);
                break;
            case '^':
                Emit(_multiline ? PatternCode.LineBegin : PatternCode.TextBegin);
                break;
            case '$':
                Emit(_multiline ? PatternCode.LineEnd : PatternCode.TextEndOrLastLine);
                break;
            case '\\':
                ReadEscape();
                break;
            case '*' or '+' or '?':
                Fail();
                break;
            case '{':
                Fail();
                break;
            default:
                EmitCharacter(character);
                break;
        }
    }

    private void EmitCharacter(int character)
    {
        bool either = _ignoreCase && character < 128 && char.IsAsciiLetter((char)character);
        Emit(either ? PatternCode.CharacterIgnoringCase : PatternCode.Character, either ? character | 0x20 : character);
    }

    private void EmitSet(CharacterSet set, bool keepCase = false)
    {
        _sets.Add(_ignoreCase && !keepCase ? set.IgnoringCase() : set);
        Emit(PatternCode.Set, _sets.Count - 1);
    }

    private void ReadGroup()
    {
        if (!Take('?'))
        {
            Capture();
            return;
        }

        if (Take(':')) Close(PatternCode.Jump, false, plain: true);
        else if (Take('=')) Close(PatternCode.Ahead, false);
        else if (Take('!')) Close(PatternCode.Ahead, true);
        else if (Take('>')) Close(PatternCode.Atomic, false);
        else if (Peek() == '<' && Peek(1) == '=')
        {
            _at += 2;
            Close(PatternCode.Behind, false);
        }
        else if (Peek() == '<' && Peek(1) == '!')
        {
            _at += 2;
            Close(PatternCode.Behind, true);
        }
        else if (Take('<'))
        {
            int start = _at;
            while (Peek() is >= 0 and < 128 && char.IsAsciiLetterOrDigit((char)Peek())) _at++;
            string name = TextOf(start, _at);
            if (!Take('>') || name.Length == 0 || !_names.TryAdd(name, _groups + 1)) Fail();
            else Capture();
        }
        else
        {
            ReadFlags();
        }
    }

    private void Capture()
    {
        int group = ++_groups;
        Emit(PatternCode.Save, group * 2);
        ReadAlternatives();
        Emit(PatternCode.Save, (group * 2) + 1);
        if (!Take(')')) Fail();
    }

    private void Close(PatternCode code, bool not, bool plain = false)
    {
        int at = plain ? -1 : Emit(code);
        ReadAlternatives();
        if (!Take(')')) Fail();
        if (plain) return;
        Emit(PatternCode.Match);
        _steps[at] = new PatternStep(code, _steps.Count, not ? 1 : 0);
    }

    private void ReadFlags()
    {
        (bool ignoreCase, bool dotTakesAll, bool multiline) = (_ignoreCase, _dotTakesAll, _multiline);
        bool on = true;
        while (!_failed)
        {
            if (_at >= _text.Length)
            {
                Fail();
                return;
            }

            switch (_text[_at++])
            {
                case '-':
                    on = false;
                    break;
                case 'i':
                    _ignoreCase = on;
                    break;
                case 's':
                    _dotTakesAll = on;
                    break;
                case 'm':
                    _multiline = on;
                    break;
                case 'u':
                    break;
                case ')':
                    return;
                case ':':
                    ReadAlternatives();
                    if (!Take(')')) Fail();
                    (_ignoreCase, _dotTakesAll, _multiline) = (ignoreCase, dotTakesAll, multiline);
                    return;
                default:
                    Fail();
                    return;
            }
        }
    }

    private void ReadEscape()
    {
        if (_at >= _text.Length)
        {
            Fail();
            return;
        }

        int character = _text[_at];
        switch (character)
        {
            case 'b':
                _at++;
                Emit(PatternCode.WordBound);
                return;
            case 'B':
                _at++;
                Emit(PatternCode.NotWordBound);
                return;
            case 'A':
                _at++;
                Emit(PatternCode.TextBegin);
                return;
            case 'z':
                _at++;
                Emit(PatternCode.TextEnd);
                return;
            case 'Z':
                _at++;
                Emit(PatternCode.TextEndOrLastLine);
                return;
            case 'Q':
                _at++;
                while (_at < _text.Length && !(Peek() == '\\' && Peek(1) == 'E')) EmitCharacter(_text[_at++]);
                _at = Math.Min(_text.Length, _at + 2);
                return;
            case 'k':
                int close = Array.IndexOf(_text, '>', _at);
                if (Peek(1) != '<' || close < 0)
                {
                    Fail();
                    return;
                }

                string name = TextOf(_at + 2, close);
                _at = close + 1;
                if (_names.TryGetValue(name, out int named)) Emit(PatternCode.Back, named, _ignoreCase ? 1 : 0);
                else Fail();
                return;
            case >= '1' and <= '9':
                int group = _text[_at++] - '0';
                while (Peek() is >= '0' and <= '9' && (group * 10) + Peek() - '0' <= _groups) group = (group * 10) + _text[_at++] - '0';

                // In Java a group that does not exist never matches.
                if (group > _groups) EmitSet(CharacterSet.Empty);
                else Emit(PatternCode.Back, group, _ignoreCase ? 1 : 0);
                return;
        }

        if (ReadEscapedSet() is { } set) EmitSet(set);
        else if (!_failed) EmitCharacter(ReadEscapedCharacter());
    }

    // A set, behind a backslash; null having moved nowhere when it is none.
    private CharacterSet? ReadEscapedSet()
    {
        CharacterSet? set = Peek() switch
        {
            'd' => CharacterSet.Digits,
            'D' => CharacterSet.Digits.Complement(),
            'w' => CharacterSet.Words,
            'W' => CharacterSet.Words.Complement(),
            's' => CharacterSet.Blanks,
            'S' => CharacterSet.Blanks.Complement(),
            'h' => CharacterSet.Of(' ', ' ').Union(CharacterSet.Of('\t', '\t')).Union(CharacterSet.Of(0xA0, 0xA0)),
            'R' => CharacterSet.LineEnds,
            _ => null,
        };
        if (set is not null)
        {
            _at++;
            return set;
        }

        if (Peek() is not ('p' or 'P')) return null;
        bool not = _text[_at++] == 'P';
        string name;
        if (Take('{'))
        {
            int close = Array.IndexOf(_text, '}', _at);
            if (close < 0)
            {
                Fail();
                return null;
            }

            name = TextOf(_at, close);
            _at = close + 1;
        }
        else
        {
            name = _at < _text.Length ? ((char)_text[_at++]).ToString() : "";
        }

        set = CharacterSet.Named(name);
        if (set is null) Fail();
        return not ? set?.Complement() : set;
    }

    private int ReadEscapedCharacter()
    {
        if (_at >= _text.Length)
        {
            Fail();
            return 0;
        }

        int character = _text[_at++];
        switch (character)
        {
            case 't':
                return '\t';
            case 'n':
                return '\n';
            case 'r':
                return '\r';
            case 'f':
                return '\f';
            case 'a':
                return 7;
            case 'e':
                return 27;
            case '0':
                return ReadDigits(8, 3);
            case 'x' when Take('{'):
                int wide = ReadDigits(16, 6);
                if (!Take('}') || wide > 0x10FFFF) Fail();
                return wide;
            case 'x':
                return ReadDigits(16, 2);
            case 'u':
                return ReadDigits(16, 4);
            default:
                // Java refuses letters that mean nothing, so that they may come to mean something.
                if (character < 128 && char.IsAsciiLetterOrDigit((char)character)) Fail();
                return character;
        }
    }

    private int ReadDigits(int radix, int most)
    {
        int number = 0;
        int start = _at;
        while (_at - start < most && Peek() is >= 0 and < 128 && char.IsAsciiHexDigit((char)Peek()) && Convert.ToInt32(((char)Peek()).ToString(), 16) < radix)
        {
            number = (number * radix) + Convert.ToInt32(((char)_text[_at++]).ToString(), 16);
        }

        if (_at == start || (radix == 16 && most is 2 or 4 && _at - start != most)) Fail();
        return number;
    }

    // Behind the opening bracket.
    private CharacterSet ReadClass()
    {
        if (++_depth > Deepest) Fail();
        bool not = Take('^');
        CharacterSet set = CharacterSet.Empty;
        CharacterSet? common = null;
        bool first = true;
        while (!_failed)
        {
            if (_at >= _text.Length)
            {
                Fail();
                break;
            }

            if (Peek() == ']' && !first)
            {
                _at++;
                break;
            }

            first = false;
            if (Peek() == '&' && Peek(1) == '&')
            {
                _at += 2;
                common = common is null ? set : common.Intersection(set);
                set = CharacterSet.Empty;
                continue;
            }

            if (Take('['))
            {
                set = set.Union(ReadClass());
                continue;
            }

            int low;
            if (Take('\\'))
            {
                if (Peek() == 'Q')
                {
                    _at++;
                    while (_at < _text.Length && !(Peek() == '\\' && Peek(1) == 'E')) set = set.Union(CharacterSet.Of(_text[_at], _text[_at++]));
                    _at = Math.Min(_text.Length, _at + 2);
                    continue;
                }

                if (ReadEscapedSet() is { } escaped)
                {
                    set = set.Union(escaped);
                    continue;
                }

                low = ReadEscapedCharacter();
            }
            else
            {
                low = _text[_at++];
            }

            int high = low;
            if (Peek() == '-' && Peek(1) is not (']' or '[' or -1))
            {
                _at++;
                high = Take('\\') ? ReadEscapedCharacter() : _text[_at++];
                if (high < low) Fail();
            }

            if (!_failed) set = set.Union(CharacterSet.Of(low, high));
        }

        _depth--;
        if (common is not null) set = common.Intersection(set);
        return not ? set.Complement() : set;
    }
}

namespace EdgeProxy.Core.Patterns;

/// <summary>Reads what stands for characters in a regular expression: escapes, and classes in brackets.</summary>
internal sealed class CharacterReader(PatternText text, bool isJava)
{
    /// <summary>Reads a class in brackets, behind the opening one.</summary>
    public CodePointSet ReadBrackets() => isJava ? ReadJavaClass() : ReadClass();

    /// <summary>Reads an escape that stands for a set, after its backslash: \d \w \s \p and Java's others.</summary>
    /// <returns>Null, having read nothing, for what is no set.</returns>
    public CodePointSet? ReadSetEscape()
    {
        int letter = text.Here;
        CodePointSet? set = letter switch
        {
            'd' or 'D' => CodePointSet.Digits,
            'w' or 'W' => CodePointSet.WordCharacters,
            's' or 'S' => isJava ? CodePointSet.AsciiBlanks : CodePointSet.Blanks,
            'h' or 'H' when isJava => CodePointSet.HorizontalBlanks,
            'v' or 'V' when isJava => CodePointSet.VerticalBlanks,
            _ => null,
        };
        if (set is not null)
        {
            text.At++;
        }
        else if (letter is 'p' or 'P' && (isJava || text.Next == '{'))
        {
            text.At++;
            string name = text.ReadProperty();
            set = isJava ? CodePointSet.JavaClass(name) : CodePointSet.Category(name);
            if (set is null)
            {
                text.Fail("the property of \"\\p{...}\" is unknown; general categories such as \\p{L} are known");
                return CodePointSet.Empty;
            }
        }

        return set is not null && letter is 'D' or 'W' or 'S' or 'P' or 'H' or 'V' ? set!.Complement() : set;
    }

    /// <summary>Reads an escape that stands for one character, after its backslash.</summary>
    public int ReadCharacterEscape()
    {
        if (text.Here < 0)
        {
            text.Fail("\"\\\" stands at the end");
            return 0;
        }

        int character = text.Read();
        switch (character)
        {
            case 't': return '\t';
            case 'n': return '\n';
            case 'f': return '\f';
            case 'r': return '\r';
        }

        return isJava ? ReadJavaEscape(character) : ReadEcmaEscape(character);
    }

    private int ReadEcmaEscape(int character)
    {
        switch (character)
        {
            case 'v': return '\v';
            case '0' when text.Here is not (>= '0' and <= '9'): return 0;
            case 'c' when text.Here is (>= 'a' and <= 'z') or (>= 'A' and <= 'Z'): return text.Read() & 0x1F;
            case 'c':
                text.At--;
                return '\\';
            case 'x' when text.TryReadHex(2, out int value): return value;
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
            case '0' when text.Here is >= '0' and <= '7':
                value = 0;
                for (int i = 0; i < 3 && text.Here is >= '0' and <= '7' && (value * 8) + text.Here - '0' <= 255; i++) value = (value * 8) + text.Read() - '0';
                return value;
            case 'c' when text.Here is >= 0 and < 128: return text.Read() ^ 64;
            case 'x' when text.TryReadHex(2, out value): return value;
            case 'x' when text.TryReadBraced(out value): return value;
            case 'u' when text.TryReadHex(4, out _):
                text.At -= 4;
                return ReadUnicodeEscape();
        }

        // Letters that mean nothing are refused, so that they may come to mean something.
        if (character < 128 && char.IsAsciiLetterOrDigit((char)character)) text.Fail("\"\\\" stands before a letter that it makes nothing of");
        return character;
    }

    private int ReadUnicodeEscape()
    {
        int value;
        if (text.Here == '{') return text.TryReadBraced(out value) ? value : 'u';
        if (!text.TryReadHex(4, out int unit)) return 'u';
        int back = text.At;
        if ((unit & 0xFC00) == 0xD800 && text.Take("\\u") && text.TryReadHex(4, out int low) && (low & 0xFC00) == 0xDC00) return char.ConvertToUtf32((char)unit, (char)low);
        text.At = back;
        return unit;
    }

    private CodePointSet ReadClass()
    {
        bool isNegated = text.Take('^');
        CodePointSet set = CodePointSet.Empty;
        while (!text.Take(']'))
        {
            if (text.Here < 0)
            {
                text.Fail("a class is not closed");
                return CodePointSet.Empty;
            }

            CodePointSet? first = ReadClassAtom(out int from);
            bool isRange = text.Here == '-' && text.Next is not (-1 or ']');
            if (!isRange)
            {
                set = set.Union(first ?? CodePointSet.Of(from));
                continue;
            }

            text.At++;
            CodePointSet? second = ReadClassAtom(out int to);

            // Annex B: a hyphen next to a class such as \w is itself.
            if (first is not null || second is not null) set = set.Union(first ?? CodePointSet.Of(from)).Union(second ?? CodePointSet.Of(to)).Union(CodePointSet.Of('-'));
            else if (to < from) text.Fail("a range of a class is out of order");
            else set = set.Union(CodePointSet.Of(from, to));
        }

        return isNegated ? set.Complement() : set;
    }

    private CodePointSet? ReadClassAtom(out int character)
    {
        character = text.Here;
        if (character < 0) return CodePointSet.Empty;
        text.At++;
        if (character != '\\') return null;
        if (text.Take('b'))
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
        if (!text.TryEnter()) text.Fail("classes are nested too deeply");
        bool isNegated = text.Take('^');
        CodePointSet set = CodePointSet.Empty;
        CodePointSet? common = null;
        for (bool isFirst = true; isFirst || !text.Take(']'); isFirst = false)
        {
            if (text.Here < 0)
            {
                text.Fail("a class is not closed");
                break;
            }

            if (text.Take("&&"))
            {
                common = common is null ? set : common.Intersection(set);
                set = CodePointSet.Empty;
            }
            else if (text.Take("\\Q"))
            {
                while (text.Here >= 0 && !text.Take("\\E")) set = set.Union(CodePointSet.Of(text.Read()));
            }
            else
            {
                set = set.Union(text.Take('[') ? ReadJavaClass() : ReadJavaClassPart());
            }
        }

        text.Leave();
        if (common is not null) set = common.Intersection(set);
        return isNegated ? set.Complement() : set;
    }

    private CodePointSet ReadJavaClassPart()
    {
        if (ReadJavaClassAtom(out int from) is { } escaped) return escaped;
        if (text.Here != '-' || text.Next is ']' or '[' or -1) return CodePointSet.Of(from);
        text.At++;
        if (ReadJavaClassAtom(out int to) is null && to >= from) return CodePointSet.Of(from, to);
        text.Fail("a range of a class is out of order");
        return CodePointSet.Empty;
    }

    private CodePointSet? ReadJavaClassAtom(out int character)
    {
        character = text.Read();
        if (character != '\\') return null;
        if (ReadSetEscape() is { } set) return set;
        character = ReadCharacterEscape();
        return null;
    }
}

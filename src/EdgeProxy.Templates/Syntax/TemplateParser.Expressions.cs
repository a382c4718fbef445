using System.Globalization;
using System.Text;

namespace EdgeProxy.Templates.Syntax;

/// <content>References and expressions (rest-api.md 6.1, 6.4).</content>
internal sealed partial class TemplateParser
{
    /// <summary>Reads the reference at a <c>$</c>; null, having moved nowhere, when it is none.</summary>
    private SyntaxExpression.Reference? TryReadReference()
    {
        int start = _at;
        int at = start + 1;
        if (at < _end && _text[at] == '!') at++;
        bool braced = at < _end && _text[at] == '{';
        if (braced) at++;
        if (at >= _end || !IsLetter(_text[at])) return null;
        int nameStart = at;
        while (at < _end && IsName(_text[at])) at++;
        string name = Encoding.UTF8.GetString(_text, nameStart, at - nameStart);
        _at = at;
        List<ReferenceLink> links = ReadLinks();
        if (braced)
        {
            if (Peek() == '}') _at++;
            else Fail(start, $"The '}}' of ${{{name}}} is missing.");
        }

        return new SyntaxExpression.Reference(Range(start, _at), name, links);
    }

    private List<ReferenceLink> ReadLinks()
    {
        var links = new List<ReferenceLink>();
        while (_at < _end)
        {
            int start = _at;
            if (Peek() == '.' && IsLetter(Peek(1)))
            {
                _at++;
                while (IsName(Peek())) _at++;
                string name = Encoding.UTF8.GetString(_text, start + 1, _at - start - 1);
                List<SyntaxExpression>? arguments = Peek() == '(' ? ReadArguments(name) : null;
                links.Add(new ReferenceLink(Range(start, _at), name, arguments));
            }
            else if (Peek() == '[' && BeginsIndex())
            {
                _at++;
                SyntaxExpression index = ReadExpression();
                SkipSpace();
                if (Peek() == ']') _at++;
                else Fail(start, "The ']' of this index is missing.");
                links.Add(new ReferenceLink(Range(start, _at), null, [index]));
            }
            else
            {
                break;
            }
        }

        return links;
    }

    // A bracket behind a reference may also be text, as in a list that is being written.
    private bool BeginsIndex()
    {
        int at = _at + 1;
        while (at < _end && IsSpace(_text[at])) at++;
        if (at >= _end) return false;
        byte first = _text[at];
        return first is (byte)'$' or (byte)'"' or (byte)'\'' or (byte)'-' || char.IsAsciiDigit((char)first);
    }

    private List<SyntaxExpression> ReadArguments(string of)
    {
        var arguments = new List<SyntaxExpression>();
        _at++;
        SkipSpace();
        if (Peek() == ')')
        {
            _at++;
            return arguments;
        }

        while (Problem is null)
        {
            arguments.Add(ReadExpression());
            SkipSpace();
            if (Peek() == ',')
            {
                _at++;
                continue;
            }

            CloseBracket($"{of}(…)");
            break;
        }

        return arguments;
    }

    private SyntaxExpression ReadExpression()
    {
        if (++_depth > TemplateLimits.DeepestSyntax) Fail(_at, $"Expressions are nested more deeply than {TemplateLimits.DeepestSyntax}.");
        if (_openExpressions++ == 0) _operators = 0;
        SyntaxExpression expression = ReadBinary(0);
        _openExpressions--;
        _depth--;
        return expression;
    }

    // Precedence climbing: or, and, equality, relation, sum, product.
    private SyntaxExpression ReadBinary(int level)
    {
        if (level == 6) return ReadUnary();
        SyntaxExpression left = ReadBinary(level + 1);
        while (Problem is null && TryReadOperator(level, out BinaryOperator found))
        {
            // With all that is in brackets: a chain is a tree as deep as it is long, and brackets hang one below the other.
            if (++_operators > TemplateLimits.MostOperators) Fail(_at, $"An expression has more than {TemplateLimits.MostOperators} operators.");
            SyntaxExpression right = ReadBinary(level + 1);
            left = new SyntaxExpression.Binary(new SourceRange(left.Range.Start, right.Range.End), found, left, right);
        }

        return left;
    }

    private bool TryReadOperator(int level, out BinaryOperator found)
    {
        SkipSpace();
        byte first = Peek();
        byte second = Peek(1);
        (int length, BinaryOperator symbol) = (level, first) switch
        {
            (0, (byte)'|') when second == '|' => (2, BinaryOperator.Or),
            (0, (byte)'o') when IsKeyword("or"u8) => (2, BinaryOperator.Or),
            (1, (byte)'&') when second == '&' => (2, BinaryOperator.And),
            (1, (byte)'a') when IsKeyword("and"u8) => (3, BinaryOperator.And),
            (2, (byte)'=') when second == '=' => (2, BinaryOperator.Equal),
            (2, (byte)'e') when IsKeyword("eq"u8) => (2, BinaryOperator.Equal),
            (2, (byte)'!') when second == '=' => (2, BinaryOperator.NotEqual),
            (2, (byte)'n') when IsKeyword("ne"u8) => (2, BinaryOperator.NotEqual),
            (3, (byte)'<') => second == '=' ? (2, BinaryOperator.LessOrEqual) : (1, BinaryOperator.Less),
            (3, (byte)'>') => second == '=' ? (2, BinaryOperator.GreaterOrEqual) : (1, BinaryOperator.Greater),
            (3, (byte)'l') when IsKeyword("lt"u8) => (2, BinaryOperator.Less),
            (3, (byte)'l') when IsKeyword("le"u8) => (2, BinaryOperator.LessOrEqual),
            (3, (byte)'g') when IsKeyword("gt"u8) => (2, BinaryOperator.Greater),
            (3, (byte)'g') when IsKeyword("ge"u8) => (2, BinaryOperator.GreaterOrEqual),
            (4, (byte)'+') => (1, BinaryOperator.Add),
            (4, (byte)'-') => (1, BinaryOperator.Subtract),
            (5, (byte)'*') => (1, BinaryOperator.Multiply),
            (5, (byte)'/') => (1, BinaryOperator.Divide),
            (5, (byte)'%') => (1, BinaryOperator.Remainder),
            _ => (0, default),
        };
        found = symbol;
        _at += length;
        return length > 0;
    }

    private bool IsKeyword(ReadOnlySpan<byte> word) =>
        _text.AsSpan(_at, _end - _at).StartsWith(word) && !IsWord(Peek(word.Length));

    private SyntaxExpression ReadUnary()
    {
        SkipSpace();
        int start = _at;
        int length = Peek() == '!' ? 1 : Peek() == 'n' && IsKeyword("not"u8) ? 3 : 0;
        if (length == 0) return ReadPrimary();
        if (++_depth > TemplateLimits.DeepestSyntax) Fail(_at, $"Expressions are nested more deeply than {TemplateLimits.DeepestSyntax}.");
        _at = Math.Min(_end, _at + length);
        SyntaxExpression operand = ReadUnary();
        _depth--;
        return new SyntaxExpression.Not(new SourceRange(Place(start), operand.Range.End), operand);
    }

    private SyntaxExpression ReadPrimary()
    {
        SkipSpace();
        int start = _at;
        byte first = Peek();
        switch (first)
        {
            case (byte)'$':
                if (TryReadReference() is { } reference) return reference;
                break;
            case (byte)'"':
                return ReadDoubleQuoted();
            case (byte)'\'':
                return ReadSingleQuoted();
            case (byte)'[':
                return ReadList();
            case (byte)'{':
                return ReadMap();
            case (byte)'(':
                _at++;
                SyntaxExpression inner = ReadExpression();
                CloseBracket("this bracket");
                return inner;
            case (byte)'-' or (byte)'.':
            case >= (byte)'0' and <= (byte)'9':
                if (first == '-' && !char.IsAsciiDigit((char)Peek(1)) && Peek(1) != '.') break;
                return ReadNumber();
            case (byte)'t' when IsKeyword("true"u8):
                _at += 4;
                return new SyntaxExpression.Boolean(Range(start, _at), true);
            case (byte)'f' when IsKeyword("false"u8):
                _at += 5;
                return new SyntaxExpression.Boolean(Range(start, _at), false);
        }

        string found = _at >= _end ? "the end of the template" : char.IsAscii((char)first) ? $"'{(char)first}'" : "this character";
        Fail(start, first == 'n' && IsKeyword("null"u8) ? "There is no word for null; a reference that is not set is null." : $"Here a value is expected, not {found}.");
        return new SyntaxExpression.Boolean(Range(start, start), false);
    }

    private SyntaxExpression ReadNumber()
    {
        int start = _at;
        if (Peek() == '-') _at++;
        while (char.IsAsciiDigit((char)Peek())) _at++;
        bool isDecimal = false;
        if (Peek() == '.' && Peek(1) != '.')
        {
            isDecimal = true;
            _at++;
            while (char.IsAsciiDigit((char)Peek())) _at++;
        }

        if ((Peek() | 0x20) == 'e' && (char.IsAsciiDigit((char)Peek(1)) || (Peek(1) is (byte)'+' or (byte)'-' && char.IsAsciiDigit((char)Peek(2)))))
        {
            isDecimal = true;
            _at += 2;
            while (char.IsAsciiDigit((char)Peek())) _at++;
        }

        ReadOnlySpan<byte> text = _text.AsSpan(start, _at - start);
        SourceRange range = Range(start, _at);
        if (!isDecimal && long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long integer)) return new SyntaxExpression.Integer(range, integer);
        if (isDecimal && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number)) return new SyntaxExpression.Decimal(range, number);
        if (!isDecimal && text.Length > 18) return new SyntaxExpression.Big(range, text.ToArray());
        Fail(start, "This number is not one.");
        return new SyntaxExpression.Integer(range, 0);
    }

    private SyntaxExpression.Text ReadSingleQuoted()
    {
        int start = _at;
        byte[] content = ReadQuoted((byte)'\'', out _);
        return new SyntaxExpression.Text(Range(start, _at), content);
    }

    private SyntaxExpression ReadDoubleQuoted()
    {
        int start = _at;
        byte[] content = ReadQuoted((byte)'"', out int[]? offsets);
        SourceRange range = Range(start, _at);
        if (Problem is not null || content.AsSpan().IndexOfAny(s_special) < 0) return new SyntaxExpression.Text(range, content);
        var inside = new TemplateParser(content, 0, content.Length, offsets, offsets is null ? Place(start + 1) : 0, _macros, _depth + 1);
        List<SyntaxNode> nodes = inside.ReadBlock(Ends.Nothing);
        if (inside.Problem is { } wrong)
        {
            Problem ??= wrong;
            _at = _end;
        }

        return nodes switch
        {
            [] => new SyntaxExpression.Text(range, []),
            [SyntaxNode.Text only] => new SyntaxExpression.Text(range, only.Content),
            _ => new SyntaxExpression.Interpolated(range, nodes),
        };
    }

    // A quote inside is written twice. Backslashes mean nothing here.
    private byte[] ReadQuoted(byte quote, out int[]? offsets)
    {
        int start = _at++;
        int close = _at;
        int doubled = 0;
        while (true)
        {
            int found = _text.AsSpan(close, _end - close).IndexOf(quote);
            if (found < 0)
            {
                offsets = null;
                Fail(start, "The text that begins here has no closing quote.");
                return [];
            }

            close += found;
            if (close + 1 >= _end || _text[close + 1] != quote) break;
            close += 2;
            doubled++;
        }

        offsets = null;
        int from = _at;
        _at = close + 1;
        if (doubled == 0 && _offsets is null) return _text.AsSpan(from, close - from).ToArray();
        byte[] content = new byte[close - from - doubled];
        offsets = new int[content.Length];
        for (int i = 0, at = from; i < content.Length; i++, at++)
        {
            content[i] = _text[at];
            offsets[i] = Place(at);
            if (_text[at] == quote) at++;
        }

        return content;
    }

    private SyntaxExpression ReadList()
    {
        int start = _at++;
        var items = new List<SyntaxExpression>();
        SkipSpace();
        if (Peek() == ']')
        {
            _at++;
            return new SyntaxExpression.List(Range(start, _at), items);
        }

        SyntaxExpression first = ReadExpression();
        SkipSpace();
        if (Peek() == '.' && Peek(1) == '.')
        {
            _at += 2;
            SyntaxExpression last = ReadExpression();
            SkipSpace();
            if (Peek() == ']') _at++;
            else Fail(start, "The ']' of this range is missing.");
            return new SyntaxExpression.Sequence(Range(start, _at), first, last);
        }

        items.Add(first);
        while (Problem is null && Peek() == ',')
        {
            _at++;
            items.Add(ReadExpression());
            SkipSpace();
        }

        if (Peek() == ']') _at++;
        else Fail(start, "The ']' of this list is missing.");
        return new SyntaxExpression.List(Range(start, _at), items);
    }

    private SyntaxExpression.Map ReadMap()
    {
        int start = _at++;
        var members = new List<(SyntaxExpression, SyntaxExpression)>();
        SkipSpace();
        while (Problem is null && Peek() != '}')
        {
            SyntaxExpression key = ReadExpression();
            SkipSpace();
            if (Peek() != ':')
            {
                Fail(_at, "Here the ':' between a key and its value is expected.");
                break;
            }

            _at++;
            members.Add((key, ReadExpression()));
            SkipSpace();
            if (Peek() != ',') break;
            _at++;
            SkipSpace();
        }

        if (Peek() == '}') _at++;
        else Fail(start, "The '}' of this map is missing.");
        return new SyntaxExpression.Map(Range(start, _at), members);
    }
}

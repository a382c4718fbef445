using System.Globalization;
using EdgeProxy.Core.Patterns;
using EdgeProxy.Templates.Execution;
using EdgeProxy.Templates.Patterns;

namespace EdgeProxy.Templates.JsonPath;

/// <summary>Reads paths. What is wrong makes the whole of it none.</summary>
internal ref struct JsonPathParser
{
    private const int Deepest = 32;

    private readonly ReadOnlySpan<byte> _text;
    private readonly List<byte> _constants;
    private int _at;
    private int _depth;
    private bool _failed;

    private JsonPathParser(ReadOnlySpan<byte> text)
    {
        _text = text;
        _constants = [];
    }

    public static JsonPathQuery? Parse(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t\r\n"u8);
        if (text.IsEmpty || text.Length > JsonPathQuery.Longest) return null;
        var parser = new JsonPathParser(text);
        List<PathStep> steps;
        if (text[0] is (byte)'$' or (byte)'@')
        {
            parser._at = 1;
            steps = parser.ReadSteps(inFilter: false);
        }
        else
        {
            // What does not begin at the root is read as if "$." stood before it, which makes a scan of a name behind a dot.
            steps = [];
            if (text[0] == '.')
            {
                parser._at = 1;
                steps.Add(new PathStep { Kind = PathStepKind.Deep });
            }

            if (text[0] != '[') steps.Add(parser.ReadDotted(inFilter: false));
            steps.AddRange(parser.ReadSteps(inFilter: false));
        }

        if (parser._at < text.Length) parser._failed = true;
        return parser._failed ? null : new JsonPathQuery([.. steps], [.. parser._constants]);
    }

    private readonly byte Peek(int ahead = 0) => _at + ahead < _text.Length ? _text[_at + ahead] : (byte)0;

    private void Fail()
    {
        _failed = true;
        _at = _text.Length;
    }

    private void SkipBlanks()
    {
        while (Peek() is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r') _at++;
    }

    private bool Take(char character)
    {
        SkipBlanks();
        if (Peek() != character) return false;
        _at++;
        return true;
    }

    private List<PathStep> ReadSteps(bool inFilter)
    {
        var steps = new List<PathStep>();
        if (++_depth > Deepest) Fail();
        while (!_failed && _at < _text.Length)
        {
            // A function is the end of a path.
            if (steps is [.., { Kind: PathStepKind.Function }]) break;
            if (Peek() == '.' && Peek(1) == '.')
            {
                _at += 2;
                steps.Add(new PathStep { Kind = PathStepKind.Deep });
                steps.Add(Peek() == '[' ? ReadBracket() : ReadDotted(inFilter));
            }
            else if (Peek() == '.')
            {
                _at++;
                steps.Add(ReadDotted(inFilter));
            }
            else if (Peek() == '[')
            {
                steps.Add(ReadBracket());
            }
            else
            {
                break;
            }
        }

        _depth--;
        return steps;
    }

    private PathStep ReadDotted(bool inFilter)
    {
        if (Peek() == '*')
        {
            _at++;
            return new PathStep { Kind = PathStepKind.All };
        }

        int start = _at;
        while (_at < _text.Length && !EndsName(Peek(), inFilter)) _at++;
        if (_at == start)
        {
            Fail();
            return Nothing();
        }

        ReadOnlySpan<byte> name = _text[start.._at];
        return Peek() == '(' ? ReadFunction(name) : NameStep([name.ToArray()]);
    }

    private static bool EndsName(byte value, bool inFilter) =>
        value is (byte)'.' or (byte)'[' or (byte)'(' or <= (byte)' '
        || (inFilter && value is (byte)')' or (byte)'=' or (byte)'<' or (byte)'>' or (byte)'!' or (byte)'&' or (byte)'|' or (byte)',' or (byte)']' or (byte)'~' or (byte)'}');

    private static PathStep Nothing() => new() { Kind = PathStepKind.All };

    private static PathStep NameStep(List<byte[]> names) =>
        new() { Kind = PathStepKind.Names, Names = [.. names.ConvertAll(static name => (name, TextHash.Of(name)))] };

    private PathStep ReadFunction(ReadOnlySpan<byte> name)
    {
        PathFunction? function = System.Text.Encoding.Latin1.GetString(name) switch
        {
            "length" or "size" or "count" => PathFunction.Length,
            "min" => PathFunction.Min,
            "max" => PathFunction.Max,
            "avg" => PathFunction.Avg,
            "sum" => PathFunction.Sum,
            "stddev" => PathFunction.StdDev,
            "concat" => PathFunction.Concat,
            "append" => PathFunction.Append,
            "keys" => PathFunction.Keys,
            "first" => PathFunction.First,
            "last" => PathFunction.Last,
            "index" => PathFunction.Index,
            _ => null,
        };
        if (function is null)
        {
            Fail();
            return Nothing();
        }

        _at++;
        var arguments = new List<FilterOperand>();
        while (!_failed && !Take(')'))
        {
            arguments.Add(ReadOperand());
            if (Take(',')) continue;
            if (!Take(')')) Fail();
            break;
        }

        return new PathStep { Kind = PathStepKind.Function, Function = function.Value, Arguments = [.. arguments] };
    }

    private PathStep ReadBracket()
    {
        _at++;
        SkipBlanks();
        PathStep step;
        byte first = Peek();
        if (first is (byte)'\'' or (byte)'"') step = ReadNames();
        else if (first == '*')
        {
            _at++;
            step = new PathStep { Kind = PathStepKind.All };
        }
        else if (first == '?')
        {
            _at++;
            step = ReadFilterStep();
        }
        else
        {
            step = ReadIndexes();
        }

        if (!Take(']')) Fail();
        return step;
    }

    private PathStep ReadNames()
    {
        var names = new List<byte[]>();
        do
        {
            SkipBlanks();
            names.Add(ReadQuoted());
        }
        while (!_failed && Take(','));
        return NameStep(names);
    }

    // A backslash takes the next character as it is, so that a name may have the quote.
    private byte[] ReadQuoted()
    {
        byte quote = Peek();
        if (quote is not ((byte)'\'' or (byte)'"'))
        {
            Fail();
            return [];
        }

        _at++;
        var content = new List<byte>();
        while (_at < _text.Length && Peek() != quote)
        {
            if (Peek() == '\\' && _at + 1 < _text.Length)
            {
                _at++;
                content.Add(Peek() switch
                {
                    (byte)'n' => (byte)'\n',
                    (byte)'t' => (byte)'\t',
                    (byte)'r' => (byte)'\r',
                    (byte)'b' => (byte)'\b',
                    (byte)'f' => (byte)'\f',
                    byte other => other,
                });
                _at++;
                continue;
            }

            content.Add(_text[_at++]);
        }

        if (Peek() != quote) Fail();
        else _at++;
        return [.. content];
    }

    private PathStep ReadIndexes()
    {
        int? from = ReadInteger();
        if (Take(':'))
        {
            int? to = ReadInteger();
            return new PathStep { Kind = PathStepKind.Slice, From = from, To = to };
        }

        if (from is null)
        {
            Fail();
            return Nothing();
        }

        var indexes = new List<int> { from.Value };
        while (!_failed && Take(','))
        {
            if (ReadInteger() is { } next) indexes.Add(next);
            else Fail();
        }

        return new PathStep { Kind = PathStepKind.Indexes, Indexes = [.. indexes] };
    }

    private int? ReadInteger()
    {
        SkipBlanks();
        int start = _at;
        if (Peek() == '-') _at++;
        while (char.IsAsciiDigit((char)Peek())) _at++;
        if (_at == start) return null;
        if (int.TryParse(_text[start.._at], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number)) return number;
        Fail();
        return null;
    }

    private PathStep ReadFilterStep()
    {
        if (!Take('(')) Fail();
        FilterNode filter = ReadOr();
        if (!Take(')')) Fail();
        return new PathStep { Kind = PathStepKind.Filter, Filter = filter };
    }

    private FilterNode ReadOr()
    {
        FilterNode left = ReadAnd();
        while (!_failed && TakeSymbol("||"u8)) left = new FilterNode(FilterOperator.Or) { First = left, Second = ReadAnd() };
        return left;
    }

    private FilterNode ReadAnd()
    {
        FilterNode left = ReadCondition();
        while (!_failed && TakeSymbol("&&"u8)) left = new FilterNode(FilterOperator.And) { First = left, Second = ReadCondition() };
        return left;
    }

    private FilterNode ReadCondition()
    {
        if (++_depth > Deepest) Fail();
        SkipBlanks();
        FilterNode node;
        if (Peek() == '!' && Peek(1) != '=')
        {
            _at++;
            node = new FilterNode(FilterOperator.Not) { First = ReadCondition() };
        }
        else if (Peek() == '(')
        {
            _at++;
            node = ReadOr();
            if (!Take(')')) Fail();
        }
        else
        {
            node = ReadComparison();
        }

        _depth--;
        return node;
    }

    private FilterNode ReadComparison()
    {
        FilterOperand left = ReadOperand();
        FilterOperator? found = ReadOperator();
        if (found is null)
        {
            if (left.Path is null) Fail();
            return new FilterNode(FilterOperator.Exists) { Left = left };
        }

        return new FilterNode(found.Value) { Left = left, Right = ReadOperand() };
    }

    private FilterOperator? ReadOperator()
    {
        SkipBlanks();
        if (TakeSymbol("==="u8) || TakeSymbol("=="u8)) return FilterOperator.Equal;
        if (TakeSymbol("!=="u8) || TakeSymbol("!="u8)) return FilterOperator.NotEqual;
        if (TakeSymbol("=~"u8)) return FilterOperator.Matches;
        if (TakeSymbol("<="u8)) return FilterOperator.LessOrEqual;
        if (TakeSymbol(">="u8)) return FilterOperator.GreaterOrEqual;
        if (TakeSymbol("<"u8)) return FilterOperator.Less;
        if (TakeSymbol(">"u8)) return FilterOperator.Greater;
        int start = _at;
        while (char.IsAsciiLetter((char)Peek())) _at++;
        if (_at == start) return null;
        FilterOperator? word = System.Text.Encoding.Latin1.GetString(_text[start.._at]).ToUpperInvariant() switch
        {
            "IN" => FilterOperator.In,
            "NIN" => FilterOperator.NotIn,
            "SUBSETOF" => FilterOperator.SubsetOf,
            "ANYOF" => FilterOperator.AnyOf,
            "NONEOF" => FilterOperator.NoneOf,
            "ALL" => FilterOperator.AllOf,
            "CONTAINS" => FilterOperator.Contains,
            "SIZE" => FilterOperator.Size,
            "EMPTY" => FilterOperator.Empty,
            _ => null,
        };
        if (word is null) Fail();
        return word;
    }

    private bool TakeSymbol(scoped ReadOnlySpan<byte> symbol)
    {
        SkipBlanks();
        if (!_text[_at..].StartsWith(symbol)) return false;
        _at += symbol.Length;
        return true;
    }

    private FilterOperand ReadOperand()
    {
        SkipBlanks();
        byte first = Peek();
        switch (first)
        {
            case (byte)'@' or (byte)'$':
                _at++;
                return new FilterOperand { Path = [.. ReadSteps(inFilter: true)], FromRoot = first == '$' };
            case (byte)'\'' or (byte)'"':
                return new FilterOperand { Literal = Constant(ReadQuoted()) };
            case (byte)'/':
                return ReadPattern();
            case (byte)'[':
                return ReadItems();
        }

        int start = _at;
        while (_at < _text.Length && (char.IsAsciiLetterOrDigit((char)Peek()) || Peek() is (byte)'-' or (byte)'+' or (byte)'.')) _at++;
        ReadOnlySpan<byte> word = _text[start.._at];
        if (word.SequenceEqual("true"u8)) return new FilterOperand { Literal = Value.True };
        if (word.SequenceEqual("false"u8)) return new FilterOperand { Literal = Value.False };
        if (word.SequenceEqual("null"u8)) return new FilterOperand { Literal = Value.Null };
        if (Numbers.TryReadInteger(word, out long integer)) return new FilterOperand { Literal = Value.Of(integer) };
        if (!word.IsEmpty && (char.IsAsciiDigit((char)word[^1]) || word[^1] == '.') && Numbers.TryReadDecimal(word, out double number)) return new FilterOperand { Literal = Value.Of(number) };
        Fail();
        return new FilterOperand();
    }

    private FilterOperand ReadItems()
    {
        if (++_depth > Deepest) Fail();
        _at++;
        var items = new List<FilterOperand>();
        while (!_failed && !Take(']'))
        {
            items.Add(ReadOperand());
            if (Take(',')) continue;
            if (!Take(']')) Fail();
            break;
        }

        _depth--;
        return new FilterOperand { Items = [.. items] };
    }

    private FilterOperand ReadPattern()
    {
        int start = ++_at;
        while (_at < _text.Length && Peek() != '/') _at += Peek() == '\\' ? 2 : 1;
        if (_at >= _text.Length)
        {
            Fail();
            return new FilterOperand();
        }

        ReadOnlySpan<byte> pattern = _text[start.._at];
        int flags = ++_at;
        while (Peek() is (byte)'i' or (byte)'m' or (byte)'s' or (byte)'u' or (byte)'d' or (byte)'x' or (byte)'U') _at++;
        bool ignoreCase = _text[flags.._at].Contains((byte)'i');
        bool multiline = _text[flags.._at].Contains((byte)'m');
        bool all = _text[flags.._at].Contains((byte)'s');
        byte[] text = [.. ignoreCase ? "(?i)"u8 : default, .. multiline ? "(?m)"u8 : default, .. all ? "(?s)"u8 : default, .. pattern];
        PatternProgram? made = JavaPattern.Parse(text);
        if (made is null) Fail();
        return new FilterOperand { Pattern = made };
    }

    private readonly Value Constant(byte[] text)
    {
        int offset = _constants.Count;
        _constants.AddRange(text);
        return Value.Text(0, offset, text.Length);
    }
}

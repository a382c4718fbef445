using System.Buffers;
using System.Text;

namespace EdgeProxy.Templates.Syntax;

/// <content>Directives (rest-api.md 6.2).</content>
internal sealed partial class TemplateParser
{
    /// <summary>What a <c>#</c> begins.</summary>
    /// <param name="at">Where the sign is.</param>
    /// <param name="after">Behind the word.</param>
    /// <param name="isEscaped">Whether the word alone counts, without the bracket that it needs to do something.</param>
    private Word PeekDirective(int at, out int after, bool isEscaped = false)
    {
        after = at + 1;
        if (after >= _end) return default;
        byte first = _text[after];
        if (first == '#')
        {
            after++;
            return new Word(DirectiveKind.Comment, "");
        }

        if (first == '*')
        {
            after++;
            return new Word(DirectiveKind.BlockComment, "");
        }

        if (first == '[' && after + 1 < _end && _text[after + 1] == '[')
        {
            after += 2;
            return new Word(DirectiveKind.Literal, "");
        }

        bool block = first == '@';
        if (block) after++;
        bool braced = after < _end && _text[after] == '{';
        if (braced) after++;
        int start = after;
        while (after < _end && IsWord(_text[after])) after++;
        if (after == start) return Nothing(at, out after);
        string name = Encoding.UTF8.GetString(_text, start, after - start);
        if (braced)
        {
            if (after >= _end || _text[after] != '}') return Nothing(at, out after);
            after++;
        }

        DirectiveKind kind = name switch
        {
            "set" => DirectiveKind.Set,
            "if" => DirectiveKind.If,
            "elseif" => DirectiveKind.ElseIf,
            "else" => DirectiveKind.Else,
            "end" => DirectiveKind.End,
            "foreach" => DirectiveKind.Foreach,
            "break" => DirectiveKind.Break,
            "stop" => DirectiveKind.Stop,
            "define" => DirectiveKind.Define,
            "macro" => DirectiveKind.Macro,
            "evaluate" => DirectiveKind.Evaluate,
            "include" or "parse" => DirectiveKind.Include,
            _ => _macros.Contains(name) ? DirectiveKind.Call : DirectiveKind.None,
        };
        if (block) kind = kind == DirectiveKind.Call ? DirectiveKind.BlockCall : DirectiveKind.None;

        // These are what they are only with what they need.
        bool needsBracket = kind is DirectiveKind.Set or DirectiveKind.If or DirectiveKind.ElseIf or DirectiveKind.Foreach or DirectiveKind.Define or DirectiveKind.Macro
            or DirectiveKind.Evaluate or DirectiveKind.Include or DirectiveKind.BlockCall;
        if (needsBracket && !isEscaped)
        {
            int bracket = after;
            while (bracket < _end && IsBlank(_text[bracket])) bracket++;
            if (bracket >= _end || _text[bracket] != '(') return Nothing(at, out after);
        }

        return new Word(kind, name);

        static Word Nothing(int at, out int after)
        {
            after = at + 1;
            return default;
        }
    }

    private SyntaxNode? ReadDirective(Word word, int after, ArrayBufferWriter<byte> literal)
    {
        int start = _at;
        _at = after;
        switch (word.Kind)
        {
            case DirectiveKind.Comment:
                int line = _text.AsSpan(_at, _end - _at).IndexOfAny((byte)'\n', (byte)'\r');
                if (line < 0) _at = _end;
                else
                {
                    _at += line;
                    SkipRestOfLine();
                }

                return null;
            case DirectiveKind.BlockComment:
                if (!SkipTo("*#"u8)) Fail(start, "The comment that begins here is not ended by '*#'.");
                return null;
            case DirectiveKind.Literal:
                if (!SkipTo("]]#"u8)) Fail(start, "The literal block that begins here is not ended by ']]#'.");
                else literal.Write(_text.AsSpan(after, _at - 3 - after));
                return null;
            case DirectiveKind.Set:
                return ReadSet(start);
            case DirectiveKind.If:
                return ReadIf(start);
            case DirectiveKind.Foreach:
                return ReadForeach(start);
            case DirectiveKind.Define:
                return ReadDefine(start);
            case DirectiveKind.Macro:
                return ReadMacro(start);
            case DirectiveKind.Call or DirectiveKind.BlockCall:
                return ReadCall(start, word);
            case DirectiveKind.Evaluate:
                OpenBracket();
                SyntaxExpression evaluated = ReadExpression();
                CloseBracket("#evaluate");
                SkipRestOfLine();
                return new SyntaxNode.Evaluate(Range(start, _at), evaluated);
            case DirectiveKind.Break:
                int loops = ReadLoops();
                SkipRestOfLine();
                return new SyntaxNode.Break(Range(start, after), loops);
            case DirectiveKind.Stop:
                SkipRestOfLine();
                return new SyntaxNode.Stop(Range(start, after));
            case DirectiveKind.Include:
                Fail(start, $"#{word.Name} needs a store of templates, and there is none.");
                return null;
            case DirectiveKind.End or DirectiveKind.Else or DirectiveKind.ElseIf:
                Fail(start, $"There is nothing open that this #{word.Name} could belong to.");
                return null;
            default:
                if (word.Name is { Length: > 0 } && IsLetter((byte)word.Name[0]) && _text[start + 1] != '@') SkipUnknownArguments();
                literal.Write(_text.AsSpan(start, _at - start));
                return null;
        }
    }

    // Velocity takes a word that it does not know for a macro that may yet be defined: what could be its arguments is text like the word.
    private void SkipUnknownArguments()
    {
        int bracket = _at;
        while (bracket < _end && IsBlank(_text[bracket])) bracket++;
        if (bracket >= _end || _text[bracket] != '(') return;
        var arguments = new TemplateParser(_text, bracket + 1, _end, _offsets, _base, _macros, _depth);
        arguments.SkipSpace();
        while (arguments.Problem is null && arguments.Peek() != ')')
        {
            int word = arguments._at;
            while (IsWord(arguments.Peek())) arguments._at++;
            if (arguments._at == word || char.IsAsciiDigit((char)_text[word]))
            {
                arguments._at = word;
                arguments.ReadPrimary();
            }

            arguments.SkipSpace();
            if (arguments.Peek() == ',') arguments._at++;
            arguments.SkipSpace();
        }

        if (arguments.Problem is null) _at = arguments._at + 1;
    }

    private bool SkipTo(ReadOnlySpan<byte> mark)
    {
        int found = _text.AsSpan(_at, _end - _at).IndexOf(mark);
        if (found < 0) return false;
        _at += found + mark.Length;
        return true;
    }

    private void OpenBracket()
    {
        SkipBlanks();
        _at++;
        SkipSpace();
    }

    private void CloseBracket(string of)
    {
        SkipSpace();
        if (Peek() == ')') _at++;
        else Fail(_at, _at >= _end ? $"The ')' of {of} is missing." : $"Here the ')' of {of} is expected, not '{(char)Peek()}'.");
    }

    // How many loops a #break leaves, which may be told by the outermost of them: #break($foreach.parent).
    private int ReadLoops()
    {
        int start = _at;
        SkipBlanks();
        if (Peek() == '(')
        {
            _at++;
            SkipSpace();
            if (Peek() == '$' && TryReadReference() is { Name: "foreach" } loop && loop.Links.All(static link => link is { Name: "parent" or "topmost", Arguments: null }))
            {
                SkipSpace();
                if (Peek() == ')')
                {
                    _at++;
                    return loop.Links is [.., { Name: "topmost" }] ? int.MaxValue : loop.Links.Count + 1;
                }
            }
        }

        if (Problem is null) _at = start;
        return 1;
    }

    private SyntaxNode.Set ReadSet(int start)
    {
        OpenBracket();
        SyntaxExpression.Reference target = ReadTarget("#set");
        SkipSpace();
        if (Peek() != '=' || Peek(1) == '=') Fail(_at, "Here the '=' of #set is expected.");
        else _at++;
        SyntaxExpression value = ReadExpression();
        CloseBracket("#set");
        var range = Range(start, _at);
        SkipRestOfLine();
        return new SyntaxNode.Set(range, target, value);
    }

    private SyntaxExpression.Reference ReadTarget(string of)
    {
        int start = _at;
        if (Peek() == '$' && TryReadReference() is { } reference)
        {
            if (reference.Links is [.., { Name: not null, Arguments: not null }]) Fail(start, $"What a method gives cannot be set.");
            return reference;
        }

        Fail(start, $"Here a reference is expected: {of}($name = …).");
        return new SyntaxExpression.Reference(Range(start, start), "", []);
    }

    private string ReadVariable(string of)
    {
        int start = _at;
        SyntaxExpression.Reference reference = ReadTarget(of);
        if (reference.Links.Count > 0) Fail(start, $"{of} takes a plain name here.");
        return reference.Name;
    }

    private SyntaxNode.If ReadIf(int start)
    {
        var arms = new List<(SyntaxExpression, IReadOnlyList<SyntaxNode>)>();
        IReadOnlyList<SyntaxNode>? otherwise = null;
        string directive = "#if";
        while (true)
        {
            OpenBracket();
            SyntaxExpression condition = ReadExpression();
            CloseBracket(directive);
            SkipRestOfLine();
            arms.Add((condition, ReadBlock(Ends.EndOrElse)));
            Word word = TakeEnd(start, "#if");
            if (word.Kind == DirectiveKind.ElseIf)
            {
                directive = "#elseif";
                continue;
            }

            if (word.Kind == DirectiveKind.Else)
            {
                SkipRestOfLine();
                otherwise = ReadBlock(Ends.End);
                TakeEnd(start, "#if");
            }

            break;
        }

        SkipRestOfLine();
        return new SyntaxNode.If(Range(start, _at), arms, otherwise);
    }

    private Word TakeEnd(int start, string of)
    {
        if (_at >= _end)
        {
            Fail(start, $"The {of} that begins here has no #end.");
            return default;
        }

        Word word = PeekDirective(_at, out int after);
        _at = after;
        return word;
    }

    private SyntaxNode.Foreach ReadForeach(int start)
    {
        OpenBracket();
        string variable = ReadVariable("#foreach");
        SkipSpace();
        if (Peek() != 'i' || Peek(1) != 'n' || IsWord(Peek(2))) Fail(_at, "Here the 'in' of #foreach($x in $list) is expected.");
        else _at += 2;
        SyntaxExpression items = ReadExpression();
        CloseBracket("#foreach");
        SourceRange head = Range(start, _at);
        SkipRestOfLine();
        List<SyntaxNode> content = ReadBlock(Ends.End);
        TakeEnd(start, "#foreach");
        SkipRestOfLine();
        return new SyntaxNode.Foreach(Range(start, _at), head, variable, items, content);
    }

    private SyntaxNode.Define ReadDefine(int start)
    {
        OpenBracket();
        string variable = ReadVariable("#define");
        CloseBracket("#define");
        SkipRestOfLine();
        List<SyntaxNode> content = ReadBlock(Ends.End);
        TakeEnd(start, "#define");
        SkipRestOfLine();
        return new SyntaxNode.Define(Range(start, _at), variable, content);
    }

    private SyntaxNode.Macro ReadMacro(int start)
    {
        OpenBracket();
        int nameStart = _at;
        while (IsWord(Peek())) _at++;
        string name = Encoding.UTF8.GetString(_text, nameStart, _at - nameStart);
        if (name.Length == 0) Fail(_at, "Here the name of the macro is expected.");
        var parameters = new List<string>();
        while (Problem is null)
        {
            SkipSpace();
            if (Peek() == ',')
            {
                _at++;
                continue;
            }

            if (Peek() != '$') break;
            parameters.Add(ReadVariable("#macro"));
        }

        CloseBracket("#macro");
        SkipRestOfLine();
        List<SyntaxNode> content = ReadBlock(Ends.End);
        TakeEnd(start, "#macro");
        SkipRestOfLine();
        return new SyntaxNode.Macro(Range(start, _at), name, parameters, content);
    }

    private SyntaxNode.Call ReadCall(int start, Word word)
    {
        var arguments = new List<SyntaxExpression>();
        int bracket = _at;
        while (bracket < _end && IsBlank(_text[bracket])) bracket++;
        bool hasBrackets = bracket < _end && _text[bracket] == '(';
        if (hasBrackets)
        {
            OpenBracket();
            while (Problem is null && _at < _end && Peek() != ')')
            {
                // Arguments stand side by side, with or without commas, so that each is a value and no sum.
                arguments.Add(ReadPrimary());
                SkipSpace();
                if (Peek() == ',') _at++;
                SkipSpace();
            }

            CloseBracket("#" + word.Name);
        }

        // It is the bracket that takes the rest of the line with it.
        if (hasBrackets) SkipRestOfLine();
        List<SyntaxNode>? body = null;
        if (word.Kind == DirectiveKind.BlockCall)
        {
            body = ReadBlock(Ends.End);
            TakeEnd(start, "#@" + word.Name);
            SkipRestOfLine();
        }

        return new SyntaxNode.Call(Range(start, _at), word.Name, arguments, body);
    }

    private readonly record struct Word(DirectiveKind Kind, string Name);
}

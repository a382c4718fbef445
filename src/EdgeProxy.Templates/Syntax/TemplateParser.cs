using System.Buffers;
using System.Text;

namespace EdgeProxy.Templates.Syntax;

/// <summary>Reads a template, or the inside of a text in double quotes, which is one too (rest-api.md 6.1 to 6.4, 6.6).</summary>
/// <remarks>The first thing that is wrong ends the reading: the parser then stands at the end of its text, so that every loop ends by itself.</remarks>
internal sealed partial class TemplateParser
{
    // Beyond so many bytes the memory for text is not kept for the next block.
    private const int MostKept = 4096;

    private static readonly HashSet<string> s_noMacros = [];

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? t_literal;

    private static readonly SearchValues<byte> s_special = SearchValues.Create("$#\\"u8);

    private readonly byte[] _text;

    // Where each byte stands in the template, when that is not simply further on: two quotes in a text are one.
    private readonly int[]? _offsets;
    private readonly int _base;
    private readonly HashSet<string> _macros;
    private readonly int _end;
    private int _at;
    private int _depth;
    private int _openExpressions;
    private int _operators;

    private TemplateParser(byte[] text, int start, int end, int[]? offsets, int offsetBase, HashSet<string> macros, int depth)
    {
        _text = text;
        _at = start;
        _end = end;
        _offsets = offsets;
        _base = offsetBase;
        _macros = macros;
        _depth = depth;
    }

    /// <summary>What is wrong, and where in the template.</summary>
    private (int Offset, string Message)? Problem { get; set; }

    /// <summary>Reads a whole template.</summary>
    /// <param name="text">UTF-8.</param>
    /// <param name="macros">Names of macros that are defined elsewhere.</param>
    /// <param name="problem">The first thing that is wrong.</param>
    /// <returns>The nodes, or null.</returns>
    public static IReadOnlyList<SyntaxNode>? Parse(byte[] text, IReadOnlyList<string> macros, out TemplateProblem? problem)
    {
        // 6.6: blanks around the whole template do not count.
        int start = 0;
        int end = text.Length;
        while (start < end && IsSpace(text[start])) start++;
        while (end > start && IsSpace(text[end - 1])) end--;
        HashSet<string> names = MacroNames(text);
        if (macros.Count > 0) names = [.. names, .. macros]; // not added to the set, which may be that of all texts without macros
        var parser = new TemplateParser(text, start, end, null, 0, names, 0);
        List<SyntaxNode> nodes = parser.ReadBlock(Ends.Nothing);
        problem = null;
        if (parser.Problem is not { } wrong) return nodes;
        (int line, int column) = TextPlace.Of(text, wrong.Offset);
        problem = new TemplateProblem(line, column, wrong.Message);
        return null;
    }

    // A macro may be called before it is defined, so their names are needed first.
    private static HashSet<string> MacroNames(ReadOnlySpan<byte> text)
    {
        int first = text.IndexOf("macro"u8);
        if (first < 0) return s_noMacros;
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (int at = first; at >= 0; at = Next(text, at))
        {
            int start = at + 5;
            if (start < text.Length && text[start] == '}') start++;
            while (start < text.Length && IsBlank(text[start])) start++;
            if (start >= text.Length || text[start] != '(') continue;
            start++;
            while (start < text.Length && IsSpace(text[start])) start++;
            int end = start;
            while (end < text.Length && IsWord(text[end])) end++;
            if (end > start) names.Add(Encoding.UTF8.GetString(text[start..end]));
        }

        return names;

        static int Next(ReadOnlySpan<byte> text, int at)
        {
            int next = text[(at + 5)..].IndexOf("macro"u8);
            return next < 0 ? -1 : at + 5 + next;
        }
    }

    private List<SyntaxNode> ReadBlock(Ends ends)
    {
        var nodes = new List<SyntaxNode>();
        if (++_depth > TemplateLimits.DeepestSyntax) Fail(_at, $"Blocks are nested more deeply than {TemplateLimits.DeepestSyntax}.");
        ArrayBufferWriter<byte> literal = t_literal ?? new ArrayBufferWriter<byte>();
        t_literal = null;
        int literalStart = _at;
        int blockStart = _at;
        while (_at < _end)
        {
            int plain = _text.AsSpan(_at, _end - _at).IndexOfAny(s_special);
            if (plain != 0)
            {
                int length = plain < 0 ? _end - _at : plain;
                literal.Write(_text.AsSpan(_at, length));
                _at += length;
                continue;
            }

            int start = _at;
            byte special = _text[_at];
            SyntaxNode? node = null;
            bool ended = false;
            if (special == '\\') node = ReadEscaped(literal);
            else if (special == '$') node = ReadReferenceNode(literal);
            else
            {
                Word word = PeekDirective(_at, out int after);
                if (word.Kind == DirectiveKind.Set) TakeLeadingBlanks(literal, start, blockStart, nodes.Count);
                if (IsEnd(word.Kind, ends, out ended)) Flush();
                if (!ended) node = ReadDirective(word, after, literal);
            }

            if (ended) break;
            if (node is null) continue;
            Flush(start);
            nodes.Add(node);
            literalStart = _at;
        }

        Flush();
        if (literal.Capacity <= MostKept) t_literal = literal;
        _depth--;
        return nodes;

        void Flush(int? upTo = null)
        {
            if (literal.WrittenCount == 0) return;
            nodes.Add(new SyntaxNode.Text(Range(literalStart, upTo ?? _at), literal.WrittenSpan.ToArray()));
            literal.ResetWrittenCount();
        }
    }

    // 6.6: blanks before #set on its line are eaten. What stands before them on the line may be a node.
    private void TakeLeadingBlanks(ArrayBufferWriter<byte> literal, int start, int blockStart, int nodes)
    {
        int blanks = start;
        while (blanks > blockStart && IsBlank(_text[blanks - 1])) blanks--;
        bool beginsLine = blanks == 0 || _text[blanks - 1] == '\n' || (blanks == blockStart && nodes == 0 && LineBeginsAt(blockStart));
        int count = Math.Min(start - blanks, literal.WrittenCount);
        if (!beginsLine || count == 0) return;
        byte[] kept = literal.WrittenSpan[..^count].ToArray();
        literal.Clear();
        literal.Write(kept);
    }

    private bool LineBeginsAt(int at) => at == 0 || _text[at - 1] == '\n';

    private SyntaxNode? ReadReferenceNode(ArrayBufferWriter<byte> literal)
    {
        int start = _at;
        if (TryReadReference() is { } reference) return new SyntaxNode.Reference(Range(start, _at), reference);
        if (Problem is null && _at == start)
        {
            literal.Write(_text.AsSpan(start, 1));
            _at++;
        }

        return null;
    }

    // Backslashes count only before what they can escape: a reference or a directive. Each pair is one, an odd one escapes.
    private SyntaxNode? ReadEscaped(ArrayBufferWriter<byte> literal)
    {
        int start = _at;
        while (_at < _end && _text[_at] == '\\') _at++;
        int count = _at - start;
        int next = _at;
        if (next < _end && _text[next] == '$')
        {
            SyntaxExpression.Reference? reference = TryReadReference();
            if (reference is null)
            {
                if (Problem is null) literal.Write(_text.AsSpan(start, count));
                return null;
            }

            literal.Write(_text.AsSpan(start, count / 2));
            if (count % 2 == 0) return new SyntaxNode.Reference(Range(next, _at), reference);
            byte[] source = _text.AsSpan(next, _at - next).ToArray();
            return new SyntaxNode.EscapedReference(Range(next, _at), reference, source, [(byte)'\\', .. source]);
        }

        if (next < _end && _text[next] == '#' && PeekDirective(next, out int after, isEscaped: true) is { Kind: not (DirectiveKind.None or DirectiveKind.Comment or DirectiveKind.BlockComment or DirectiveKind.Literal) } word)
        {
            // Pairs before #set stay pairs, as in Velocity.
            literal.Write(_text.AsSpan(start, count % 2 == 0 && word.Kind == DirectiveKind.Set ? count : count / 2));
            if (count % 2 == 0) return null;
            literal.Write(_text.AsSpan(next, after - next));
            _at = after;
            return null;
        }

        literal.Write(_text.AsSpan(start, count));
        return null;
    }

    private static bool IsEnd(DirectiveKind kind, Ends ends, out bool ended)
    {
        ended = ends switch
        {
            Ends.End => kind == DirectiveKind.End,
            Ends.EndOrElse => kind is DirectiveKind.End or DirectiveKind.Else or DirectiveKind.ElseIf,
            _ => false,
        };
        return ended;
    }

    private SourceRange Range(int start, int end) => new(Place(start), Place(end));

    private int Place(int at)
    {
        if (_offsets is null) return _base + at;
        return at < _offsets.Length ? _offsets[at] : _offsets.Length == 0 ? _base : _offsets[^1] + 1;
    }

    /// <summary>Notes what is wrong, if it is the first, and goes to the end.</summary>
    private void Fail(int at, string message)
    {
        Problem ??= (Place(at), message);
        _at = _end;
    }

    private byte Peek(int ahead = 0) => _at + ahead < _end ? _text[_at + ahead] : (byte)0;

    private void SkipSpace()
    {
        while (_at < _end && IsSpace(_text[_at])) _at++;
    }

    private void SkipBlanks()
    {
        while (_at < _end && IsBlank(_text[_at])) _at++;
    }

    /// <summary>After a directive: the rest of its line, when that is blank.</summary>
    private void SkipRestOfLine()
    {
        int at = _at;
        while (at < _end && IsBlank(_text[at])) at++;
        if (at + 1 < _end && _text[at] == '\r' && _text[at + 1] == '\n') _at = at + 2;
        else if (at < _end && _text[at] is (byte)'\n' or (byte)'\r') _at = at + 1;
    }

    private static bool IsBlank(byte value) => value is (byte)' ' or (byte)'\t';

    private static bool IsSpace(byte value) => value is (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r' or (byte)'\f';

    private static bool IsLetter(byte value) => char.IsAsciiLetter((char)value) || value == '_';

    private static bool IsWord(byte value) => char.IsAsciiLetterOrDigit((char)value) || value == '_';

    private static bool IsName(byte value) => IsWord(value) || value == '-';

    private enum Ends : byte
    {
        Nothing,
        End,
        EndOrElse,
    }
}

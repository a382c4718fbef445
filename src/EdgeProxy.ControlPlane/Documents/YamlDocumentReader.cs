using System.Globalization;
using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace EdgeProxy.ControlPlane.Documents;

/// <summary>Reads YAML 1.2 into nodes with marks, from the events of YamlDotNet's parser.</summary>
/// <remarks>The object layer of that library needs reflection; its parser does not, and it keeps tags such as <c>!Ref</c>.</remarks>
internal static class YamlDocumentReader
{
    private const string CoreTagPrefix = "tag:yaml.org,2002:";

    /// <summary>Reads bytes that are known to be UTF-8 without byte order mark; null after a syntax error.</summary>
    public static DocumentNode? Read(string file, ReadOnlySpan<byte> bytes, ProblemList problems)
    {
        var builder = new DocumentBuilder(file, problems);
        var anchors = new Anchors();
        Mark reached = Mark.Empty;
        try
        {
            string source = Encoding.UTF8.GetString(bytes);
            var parser = new Parser(new StringReader(source));
            bool seen = false;
            while (parser.MoveNext())
            {
                reached = parser.Current!.End;
                if (parser.Current is DocumentStart again)
                {
                    if (seen)
                    {
                        problems.Error(ProblemCode.SeveralDocuments, At(file, again.Start), "A second document starts here. Put each document into a file of its own.");
                        return builder.Root;
                    }

                    seen = true;
                }
                else if (parser.Current is NodeEvent or MappingEnd or SequenceEnd or AnchorAlias && !Take(parser.Current, source, builder, anchors))
                {
                    return null;
                }
            }

            if (builder.Root is null || (builder.Root.IsNull && builder.Root.Text.Length == 0))
            {
                problems.Error(ProblemCode.EmptyDocument, new Origin(file, "", 1, 1), "The document holds only comments. Write a mapping into it, or leave the file away.");
                return null;
            }

            return builder.Root;
        }
        catch (YamlException wrong)
        {
            problems.Error(ProblemCode.Syntax, At(file, wrong.Start), Explain(wrong));
            return null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or InvalidOperationException or FormatException or OverflowException or IndexOutOfRangeException)
        {
            // The parser is not ours and meets hostile bytes here; it has been seen to stumble over some of them.
            // Its own words say nothing to the author ("operation is not valid due to the current state of the object").
            problems.Error(ProblemCode.Syntax, new Origin(file, builder.Pointer(), Clamp(reached.Line), Clamp(reached.Column)),
                "Not valid YAML behind this place. Look at the brackets, indentation, quotes and colons here and on the next lines.");
            return null;
        }
    }

    private static bool Take(ParsingEvent happened, string source, DocumentBuilder builder, Anchors anchors)
    {
        int line = Clamp(happened.Start.Line);
        int column = Clamp(happened.Start.Column);
        switch (happened)
        {
            case MappingStart start:
                anchors.Begin(start.Anchor);
                return builder.Open(DocumentNodeKind.Mapping, line, column, TagOrNull(start.Tag));
            case SequenceStart start:
                anchors.Begin(start.Anchor);
                return builder.Open(DocumentNodeKind.Sequence, line, column, TagOrNull(start.Tag));
            case MappingEnd or SequenceEnd:
                return builder.Close() is { } closed && anchors.End(closed);
            case Scalar scalar:
                string? tag = TagOrNull(scalar.Tag);
                ScalarStyle style = StyleOf(scalar.Style);
                ScalarKind meaning = Meaning(scalar.Value, style, tag, scalar.Tag);
                if (builder.Scalar(scalar.Value, meaning, style, line, column, tag, StartOrNull(scalar, source)) is not { } added) return false;
                anchors.Define(scalar.Anchor, added);
                return true;
            case AnchorAlias alias:
                return Follow(alias, line, column, builder, anchors);
            default:
                return true;
        }
    }

    // A text without these is no template, and nobody asks where in it something stands.
    private static TextStart? StartOrNull(Scalar scalar, string source)
    {
        if (scalar.Value.AsSpan().IndexOfAny('$', '#') < 0) return null;
        int at = (int)Math.Min(scalar.Start.Index, source.Length);
        if (scalar.Style == YamlDotNet.Core.ScalarStyle.Literal)
        {
            ReadOnlySpan<char> rest = source.AsSpan(at);
            int header = rest.IndexOf('\n');

            // A digit behind the bar says how deep the text is indented, which the first line does not tell then.
            if (header < 0 || rest[..header].ContainsAnyInRange('0', '9')) return null;
            rest = rest[(header + 1)..].TrimStart("\r\n");
            int indent = rest.IndexOfAnyExcept(' ');
            return indent < 0 || rest[indent] is '\r' or '\n' ? null : new TextStart(Clamp(scalar.Start.Line) + 1, indent + 1, IsIndented: true);
        }

        int quote = scalar.Style == YamlDotNet.Core.ScalarStyle.Plain ? 0 : 1;
        return !scalar.Value.Contains('\n', StringComparison.Ordinal) && source.AsSpan(Math.Min(at + quote, source.Length)).StartsWith(scalar.Value)
            ? new TextStart(Clamp(scalar.Start.Line), Clamp(scalar.Start.Column) + quote, IsIndented: false)
            : null;
    }

    private static bool Follow(AnchorAlias alias, int line, int column, DocumentBuilder builder, Anchors anchors)
    {
        string name = alias.Value.Value;
        if (anchors.TryFind(name, out DocumentBuilder.Measured? target)) return builder.Alias(target, line, column);

        builder.Error(ProblemCode.BadAlias, line, column, anchors.IsOpen(name)
            ? $"The alias *{name} stands inside its own anchor. A document cannot contain itself; write the part out."
            : $"The alias *{name} has no anchor before it.{Suggest.DidYouMean(name, anchors.Names)} Define it with &{name}, or correct the name.");

        // Something has to stand here, so that keys and values stay in step and later problems are still found.
        return builder.Scalar("", ScalarKind.Null, ScalarStyle.Plain, line, column, tag: null) is not null;
    }

    private static ScalarKind Meaning(string text, ScalarStyle style, string? tag, TagName written)
    {
        // A local tag such as !Ref makes its value that tag's business; the non-specific "!" means text.
        if (tag is not null) return ScalarKind.Text;
        if (written is { IsEmpty: false } && written.Value.StartsWith(CoreTagPrefix, StringComparison.Ordinal))
        {
            return written.Value.AsSpan(CoreTagPrefix.Length) is "str" or "binary" ? ScalarKind.Text : CoreSchema.Resolve(text);
        }

        return style == ScalarStyle.Plain && written.IsEmpty ? CoreSchema.Resolve(text) : ScalarKind.Text;
    }

    private static string? TagOrNull(TagName tag) =>
        tag.IsEmpty || tag.IsNonSpecific || tag.Value.StartsWith(CoreTagPrefix, StringComparison.Ordinal) ? null : tag.Value;

    private static ScalarStyle StyleOf(YamlDotNet.Core.ScalarStyle style) => style switch
    {
        YamlDotNet.Core.ScalarStyle.SingleQuoted => ScalarStyle.SingleQuoted,
        YamlDotNet.Core.ScalarStyle.DoubleQuoted => ScalarStyle.DoubleQuoted,
        YamlDotNet.Core.ScalarStyle.Literal => ScalarStyle.Literal,
        YamlDotNet.Core.ScalarStyle.Folded => ScalarStyle.Folded,
        _ => ScalarStyle.Plain,
    };

    private static Origin At(string file, Mark mark) => new(file, "", Clamp(mark.Line), Clamp(mark.Column));

    private static int Clamp(long position) => (int)Math.Clamp(position, 1, int.MaxValue);

    private static string Explain(YamlException wrong) =>
        string.Create(CultureInfo.InvariantCulture, $"Not valid YAML: {wrong.Message.TrimEnd('.')}. Look at the indentation, quotes and colons here and just above.");

    /// <summary>The anchors seen so far, and those whose node is still open.</summary>
    private sealed class Anchors
    {
        private readonly Dictionary<string, DocumentBuilder.Measured> _closed = new(StringComparer.Ordinal);
        private readonly Stack<string?> _open = new();

        public IEnumerable<string> Names => _closed.Keys;

        public void Begin(AnchorName anchor) => _open.Push(anchor.IsEmpty ? null : anchor.Value);

        public bool End(DocumentBuilder.Measured node)
        {
            if (_open.Pop() is { } name) _closed[name] = node;
            return true;
        }

        public void Define(AnchorName anchor, DocumentBuilder.Measured node)
        {
            if (!anchor.IsEmpty) _closed[anchor.Value] = node;
        }

        public bool IsOpen(string name) => _open.Contains(name);

        // An anchor that is being defined anew hides the older one of its name, even for aliases inside it.
        public bool TryFind(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out DocumentBuilder.Measured? node)
        {
            node = null;
            return !IsOpen(name) && _closed.TryGetValue(name, out node);
        }
    }
}

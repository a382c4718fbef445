using System.Text.Json;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Documents;

/// <summary>Reads JSON (RFC 8259) into nodes with marks. Duplicate keys are problems, though the RFC leaves them open.</summary>
internal static class JsonDocumentReader
{
    // The class library's own texts are not in the binary: its messages are names of resources there.
    private const string Wrong = "Not valid JSON: something else is expected here. Look at quotes, commas, brackets and the spelling of true, false and null, here and just above.";

    /// <summary>Reads bytes that are known to be UTF-8 without byte order mark; null after a syntax error.</summary>
    public static DocumentNode? Read(string file, ReadOnlySpan<byte> bytes, ProblemList problems)
    {
        var builder = new DocumentBuilder(file, problems);
        var place = new TextPosition();
        int passed = 0;

        // Our own limit speaks first, with a place; the reader's is only behind it.
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = DocumentLimits.Depth + 2 });
        try
        {
            while (reader.Read())
            {
                int start = (int)reader.TokenStartIndex;
                place.Advance(bytes[passed..start]);
                passed = start;
                if (!Take(ref reader, builder, place)) return null;
            }

            return builder.Root;
        }
        catch (JsonException wrong)
        {
            problems.Error(ProblemCode.Syntax, ErrorPlace(file, bytes, wrong, place), Wrong);
            return null;
        }
    }

    // A text without these is no template, and nobody asks where in it something stands.
    private static TextStart? StartOrNull(ref Utf8JsonReader reader, TextPosition place) =>
        reader.ValueIsEscaped || reader.ValueSpan.IndexOfAny((byte)'$', (byte)'#') < 0 ? null : new TextStart(place.Line, place.Column + 1, IsIndented: false);

    private static bool Take(ref Utf8JsonReader reader, DocumentBuilder builder, TextPosition place)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject: return builder.Open(DocumentNodeKind.Mapping, place.Line, place.Column, tag: null);
            case JsonTokenType.StartArray: return builder.Open(DocumentNodeKind.Sequence, place.Line, place.Column, tag: null);
            case JsonTokenType.EndObject or JsonTokenType.EndArray: return builder.Close() is not null;
            case JsonTokenType.PropertyName or JsonTokenType.String:
                return builder.Scalar(Text(ref reader, builder, place), ScalarKind.Text, ScalarStyle.DoubleQuoted, place.Line, place.Column, tag: null, StartOrNull(ref reader, place)) is not null;
            default:
                string text = System.Text.Encoding.UTF8.GetString(reader.ValueSpan);
                return builder.Scalar(text, CoreSchema.Resolve(text), ScalarStyle.Plain, place.Line, place.Column, tag: null) is not null;
        }
    }

    private static string Text(ref Utf8JsonReader reader, DocumentBuilder builder, TextPosition place)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // The bytes are UTF-8, so only an escaped half of a surrogate pair is left.
            builder.Error(ProblemCode.Syntax, place.Line, place.Column, "A \\u escape names half of a surrogate pair. Write both halves, or the character itself.");
            return "";
        }
    }

    private static Origin ErrorPlace(string file, ReadOnlySpan<byte> bytes, JsonException wrong, TextPosition lastToken)
    {
        if (wrong.LineNumber is not { } line || wrong.BytePositionInLine is not { } at) return new Origin(file, "", lastToken.Line, lastToken.Column);

        // The reader counts bytes; people count characters.
        ReadOnlySpan<byte> rest = bytes;
        for (long i = 0; i < line; i++) rest = rest[(rest.IndexOf((byte)'\n') + 1)..];
        var place = new TextPosition();
        place.Advance(rest[..(int)Math.Min(at, rest.Length)]);
        return new Origin(file, "", (int)line + 1, place.Line == 1 ? place.Column : 1);
    }
}

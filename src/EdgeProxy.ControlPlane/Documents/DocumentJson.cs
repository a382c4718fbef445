using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeProxy.ControlPlane.Documents;

/// <summary>Writes a part of a document as JSON, for members that are kept as text (schemas, policies).</summary>
public static class DocumentJson
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    /// <summary>JSON text without white space.</summary>
    public static string Write(DocumentNode node)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes, Options))
        {
            Write(node, json);
        }

        return Encoding.UTF8.GetString(bytes.WrittenSpan);
    }

    /// <summary>Line and column of each value, in the order in which <see cref="Write(DocumentNode)"/> writes them: containers before what they hold.</summary>
    public static IReadOnlyList<(int Line, int Column)> Marks(DocumentNode node)
    {
        var marks = new List<(int Line, int Column)>();
        Mark(node, marks);
        return marks;
    }

    private static void Mark(DocumentNode node, List<(int Line, int Column)> marks)
    {
        marks.Add((node.Line, node.Column));
        foreach (DocumentNode child in node.Children) Mark(child, marks);
    }

    // Nesting is limited by the reader, so recursion is safe.
    private static void Write(DocumentNode node, Utf8JsonWriter json)
    {
        switch (node.Kind)
        {
            case DocumentNodeKind.Mapping:
                json.WriteStartObject();
                foreach (DocumentEntry entry in node.Entries)
                {
                    json.WritePropertyName(entry.Name);
                    Write(entry.Value, json);
                }

                json.WriteEndObject();
                break;
            case DocumentNodeKind.Sequence:
                json.WriteStartArray();
                foreach (DocumentNode item in node.Items) Write(item, json);
                json.WriteEndArray();
                break;
            default:
                WriteScalar(node, json);
                break;
        }
    }

    private static bool IsJsonNumber(string text)
    {
        int at = text.StartsWith('-') ? 1 : 0;
        int whole = Digits(text, at);
        if (whole == 0 || (whole > 1 && text[at] == '0')) return false;
        at += whole;
        if (at < text.Length && text[at] == '.')
        {
            int fraction = Digits(text, at + 1);
            if (fraction == 0) return false;
            at += fraction + 1;
        }

        if (at < text.Length && text[at] is 'e' or 'E')
        {
            at += at + 1 < text.Length && text[at + 1] is '+' or '-' ? 2 : 1;
            int exponent = Digits(text, at);
            if (exponent == 0) return false;
            at += exponent;
        }

        return at == text.Length;
    }

    private static int Digits(string text, int at)
    {
        int end = at;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        return end - at;
    }

    private static void WriteScalar(DocumentNode node, Utf8JsonWriter json)
    {
        switch (node.ScalarKind)
        {
            case ScalarKind.Null:
                json.WriteNullValue();
                break;
            case ScalarKind.Boolean:
                node.TryGetBoolean(out bool truth);
                json.WriteBooleanValue(truth);
                break;
            case ScalarKind.Integer or ScalarKind.Number when IsJsonNumber(node.Text):
                json.WriteRawValue(node.Text, skipInputValidation: true); // as written: nothing is rounded
                break;
            case ScalarKind.Integer when node.TryGetInteger(out long whole):
                json.WriteNumberValue(whole);
                break;
            case ScalarKind.Integer or ScalarKind.Number when node.TryGetNumber(out double number) && double.IsFinite(number):
                json.WriteNumberValue(number);
                break;
            default:
                json.WriteStringValue(node.Text);
                break;
        }
    }
}

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

using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeProxy.Commands;

/// <summary>JSON for the output of commands: indented, and readable where it is not HTML.</summary>
internal static class JsonText
{
    public static string Write(Action<Utf8JsonWriter> content)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes, new JsonWriterOptions { Indented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            content(json);
        }

        return Encoding.UTF8.GetString(bytes.ToArray());
    }
}

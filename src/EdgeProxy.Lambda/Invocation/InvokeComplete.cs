using System.Text.Json;

namespace EdgeProxy.Lambda.Invocation;

/// <summary>The last event of a streamed result: how the function ended (specification lambda.md 12).</summary>
internal static class InvokeComplete
{
    /// <summary>Reads it.</summary>
    /// <param name="json">The payload.</param>
    /// <param name="code">The error's type; empty for success.</param>
    /// <param name="details">The error document; empty when there is none.</param>
    /// <returns>False when it is no JSON object.</returns>
    public static bool TryRead(ReadOnlySpan<byte> json, out byte[] code, out byte[] details)
    {
        code = details = [];
        var reader = new Utf8JsonReader(json);
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return false;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool isCode = reader.ValueTextEquals("ErrorCode"u8);
                bool isDetails = reader.ValueTextEquals("ErrorDetails"u8);
                reader.Read();
                if (reader.TokenType == JsonTokenType.String && (isCode || isDetails))
                {
                    byte[] text = new byte[reader.ValueSpan.Length];
                    int length = reader.CopyString(text);
                    if (isCode) code = text[..length];
                    else details = text[..length];
                }
                else
                {
                    reader.Skip();
                }
            }

            return reader.TokenType == JsonTokenType.EndObject;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            // The second is what strings that are no UTF-8, or break off within an escape, make the reader say.
            return false;
        }
    }
}

using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeProxy.Lambda.Runtime;

/// <summary>Error documents: those that a runtime gets for a wrong call, and those that a caller gets for a function that could not answer (specification lambda.md 3.3, 3.5, 7).</summary>
internal static class RuntimeDocuments
{
    /// <summary>Bytes of an event or of a whole result: 6 MiB + 100.</summary>
    public const int PayloadLimit = 6_291_556;

    public static ReadOnlySpan<byte> Accepted => "{\"status\":\"OK\"}\n"u8;

    public static ReadOnlySpan<byte> InvalidRequestId => "{\"errorMessage\":\"Invalid request ID\",\"errorType\":\"InvalidRequestID\"}\n"u8;

    public static ReadOnlySpan<byte> InvalidResponseMode => "{\"errorMessage\":\"Invalid function response mode\",\"errorType\":\"InvalidFunctionResponseMode\"}\n"u8;

    public static ReadOnlySpan<byte> Truncated => "{\"errorMessage\":\"HTTP request detected as truncated\",\"errorType\":\"TruncatedHTTPRequest\"}\n"u8;

    public static ReadOnlySpan<byte> InvocationTimedOut => "{\"errorMessage\":\"The invocation has timed out\",\"errorType\":\"ErrorRuntimeInvokeTimeout\"}\n"u8;

    public static ReadOnlySpan<byte> TooLarge => "{\"errorMessage\":\"Exceeded maximum allowed payload size (6291556 bytes).\",\"errorType\":\"RequestEntityTooLarge\"}\n"u8;

    public static ReadOnlySpan<byte> EnvironmentLost => "{\"errorMessage\":\"Internal Server Error\",\"errorType\":\"InternalServerError\"}\n"u8;

    public static ReadOnlySpan<byte> NotFound => "{\"errorMessage\":\"Not Found\",\"errorType\":\"NotFound\"}\n"u8;

    public static ReadOnlySpan<byte> NotForPages => "{\"errorMessage\":\"The Runtime API is for runtimes, by its address\",\"errorType\":\"Forbidden\"}\n"u8;

    public static ReadOnlySpan<byte> WrongMethod => "{\"errorMessage\":\"Method Not Allowed\",\"errorType\":\"MethodNotAllowed\"}\n"u8;

    /// <summary>403 for a call that the state does not allow.</summary>
    public static byte[] Forbidden(RuntimeState state, RuntimeEvent happened) => Encoding.ASCII.GetBytes(
        $"{{\"errorMessage\":\"State transition from {Encoding.ASCII.GetString(RuntimeLife.NameOf(state))} to {Encoding.ASCII.GetString(RuntimeLife.TargetOf(happened))} failed for runtime. Error: State transition is not allowed\",\"errorType\":\"InvalidStateTransition\"}}\n");

    /// <summary>The caller's document for a result that is too large.</summary>
    public static PooledBytes ResponseTooLarge(long bytes) => Error(
        "Function.ResponseSizeTooLarge", string.Create(CultureInfo.InvariantCulture, $"Response payload size ({bytes} bytes) exceeded maximum allowed payload size ({PayloadLimit} bytes)."));

    /// <summary>The caller's document for a failure that names the request.</summary>
    public static PooledBytes Failure(string errorType, ReadOnlySpan<byte> requestId, string what) => Error(errorType, $"RequestId: {Encoding.ASCII.GetString(requestId)} Error: {what}");

    /// <summary>What a time-out is told as.</summary>
    public static string TimedOut(TimeSpan timeout) => string.Create(CultureInfo.InvariantCulture, $"Task timed out after {timeout.TotalSeconds:0.00} seconds");

    /// <summary>An error document with its type first, as the service writes it.</summary>
    public static PooledBytes Error(string errorType, string errorMessage) =>
        PooledBytes.Of($"{{\"errorType\":\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(errorType)}\",\"errorMessage\":\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(errorMessage)}\"}}");

    /// <summary>
    /// The document of an error that came with its cause (<c>application/vnd.aws.lambda.error.cause+json</c>): the cause is for tracing, the caller
    /// gets the rest. One that is no object of JSON stays as it is, as does one with half a surrogate pair, which JavaScript writes and the reader refuses.
    /// </summary>
    public static PooledBytes WithoutCause(PooledBytes document)
    {
        try
        {
            using JsonDocument parsed = JsonDocument.Parse(document.Array.AsMemory(0, document.Length));
            if (parsed.RootElement.ValueKind != JsonValueKind.Object) return document;
            var output = new ArrayBufferWriter<byte>(document.Length);
            using (var writer = new Utf8JsonWriter(output, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
            {
                writer.WriteStartObject();
                foreach (JsonProperty member in parsed.RootElement.EnumerateObject())
                {
                    if (!member.NameEquals("errorCause"u8)) member.WriteTo(writer);
                }

                writer.WriteEndObject();
            }

            var rest = PooledBytes.Of(output.WrittenSpan);
            document.Return();
            return rest;
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException)
        {
            return document;
        }
    }

    /// <summary>Whether bytes are a JSON text.</summary>
    public static bool IsJson(ReadOnlySpan<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes);
        try
        {
            while (reader.Read())
            {
            }

            return reader.BytesConsumed > 0;
        }
        catch (JsonException)
        {
            return false;
        }
    }
}

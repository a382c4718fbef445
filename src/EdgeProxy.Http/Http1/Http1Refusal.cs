using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http1;

/// <summary>The answer to bytes that never became a request, and to a handler that failed: it announces the end of the connection.</summary>
internal static class Http1Refusal
{
    /// <summary>Bytes the longest answer can take.</summary>
    public const int MaximumLength = 512;

    /// <summary>Writes the whole response.</summary>
    /// <param name="destination">At least <see cref="MaximumLength"/> bytes.</param>
    /// <param name="status">The status.</param>
    /// <param name="dateField">The Date field line.</param>
    public static ReadOnlySpan<byte> Write(Span<byte> destination, int status, ReadOnlySpan<byte> dateField)
    {
        ReadOnlySpan<byte> reason = StatusText.Of(status);
        var writer = new ByteWriter(destination);
        Http1Writer.WriteStatusLine(ref writer, status);
        writer.Write("Content-Type: application/json\r\n"u8);
        writer.Write(dateField);
        Http1Writer.WriteContentLength(ref writer, reason.Length + 14);
        writer.Write("Connection: close\r\n\r\n{\"message\":\""u8);
        writer.Write(reason);
        writer.Write("\"}"u8);
        return destination[..writer.Length];
    }
}

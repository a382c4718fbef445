using System.Runtime.CompilerServices;
using EdgeProxy.Core.Buffers;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Http.Http1;

/// <summary>Writes heads and chunk framing (RFC 9112, 3 to 5 and 7.1).</summary>
/// <remarks>
/// Nothing that could end a line early is ever written: a field or target with such bytes is left out and the method says so. The
/// writer does not look after framing; whoever makes a head adds exactly one framing field.
/// </remarks>
public static class Http1Writer
{
    /// <summary>The most bytes a chunk's size line takes.</summary>
    public const int LongestChunkSizeLine = 18;

    /// <summary>The interim answer that asks for the body.</summary>
    public static ReadOnlySpan<byte> Continue => "HTTP/1.1 100 Continue\r\n\r\n"u8;

    /// <summary>The line end after a chunk's data.</summary>
    public static ReadOnlySpan<byte> ChunkEnd => "\r\n"u8;

    /// <summary>The end of a chunked body without trailers.</summary>
    public static ReadOnlySpan<byte> LastChunk => "0\r\n\r\n"u8;

    /// <summary>The line end after the data of the last chunk with data, and the end of the body.</summary>
    public static ReadOnlySpan<byte> ChunkEndAndLastChunk => "\r\n0\r\n\r\n"u8;

    /// <summary>Writes "method target HTTP/1.1".</summary>
    /// <returns>False, and nothing written, when the method is no token or the target has bytes that no target may have.</returns>
    public static bool TryWriteRequestLine(ref ByteWriter writer, ReadOnlySpan<byte> method, ReadOnlySpan<byte> target)
    {
        if (method.IsEmpty || method.ContainsAnyExcept(Syntax.TokenBytes)) return false;
        if (target.IsEmpty || target.ContainsAnyExcept(Syntax.TargetBytes)) return false;

        Span<byte> room = writer.Reserve(method.Length + target.Length + 12);
        if (room.IsEmpty) return true;
        method.CopyTo(room);
        room[method.Length] = (byte)' ';
        target.CopyTo(room[(method.Length + 1)..]);
        " HTTP/1.1\r\n"u8.CopyTo(room[(method.Length + 1 + target.Length)..]);
        return true;
    }

    /// <summary>Writes "HTTP/1.1 status reason".</summary>
    /// <param name="status">Three digits.</param>
    public static void WriteStatusLine(ref ByteWriter writer, int status)
    {
        ReadOnlySpan<byte> common = CommonStatusLine(status);
        if (!common.IsEmpty)
        {
            writer.Write(common);
            return;
        }

        ReadOnlySpan<byte> reason = StatusText.Of(status);
        writer.Write("HTTP/1.1 "u8);
        Span<byte> digits = writer.Reserve(3);
        if (digits.IsEmpty) return;
        digits[0] = (byte)('0' + (status / 100 % 10));
        digits[1] = (byte)('0' + (status / 10 % 10));
        digits[2] = (byte)('0' + (status % 10));
        writer.Write((byte)' '); // the space stays even without a reason (RFC 9112, 4)
        writer.Write(reason);
        writer.Write("\r\n"u8);
    }

    /// <summary>Writes one field line.</summary>
    /// <returns>False, and nothing written, when the name is no token or the value holds CR, LF or NUL.</returns>
    [SkipLocalsInit]
    public static bool TryWriteField(ref ByteWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (name.IsEmpty || name.ContainsAnyExcept(Syntax.TokenBytes)) return false;
        if (value.ContainsAny(Syntax.LineBytes)) return false;
        WriteLine(ref writer, name, value);
        return true;
    }

    /// <summary>Writes one field line with a name in its usual spelling.</summary>
    /// <returns>False, and nothing written, when the value holds CR, LF or NUL.</returns>
    public static bool TryWriteField(ref ByteWriter writer, KnownHeader known, ReadOnlySpan<byte> value)
    {
        if (known == KnownHeader.Other || value.ContainsAny(Syntax.LineBytes)) return false;
        WriteLine(ref writer, KnownHeaders.NameOf(known), value);
        return true;
    }

    /// <summary>Writes one field of a table as it stands there.</summary>
    /// <returns>False, and nothing written, when it holds bytes that would end the line early.</returns>
    public static bool TryWriteField(ref ByteWriter writer, HeaderTable headers, int index) =>
        headers[index].Known == KnownHeader.Other
            ? TryWriteField(ref writer, headers.Name(index), headers.Value(index))
            : TryWriteRecognised(ref writer, headers.Name(index), headers.Value(index));

    /// <summary>Writes all fields of a table; one that holds bytes which would end its line early is left out.</summary>
    /// <remarks>
    /// Fields are copied unlooked at, and then the whole is searched once: as many line ends as lines, and no NUL, means that no field
    /// holds any. That is cheaper than searching every value, and only a wrong field makes it be done again one by one.
    /// </remarks>
    public static void WriteFields(ref ByteWriter writer, HeaderTable headers)
    {
        int start = writer.Length;
        for (int i = 0; i < headers.Count; i++) WriteLine(ref writer, headers.Name(i), headers.Value(i));
        if (writer.Overflowed) return;
        ReadOnlySpan<byte> written = writer.Written[start..];
        if (written.Count((byte)'\n') == headers.Count && written.Count((byte)'\r') == headers.Count && !written.Contains((byte)0)) return;

        writer.Truncate(start);
        for (int i = 0; i < headers.Count; i++) TryWriteField(ref writer, headers, i);
    }

    /// <summary>Writes "Content-Length: length".</summary>
    public static void WriteContentLength(ref ByteWriter writer, long length)
    {
        writer.Write("Content-Length: "u8);
        writer.Write(length);
        writer.Write("\r\n"u8);
    }

    /// <summary>Writes "Transfer-Encoding: chunked".</summary>
    public static void WriteChunked(ref ByteWriter writer) => writer.Write("Transfer-Encoding: chunked\r\n"u8);

    /// <summary>Writes the last chunk with trailers, and the end of the body.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="trailers">The trailers; one that holds bytes which would end its line early is left out.</param>
    /// <param name="afterChunk">Whether the line end of the chunk before is still owed.</param>
    public static void WriteTrailers(ref ByteWriter writer, HeaderTable trailers, bool afterChunk)
    {
        writer.Write(afterChunk ? "\r\n0\r\n"u8 : "0\r\n"u8);
        WriteFields(ref writer, trailers);
        writer.Write("\r\n"u8);
    }

    /// <summary>Writes the empty line that ends a head or the trailers.</summary>
    public static void EndHead(ref ByteWriter writer) => writer.Write("\r\n"u8);

    /// <summary>Writes the size line before a chunk's data.</summary>
    /// <param name="length">Bytes of data, more than zero: a zero would end the body.</param>
    public static void WriteChunkSize(ref ByteWriter writer, long length)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(length);
        writer.WriteHex((ulong)length);
        writer.Write("\r\n"u8);
    }

    /// <summary>A name that was found among the known ones is a token; only the value can be wrong.</summary>
    private static bool TryWriteRecognised(ref ByteWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        if (value.ContainsAny(Syntax.LineBytes)) return false;
        WriteLine(ref writer, name, value);
        return true;
    }

    private static void WriteLine(ref ByteWriter writer, ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        Span<byte> room = writer.Reserve(name.Length + value.Length + 4);
        if (room.IsEmpty) return;
        name.CopyTo(room);
        room[name.Length] = (byte)':';
        room[name.Length + 1] = (byte)' ';
        value.CopyTo(room[(name.Length + 2)..]);
        room[^2] = (byte)'\r';
        room[^1] = (byte)'\n';
    }

    private static ReadOnlySpan<byte> CommonStatusLine(int status) => status switch
    {
        200 => "HTTP/1.1 200 OK\r\n"u8,
        201 => "HTTP/1.1 201 Created\r\n"u8,
        202 => "HTTP/1.1 202 Accepted\r\n"u8,
        204 => "HTTP/1.1 204 No Content\r\n"u8,
        206 => "HTTP/1.1 206 Partial Content\r\n"u8,
        301 => "HTTP/1.1 301 Moved Permanently\r\n"u8,
        302 => "HTTP/1.1 302 Found\r\n"u8,
        304 => "HTTP/1.1 304 Not Modified\r\n"u8,
        400 => "HTTP/1.1 400 Bad Request\r\n"u8,
        401 => "HTTP/1.1 401 Unauthorized\r\n"u8,
        403 => "HTTP/1.1 403 Forbidden\r\n"u8,
        404 => "HTTP/1.1 404 Not Found\r\n"u8,
        429 => "HTTP/1.1 429 Too Many Requests\r\n"u8,
        500 => "HTTP/1.1 500 Internal Server Error\r\n"u8,
        502 => "HTTP/1.1 502 Bad Gateway\r\n"u8,
        503 => "HTTP/1.1 503 Service Unavailable\r\n"u8,
        504 => "HTTP/1.1 504 Gateway Timeout\r\n"u8,
        _ => default,
    };
}

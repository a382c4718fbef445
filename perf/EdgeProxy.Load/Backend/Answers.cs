using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;
using System.Text.Json;
using EdgeProxy.Load.Messages;

namespace EdgeProxy.Load.Backend;

/// <summary>What the backend answers, by path: a request in, an <see cref="Answer"/> out. Remembers only how many there were.</summary>
internal sealed class Answers(int defaultSize)
{
    /// <summary>Larger bodies are made while they are sent.</summary>
    public const int LargestWhole = 1024 * 1024;

    private const int MostRemembered = 64;
    private static readonly string[] PetNames = ["Rex", "Minka", "Hansi"];
    private readonly Dictionary<long, byte[]> _bytes = [];
    private readonly Dictionary<long, byte[]> _fresh = [];
    private long _served;
    private byte[]? _order;
    private long _lastSize = -1;
    private byte[] _last = [];

    /// <summary>Whether the answer to this path shows the body, which then has to be kept.</summary>
    public static bool ShowsBody(ReadOnlySpan<byte> path) =>
        path.StartsWith("/echo"u8) || path.StartsWith("/pets"u8);

    /// <summary>The answer to a request whose body, of <paramref name="bodyBytes"/> bytes, is received.</summary>
    public Answer To(in RequestView request, long bodyBytes, ReadOnlySpan<byte> body)
    {
        ReadOnlySpan<byte> path = request.Path;
        bool head = request.Method.SequenceEqual("HEAD"u8);
        _served++;

        if (TryNumberAfter(path, "/bytes/"u8, out long size)) return Bytes(size, head);
        if (path.SequenceEqual("/bytes"u8)) return Bytes(defaultSize, head);
        if (TryNumberAfter(path, "/fresh/"u8, out size)) return Fresh(Math.Min(size, LargestWhole), head);
        if (path.SequenceEqual("/served"u8)) return Whole(200, Json(json => json.WriteNumber("served", _served)), head);
        if (path.SequenceEqual("/"u8)) return Whole(200, """{"message":"Hello from the sample backend"}"""u8, head);
        if (TryNumberAfter(path, "/chunked/"u8, out size)) return Chunked(size, head);
        if (TryNumberAfter(path, "/delay/"u8, out long delay))
        {
            delay = Math.Min(delay, 600_000);
            return Whole(200, Json(json => json.WriteNumber("delayed", delay)), head) with { Delay = TimeSpan.FromMilliseconds(delay) };
        }

        if (TryNumberAfter(path, "/cut/"u8, out size)) return Bytes(size, head) with { CutAfter = size / 2 };
        if (TryNumberAfter(path, "/status/"u8, out long status))
        {
            return status is >= 200 and <= 599
                ? Whole((int)status, Json(json => json.WriteNumber("status", status)), head)
                : Whole(400, """{"message":"the status must be between 200 and 599"}"""u8, head);
        }

        if (path.SequenceEqual("/order"u8)) return Order(head);
        if (path.SequenceEqual("/upload"u8)) return Whole(200, Json(json => json.WriteNumber("received", bodyBytes)), head);
        if (path.SequenceEqual("/echo"u8) || path.StartsWith("/echo/"u8)) return Whole(200, Echo(request, bodyBytes, body), head);
        if (path.SequenceEqual("/pets"u8) || path.StartsWith("/pets/"u8)) return Pets(request, path, bodyBytes, body, head);
        return Whole(404, """{"message":"the sample backend has nothing here"}"""u8, head);
    }

    /// <summary>The answer to bytes that are no request.</summary>
    public static Answer BadRequest() => Whole(400, """{"message":"not an HTTP/1.1 request"}"""u8, headOnly: false) with { Close = true };

    private static bool TryNumberAfter(ReadOnlySpan<byte> path, ReadOnlySpan<byte> prefix, out long number)
    {
        number = 0;
        return path.StartsWith(prefix)
            && Utf8Parser.TryParse(path[prefix.Length..], out number, out int used)
            && used == path.Length - prefix.Length
            && number >= 0;
    }

    private Answer Bytes(long size, bool headOnly)
    {
        if (headOnly) return new Answer(Head(200, "application/octet-stream", $"Content-Length: {size}"));
        if (size > LargestWhole) return new Answer(Head(200, "application/octet-stream", $"Content-Length: {size}")) { Stream = size };
        if (size == _lastSize) return new Answer(_last);
        if (!_bytes.TryGetValue(size, out byte[]? whole))
        {
            byte[] body = new byte[size];
            Pattern.Fill(body, 0);
            whole = [.. Head(200, "application/octet-stream", $"Content-Length: {size}"), .. body];
            if (_bytes.Count < MostRemembered) _bytes.Add(size, whole);
        }

        _lastSize = size;
        _last = whole;
        return new Answer(whole);
    }

    // The same bytes, for caches: everybody may keep them for an hour.
    private Answer Fresh(long size, bool headOnly)
    {
        if (_fresh.TryGetValue(size, out byte[]? whole) && !headOnly) return new Answer(whole);
        byte[] head = Head(200, "application/octet-stream", $"Cache-Control: max-age=3600\r\nContent-Length: {size}");
        if (headOnly) return new Answer(head);
        byte[] body = new byte[size];
        Pattern.Fill(body, 0);
        whole = [.. head, .. body];
        if (_fresh.Count < MostRemembered) _fresh.Add(size, whole);
        return new Answer(whole);
    }

    // What an order service has to say of an order: 1 KB of JSON.
    private Answer Order(bool headOnly)
    {
        _order ??= Json(json =>
        {
            json.WriteString("orderId", "ord-8f14e45f");
            json.WriteString("state", "accepted");
            json.WriteString("currency", "EUR");
            json.WriteStartObject("customer");
            json.WriteNumber("id", 8812773);
            json.WriteString("name", "Ada Lovelace");
            json.WriteEndObject();
            json.WriteStartArray("items");
            for (int item = 0; item < 8; item++)
            {
                json.WriteStartObject();
                json.WriteString("sku", $"SKU-{1000 + item}");
                json.WriteString("title", $"Ledger paper, ruled, 80 sheets, no. {item}");
                json.WriteNumber("quantity", item + 1);
                json.WriteNumber("price", item + 3.95);
                json.WriteBoolean("inStock", true);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        });
        return Whole(200, _order, headOnly);
    }

    private static Answer Chunked(long size, bool headOnly)
    {
        byte[] head = Head(200, "application/octet-stream", "Transfer-Encoding: chunked");
        if (headOnly) return new Answer(head);
        return size > 0 ? new Answer(head) { Stream = size, StreamChunked = true } : new Answer([.. head, .. "0\r\n\r\n"u8]);
    }

    private static Answer Pets(in RequestView request, ReadOnlySpan<byte> path, long bodyBytes, ReadOnlySpan<byte> body, bool headOnly)
    {
        byte[] seen = Echo(request, bodyBytes, body);
        ReadOnlySpan<byte> id = path.Length > "/pets/"u8.Length ? path["/pets/"u8.Length..] : default;
        bool exists = id.IsEmpty || (Utf8Parser.TryParse(id, out int number, out int used) && used == id.Length && number >= 1 && number <= PetNames.Length);
        string wanted = Encoding.UTF8.GetString(id);
        byte[] content = Json(json =>
        {
            if (!exists)
            {
                json.WriteString("message", "no such pet");
            }
            else if (wanted.Length == 0)
            {
                json.WriteStartArray("pets");
                for (int index = 0; index < PetNames.Length; index++) WritePet(json, index);
                json.WriteEndArray();
            }
            else
            {
                json.WritePropertyName("pet");
                WritePet(json, int.Parse(wanted, CultureInfo.InvariantCulture) - 1);
            }

            json.WritePropertyName("request");
            json.WriteRawValue(seen);
        });
        int status = !exists ? 404 : request.Method.SequenceEqual("POST"u8) ? 201 : 200;
        return Whole(status, content, headOnly);
    }

    private static void WritePet(Utf8JsonWriter json, int index)
    {
        json.WriteStartObject();
        json.WriteNumber("id", index + 1);
        json.WriteString("name", PetNames[index]);
        json.WriteEndObject();
    }

    /// <summary>The request as JSON; fields in the order sent, those of one name joined by a comma.</summary>
    private static byte[] Echo(in RequestView request, long bodyBytes, ReadOnlySpan<byte> body)
    {
        string method = Encoding.Latin1.GetString(request.Method);
        string path = Encoding.Latin1.GetString(request.Path);
        string query = Encoding.Latin1.GetString(request.Query);
        string text = Encoding.UTF8.GetString(body);
        List<(string Name, string Value)> fields = [];
        ReadOnlySpan<byte> lines = request.Lines;
        while (!lines.IsEmpty)
        {
            int end = lines.IndexOf("\r\n"u8);
            ReadOnlySpan<byte> line = lines[..end];
            lines = lines[(end + 2)..];
            int colon = line.IndexOf((byte)':');
            string name = Encoding.Latin1.GetString(line[..colon]);
            string value = Encoding.Latin1.GetString(HeadFields.Trim(line[(colon + 1)..]));
            int known = fields.FindIndex(field => field.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
            if (known < 0) fields.Add((name, value));
            else fields[known] = (fields[known].Name, fields[known].Value + ", " + value);
        }

        return Json(json =>
        {
            json.WriteString("method", method);
            json.WriteString("path", path);
            json.WriteString("query", query);
            json.WriteStartObject("headers");
            foreach ((string name, string value) in fields) json.WriteString(name, value);
            json.WriteEndObject();
            json.WriteNumber("bodyBytes", bodyBytes);
            json.WriteString("body", text);
        });
    }

    private static Answer Whole(int status, ReadOnlySpan<byte> content, bool headOnly)
    {
        if (status is 204 or 304) return new Answer(Head(status, contentType: null, field: null));
        byte[] head = Head(status, "application/json", $"Content-Length: {content.Length}");
        return new Answer(headOnly ? head : [.. head, .. content]);
    }

    private static byte[] Head(int status, string? contentType, string? field)
    {
        StringBuilder head = new($"HTTP/1.1 {status} {Reason(status)}\r\n");
        if (contentType is not null) head.Append("Content-Type: ").Append(contentType).Append("\r\n");
        if (field is not null) head.Append(field).Append("\r\n");
        return Encoding.ASCII.GetBytes(head.Append("\r\n").ToString());
    }

    private static string Reason(int status) => status switch
    {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        304 => "Not Modified",
        400 => "Bad Request",
        404 => "Not Found",
        500 => "Internal Server Error",
        503 => "Service Unavailable",
        _ => "As Asked",
    };

    private static byte[] Json(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> bytes = new();
        using (Utf8JsonWriter json = new(bytes))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return bytes.WrittenSpan.ToArray();
    }
}

using System.Buffers;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using EdgeProxy.Core.Concurrency;
using EdgeProxy.Gateway.Operations;
using EdgeProxy.Http.Messages;
using EdgeProxy.Http.Server;

namespace EdgeProxy.Admin;

/// <summary><c>GET /usageplans/{id}/usage?startDate=...&amp;endDate=...</c>: what the keys of a usage plan used, as GetUsage answers it, and as it is at this moment.</summary>
/// <param name="usage">What was used.</param>
internal sealed class UsagePage(ReadUsage usage)
{
    private const int MostDays = 366;
    private const int DefaultKeys = 25;

    private static ReadOnlySpan<byte> Before => "/usageplans/"u8;

    private static ReadOnlySpan<byte> Behind => "/usage"u8;

    /// <summary>Whether a path is one of this page.</summary>
    public static bool Has(ReadOnlySpan<byte> path) => path.Length > Before.Length + Behind.Length && path.StartsWith(Before) && path.EndsWith(Behind);

    /// <summary>Answers a request for the page.</summary>
    public LoopTask<IoStatus> AnswerAsync(Exchange exchange)
    {
        var text = new ArrayBufferWriter<byte>(512);
        int status = Answer(exchange, text);
        exchange.Response.Status = status;
        exchange.Response.Headers.Add("Content-Type"u8, "application/json"u8);
        exchange.Response.Headers.Add("Cache-Control"u8, "no-store"u8);
        exchange.StartResponse(BodyFraming.Length, text.WrittenCount);
        MemoryMarshal.TryGetArray(text.WrittenMemory, out ArraySegment<byte> bytes);
        return exchange.EndAsync(new BodyChunk(bytes.Array!, bytes.Offset, bytes.Count));
    }

    private static int Refuse(ArrayBufferWriter<byte> text, int status, string message)
    {
        using var json = new Utf8JsonWriter(text);
        json.WriteStartObject();
        json.WriteString("message", message);
        json.WriteEndObject();
        return status;
    }

    private int Answer(Exchange exchange, ArrayBufferWriter<byte> text)
    {
        DateOnly? start = null;
        DateOnly? end = null;
        string? key = null;
        string? position = null;
        int limit = DefaultKeys;
        foreach (QueryPair pair in new QueryReader(exchange.Request.Query))
        {
            string value = Decoded(pair.Value);
            if (pair.Name.SequenceEqual("startDate"u8)) start = DayOf(value);
            else if (pair.Name.SequenceEqual("endDate"u8)) end = DayOf(value);
            else if (pair.Name.SequenceEqual("keyId"u8)) key = value;
            else if (pair.Name.SequenceEqual("position"u8)) position = value;
            else if (!pair.Name.SequenceEqual("limit"u8)) return Refuse(text, 400, "This page takes startDate, endDate, keyId, position and limit, and nothing else.");
            else if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit is < 1 or > ReadUsage.MostKeys) return Refuse(text, 400, "limit is a number from 1 to 500.");
        }

        if (start is not { } first || end is not { } last) return Refuse(text, 400, "startDate and endDate are needed, written as 2026-11-22.");
        if (last < first || last.DayNumber - first.DayNumber >= MostDays) return Refuse(text, 400, "endDate is not before startDate, and less than a year after it.");
        ReadOnlySpan<byte> path = exchange.Request.Path;
        string plan = Decoded(path[Before.Length..^Behind.Length]);
        if (usage.Read(plan, first, last, key, position, limit) is not { } found) return Refuse(text, 404, "Invalid Usage Plan ID specified");
        Write(found, text);
        return 200;
    }

    // The service's own member names, of which SDKs make items of values.
    private static void Write(PlanUsage found, ArrayBufferWriter<byte> text)
    {
        using var json = new Utf8JsonWriter(text);
        json.WriteStartObject();
        json.WriteString("usagePlanId", found.PlanId);
        json.WriteString("startDate", TextOf(found.Start));
        json.WriteString("endDate", TextOf(found.End));
        if (found.Position is not null) json.WriteString("position", found.Position);
        json.WriteStartObject("values");
        foreach (KeyUsage key in found.Keys)
        {
            json.WriteStartArray(key.KeyId);
            foreach (DayUsage day in key.Days)
            {
                json.WriteStartArray();
                json.WriteNumberValue(day.Used);
                json.WriteNumberValue(day.Remaining);
                json.WriteEndArray();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string TextOf(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static DateOnly? DayOf(string text) => DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly day) ? day : null;

    private static string Decoded(ReadOnlySpan<byte> coded)
    {
        Span<byte> room = new byte[coded.Length];
        return Encoding.UTF8.GetString(room[..PercentCoding.DecodeForm(coded, room)]);
    }
}

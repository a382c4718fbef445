using System.Buffers;
using System.Globalization;
using System.Text;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management;

/// <summary>Lists a page at a time (control-plane.md 1.3, 2.1). A page goes on behind the key of the last one, so what comes and goes in between disturbs nobody.</summary>
public static class Paging
{
    /// <summary>Items of a page when nobody says how many.</summary>
    public const int Default = 25;

    /// <summary>Most items of a page.</summary>
    public const int Most = 500;

    /// <summary>A page of records as they are.</summary>
    public static Reply List(Call call, IReadOnlyList<Record> records) => List(call, records, static record => record.Key, static record => record.Json);

    /// <summary>A page of records that are shown in another form.</summary>
    public static Reply List(Call call, IReadOnlyList<Record> records, Func<Record, WireValue> show) => List(call, records, static record => record.Key, record => show(record).ToBytes());

    /// <summary>A page of a list.</summary>
    /// <param name="call">Says which page, and by its service's version in which words.</param>
    /// <param name="items">All items, in the ordinal order of their keys.</param>
    /// <param name="keyOf">The key of an item.</param>
    /// <param name="show">The item as JSON.</param>
    /// <param name="member">What the list is called in an answer of V2.</param>
    public static Reply List<T>(Call call, IReadOnlyList<T> items, Func<T, string> keyOf, Func<T, ReadOnlyMemory<byte>> show, string member = "items")
        where T : class
    {
        bool isV2 = call.Operation.Version == ServiceVersion.V2;
        string? given = call.Query(isV2 ? "maxResults" : "limit");
        int limit = isV2 ? Most : Default;
        if (given is not null && (!int.TryParse(given, NumberStyles.None, CultureInfo.InvariantCulture, out limit) || limit < 1))
        {
            return Reply.BadRequest(isV2 ? "Invalid maxResults parameter. Must be a positive number." : "Invalid limit parameter. Must be a positive number.");
        }

        int start = 0;
        if (call.Query(isV2 ? "nextToken" : "position") is { Length: > 0 } token)
        {
            if (KeyOrNull(token) is not { } last) return Reply.BadRequest(isV2 ? "Invalid nextToken parameter." : "Invalid position parameter.");
            start = After(items, keyOf, last);
        }

        int end = (int)Math.Min(items.Count, (long)start + Math.Min(limit, Most));
        var text = new ArrayBufferWriter<byte>(4096);
        text.Write("{"u8);
        if (!isV2)
        {
            // As SDKs read it; an empty position would make them go round for ever.
            if (end < items.Count) WritePosition(text, "\"position\":\""u8, keyOf(items[end - 1]), "\","u8);
            text.Write("\"item\":["u8);
        }
        else
        {
            text.Write(Encoding.ASCII.GetBytes($"\"{member}\":["));
        }

        for (int i = start; i < end; i++)
        {
            if (i > start) text.Write(","u8);
            text.Write(show(items[i]).Span);
        }

        text.Write("]"u8);
        if (isV2 && end < items.Count) WritePosition(text, ",\"nextToken\":\""u8, keyOf(items[end - 1]), "\""u8);
        text.Write("}"u8);
        return Reply.Of(text.WrittenMemory);
    }

    private static void WritePosition(ArrayBufferWriter<byte> text, ReadOnlySpan<byte> before, string key, ReadOnlySpan<byte> after)
    {
        text.Write(before);
        text.Write(Encoding.ASCII.GetBytes(System.Buffers.Text.Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key))));
        text.Write(after);
    }

    private static string? KeyOrNull(string token)
    {
        try
        {
            return Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(token));
        }
        catch (FormatException)
        {
            return null;
        }
    }

    private static int After<T>(IReadOnlyList<T> items, Func<T, string> keyOf, string key)
        where T : class
    {
        int low = 0;
        int high = items.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (string.CompareOrdinal(keyOf(items[middle]), key) <= 0) low = middle + 1;
            else high = middle;
        }

        return low;
    }
}

using System.Globalization;
using System.Text;
using System.Text.Json;

namespace EdgeProxy.ControlPlane.Wire;

/// <summary>Reads records straight from their bytes, where there are too many of them to make a <see cref="WireValue"/> of each.</summary>
/// <remarks>
/// Except <see cref="Open"/> and <see cref="Next"/>, each starts at the name of a member and ends at the end of its value. What has another type than
/// asked for is passed over, as if it were not there. Bytes that are no JSON throw what the reader throws: records are ours, so then the store is wrong.
/// </remarks>
internal static class WireFields
{
    /// <summary>Goes into the object that comes next; false when something else does, which is then passed.</summary>
    public static bool Open(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType == JsonTokenType.StartObject) return true;
        json.Skip();
        return false;
    }

    /// <summary>Goes to the next member's name; false at the end of the object.</summary>
    public static bool Next(ref Utf8JsonReader json) => json.Read() && json.TokenType == JsonTokenType.PropertyName;

    /// <summary>Passes the value.</summary>
    public static void Pass(ref Utf8JsonReader json)
    {
        json.Read();
        json.Skip();
    }

    /// <summary>A text, or a number as it is written.</summary>
    public static string? TextOrNull(ref Utf8JsonReader json)
    {
        json.Read();
        switch (json.TokenType)
        {
            case JsonTokenType.String:
                return WireWords.Of(ref json);
            case JsonTokenType.Number:
                return Encoding.ASCII.GetString(json.ValueSpan);
            default:
                json.Skip();
                return null;
        }
    }

    /// <summary>A whole number, or a text that is one.</summary>
    public static int? NumberOrNull(ref Utf8JsonReader json) =>
        int.TryParse(TextOrNull(ref json), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : null;

    /// <summary>Whether it is true.</summary>
    public static bool IsTrue(ref Utf8JsonReader json)
    {
        json.Read();
        bool isTrue = json.TokenType == JsonTokenType.True || (json.TokenType == JsonTokenType.String && json.ValueTextEquals("true"u8));
        json.Skip();
        return isTrue;
    }

    /// <summary>The texts of a list.</summary>
    public static IReadOnlyList<string> Texts(ref Utf8JsonReader json)
    {
        json.Read();
        if (json.TokenType != JsonTokenType.StartArray)
        {
            json.Skip();
            return [];
        }

        List<string>? texts = null;
        while (json.Read() && json.TokenType != JsonTokenType.EndArray)
        {
            if (json.TokenType == JsonTokenType.String) (texts ??= []).Add(WireWords.Of(ref json));
            else json.Skip();
        }

        return texts is null ? [] : texts;
    }

    /// <summary>The bytes of the value.</summary>
    /// <param name="json">Reads <paramref name="all"/>.</param>
    /// <param name="all">What is read.</param>
    public static ReadOnlySpan<byte> Raw(ref Utf8JsonReader json, ReadOnlySpan<byte> all)
    {
        json.Read();
        int start = (int)json.TokenStartIndex;
        json.Skip();
        return all[start..(int)json.BytesConsumed];
    }
}

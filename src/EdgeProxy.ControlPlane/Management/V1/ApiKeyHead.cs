using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>The members that an API key's record begins with, found without reading JSON: looking through a million keys is looking at their bytes.</summary>
/// <remarks>Records of API keys are written by <see cref="Write"/> alone: <c>{"id":"...","value":"...","name":"...",...</c>, without blanks.</remarks>
internal readonly struct ApiKeyHead
{
    private readonly int _valueStart;
    private readonly int _valueEnd;
    private readonly int _nameStart;
    private readonly int _nameEnd;

    /// <param name="json">The record's JSON.</param>
    public ApiKeyHead(ReadOnlySpan<byte> json)
    {
        int at = Skip(json, 0, "{\"id\":\""u8, out _);
        at = Skip(json, at, ",\"value\":\""u8, out _valueStart);
        _valueEnd = at;
        _nameEnd = Skip(json, at, ",\"name\":\""u8, out _nameStart);
    }

    /// <summary>An API key's record in the order in which all of them are.</summary>
    public static Record Write(WireValue key)
    {
        WireValue ordered = WireValue.NewObject().Take(key, "id", "value", "name", "customerId", "description", "enabled", "createdDate", "lastUpdatedDate", "stageKeys", "labels", "tags");
        return new Record(ordered.TextOf("id")!, ordered.ToBytes());
    }

    /// <summary>The value as JSON writes it, without quotes.</summary>
    public ReadOnlySpan<byte> Value(ReadOnlySpan<byte> json) => Text(json, _valueStart, _valueEnd);

    /// <summary>The name as JSON writes it, without quotes; empty when there is none.</summary>
    public ReadOnlySpan<byte> Name(ReadOnlySpan<byte> json) => Text(json, _nameStart, _nameEnd);

    /// <summary>The value itself.</summary>
    public byte[] PlainValue(ReadOnlySpan<byte> json)
    {
        ReadOnlySpan<byte> value = Value(json);
        return value.Contains((byte)'\\') ? System.Text.Encoding.UTF8.GetBytes(WireValue.Parse(json[(_valueStart - 1).._valueEnd]).Text) : value.ToArray();
    }

    /// <summary>Whether the key opens anything.</summary>
    public static bool IsEnabled(ReadOnlySpan<byte> json) => json.IndexOf(",\"enabled\":true"u8) >= 0;

    /// <summary>The record without the value, which clients see only when they ask for it.</summary>
    public byte[] WithoutValue(ReadOnlySpan<byte> json)
    {
        if (_valueStart == _valueEnd) return json.ToArray();
        int start = _valueStart - ",\"value\":\"".Length;
        byte[] without = new byte[json.Length - (_valueEnd - start)];
        json[..start].CopyTo(without);
        json[_valueEnd..].CopyTo(without.AsSpan(start));
        return without;
    }

    /// <summary>A text as JSON writes it, without quotes, to compare with what heads have.</summary>
    public static byte[] Written(string text) => WireValue.Of(text).ToBytes()[1..^1];

    // Both point behind quotes: the start behind the opening one, the end behind the closing one.
    private static ReadOnlySpan<byte> Text(ReadOnlySpan<byte> json, int start, int end) => start == end ? default : json[start..(end - 1)];

    // Goes over a member if it is what comes next.
    private static int Skip(ReadOnlySpan<byte> json, int at, ReadOnlySpan<byte> before, out int start)
    {
        start = at;
        if (!json[at..].StartsWith(before)) return at;
        start = at + before.Length;
        int end = start;
        while (json[end] != (byte)'"') end += json[end] == (byte)'\\' ? 2 : 1;
        return end + 1;
    }
}

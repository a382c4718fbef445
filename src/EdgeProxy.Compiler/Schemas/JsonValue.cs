using System.Text;
using System.Text.Json;

namespace EdgeProxy.Compiler.Schemas;

/// <summary>A value of a schema's JSON that knows its place, and its number as it was written.</summary>
internal sealed class JsonValue
{
    private const int Deepest = 512;

    private static readonly Dictionary<string, JsonValue> s_noMembers = [];
    private static readonly List<JsonValue> s_noItems = [];

    private readonly Dictionary<string, JsonValue> _members;
    private readonly List<JsonValue> _items;
    private byte[] _source = [];
    private Range _range;

    private JsonValue(JsonTokenType kind, JsonValue? parent, string step, int ordinal)
    {
        Kind = kind;
        Parent = parent;
        Step = step;
        Ordinal = ordinal;
        _members = IsObject ? new Dictionary<string, JsonValue>(StringComparer.Ordinal) : s_noMembers;
        _items = IsArray ? [] : s_noItems;
    }

    /// <summary>StartObject, StartArray, or the kind of scalar.</summary>
    public JsonTokenType Kind { get; }

    public JsonValue? Parent { get; }

    /// <summary>The name or index under which its parent has it.</summary>
    public string Step { get; }

    /// <summary>Its number in document order, containers before what they hold, names not counted.</summary>
    public int Ordinal { get; }

    /// <summary>The text of a string.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The value as JSON, as it was written.</summary>
    public byte[] Raw => _source[_range];

    public IReadOnlyDictionary<string, JsonValue> Members => _members;

    public IReadOnlyList<JsonValue> Items => _items;

    public bool IsObject => Kind == JsonTokenType.StartObject;

    public bool IsArray => Kind == JsonTokenType.StartArray;

    public bool IsString => Kind == JsonTokenType.String;

    public bool IsNumber => Kind == JsonTokenType.Number;

    public bool IsTrue => Kind == JsonTokenType.True;

    public bool IsFalse => Kind == JsonTokenType.False;

    /// <summary>JSON pointer from the root; empty for the root.</summary>
    public string Pointer => Parent is null ? "" : $"{Parent.Pointer}/{Step.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    /// <summary>What it is, as a problem would say it.</summary>
    public string Described => Kind switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "a list",
        JsonTokenType.String => "text",
        JsonTokenType.Number => "a number",
        JsonTokenType.Null => "null",
        _ => "a boolean",
    };

    public JsonValue? Find(string name) => _members.GetValueOrDefault(name);

    /// <summary>Reads a text; null when it is no JSON or nests too deeply.</summary>
    public static JsonValue? ParseOrNull(string json)
    {
        byte[] text = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(text, new JsonReaderOptions { MaxDepth = Deepest });
        int ordinal = 0;
        try
        {
            if (!reader.Read()) return null;
            JsonValue value = Read(ref reader, text, null, "", ref ordinal);
            return reader.Read() ? null : value;
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    // Nesting is limited by the reader.
    private static JsonValue Read(ref Utf8JsonReader reader, byte[] text, JsonValue? parent, string step, ref int ordinal)
    {
        var value = new JsonValue(reader.TokenType, parent, step, ordinal++);
        int start = (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    string name = reader.GetString()!;
                    reader.Read();
                    value._members[name] = Read(ref reader, text, value, name, ref ordinal);
                }

                break;
            case JsonTokenType.StartArray:
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    value._items.Add(Read(ref reader, text, value, value._items.Count.ToString(System.Globalization.CultureInfo.InvariantCulture), ref ordinal));
                }

                break;
            case JsonTokenType.String:
                value.Text = reader.GetString()!;
                break;
        }

        value._source = text;
        value._range = start..(int)reader.BytesConsumed;
        return value;
    }
}

using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EdgeProxy.ControlPlane.Wire;

/// <summary>A JSON value of the management API, to look into and to change. Members keep their order.</summary>
/// <remarks>
/// Records are kept as bytes (<see cref="Records.Record"/>); this is what they become while somebody edits them. Not for the data plane. What reads and sets
/// members is never inlined: hundreds of calls do little else, and inlined they were 60 KB more of the binary (map file, November 2026).
/// </remarks>
public sealed class WireValue
{
    /// <summary>The deepest nesting that is read; so recursion over a value is safe.</summary>
    public const int MostDepth = 64;

    private static readonly JsonWriterOptions s_writing = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    // Beyond this many members a look-up by walking costs more than a table.
    private const int TableThreshold = 32;

    private readonly List<KeyValuePair<string, WireValue>>? _members;
    private readonly List<WireValue>? _items;

    // Where members stand, of an object of many that was looked into; null again when any was taken away.
    private Dictionary<string, int>? _places;

    private WireValue(WireKind kind, string text = "")
    {
        Kind = kind;
        Text = text;
        if (kind == WireKind.Object) _members = [];
        else if (kind == WireKind.List) _items = [];
    }

    public WireKind Kind { get; }

    /// <summary>A text as it is; a number or a boolean as JSON writes it; empty for others.</summary>
    public string Text { get; }

    public bool IsText => Kind == WireKind.Text;

    public bool IsObject => Kind == WireKind.Object;

    public bool IsList => Kind == WireKind.List;

    /// <summary>True for the boolean true.</summary>
    public bool IsTrue => Kind == WireKind.Boolean && Text == "true";

    /// <summary>The members of an object in their order; none for others.</summary>
    public IReadOnlyList<KeyValuePair<string, WireValue>> Members => _members ?? [];

    /// <summary>The items of a list, to read and to change; of others an empty list that is thrown away.</summary>
    public List<WireValue> Items => _items ?? [];

    /// <summary>A member of an object; null when it is not there. Setting null removes it; a new one goes to the end.</summary>
    public WireValue? this[string name]
    {
        [MethodImpl(MethodImplOptions.NoInlining)]
        get
        {
            int index = IndexOf(name);
            return index < 0 ? null : _members![index].Value;
        }

        [MethodImpl(MethodImplOptions.NoInlining)]
        set
        {
            if (_members is null) throw new InvalidOperationException($"{Kind} has no members");
            int index = IndexOf(name);
            if (value is null)
            {
                if (index < 0) return;
                _members.RemoveAt(index);
                _places = null;
            }
            else if (index >= 0)
            {
                _members[index] = new(name, value);
            }
            else
            {
                Add(name, value);
            }
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static WireValue NewObject() => new(WireKind.Object);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static WireValue NewList() => new(WireKind.List);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static WireValue Of(string text) => new(WireKind.Text, text);

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static WireValue Of(long number) => new(WireKind.Number, number.ToString(CultureInfo.InvariantCulture));

    /// <summary>A number that stays recognizable as no whole one: 10000 is written <c>10000.0</c>, as the service writes it.</summary>
    public static WireValue Of(double number)
    {
        string text = number.ToString("R", CultureInfo.InvariantCulture);
        return new(WireKind.Number, text.AsSpan().ContainsAny(".E") ? text : text + ".0");
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static WireValue Of(bool value) => new(WireKind.Boolean, value ? "true" : "false");

    public static WireValue Of(IEnumerable<string> texts)
    {
        WireValue list = NewList();
        foreach (string text in texts) list._items!.Add(Of(text));
        return list;
    }

    public static WireValue Of(IEnumerable<KeyValuePair<string, string>> map)
    {
        WireValue value = NewObject();
        foreach ((string name, string text) in map) value[name] = Of(text);
        return value;
    }

    /// <summary>Reads JSON; never throws on its bytes. Of members that come twice the last counts.</summary>
    /// <returns>False when it is not one JSON value, or deeper than <see cref="MostDepth"/>.</returns>
    public static bool TryParse(ReadOnlySpan<byte> json, [NotNullWhen(true)] out WireValue? value) => TryParse(json, MostDepth, out value);

    /// <summary>As the other, for JSON that may be nested deeper than what clients send.</summary>
    public static bool TryParse(ReadOnlySpan<byte> json, int mostDepth, [NotNullWhen(true)] out WireValue? value)
    {
        value = null;
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = mostDepth });
        try
        {
            if (!reader.Read()) return false;
            WireValue read = Read(ref reader);
            if (reader.Read()) return false;
            value = read;
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
        catch (InvalidOperationException)
        {
            return false; // half of a surrogate pair in an escape
        }
    }

    /// <summary>Reads JSON that we wrote ourselves.</summary>
    public static WireValue Parse(ReadOnlySpan<byte> json) => TryParse(json, out WireValue? value) ? value : throw new InvalidDataException("A record is not JSON.");

    /// <summary>The text of a member; null when it is absent or no text.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public string? TextOf(string name) => this[name] is { IsText: true } value ? value.Text : null;

    /// <summary>The number of a member; null when it is absent or no whole number.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public long? NumberOf(string name) => this[name] is { Kind: WireKind.Number } value && long.TryParse(value.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number : null;

    /// <summary>The number of a member; null when it is absent or no number.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public double? DoubleOf(string name) => this[name] is { Kind: WireKind.Number } value && double.TryParse(value.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) ? number : null;

    /// <summary>Whether a member is true; false when it is absent.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public bool IsTrueOf(string name) => this[name] is { IsTrue: true };

    /// <summary>The texts of a list; none when it is absent.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public IReadOnlyList<string> TextsOf(string name) => this[name] is { IsList: true } list ? list._items!.ConvertAll(static item => item.Text) : [];

    /// <summary>The members of an object that is a member; none when it is absent.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public IReadOnlyList<KeyValuePair<string, WireValue>> MembersOf(string name) => this[name]?.Members ?? [];

    /// <summary>Sets a text, or removes it when there is none: members without a value are left out of answers.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public WireValue Set(string name, string? text)
    {
        this[name] = text is null ? null : Of(text);
        return this;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public WireValue Set(string name, long number)
    {
        this[name] = Of(number);
        return this;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public WireValue Set(string name, bool value)
    {
        this[name] = Of(value);
        return this;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public WireValue Set(string name, WireValue? value)
    {
        this[name] = value;
        return this;
    }

    /// <summary>Adds a member that is not there yet, without looking for it.</summary>
    public WireValue Add(string name, WireValue value)
    {
        if (_places is not null) _places[name] = _members!.Count;
        _members!.Add(new(name, value));
        return this;
    }

    /// <summary>Takes members over from another object, those that are there.</summary>
    public WireValue Take(WireValue from, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (from[name] is { Kind: not WireKind.Null } value) this[name] = value;
        }

        return this;
    }

    /// <summary>The object that is a member; made when it is not there.</summary>
    public WireValue ObjectAt(string name)
    {
        if (this[name] is { IsObject: true } found) return found;
        WireValue made = NewObject();
        this[name] = made;
        return made;
    }

    /// <summary>The list that is a member; made when it is not there.</summary>
    public WireValue ListAt(string name)
    {
        if (this[name] is { IsList: true } found) return found;
        WireValue made = NewList();
        this[name] = made;
        return made;
    }

    /// <summary>Removes members that are null, at any depth: null and absent mean the same to clients.</summary>
    public void DropNulls()
    {
        if (_members?.RemoveAll(static member => member.Value.Kind == WireKind.Null) > 0) _places = null;
        foreach ((_, WireValue value) in Members) value.DropNulls();
        foreach (WireValue item in _items ?? []) item.DropNulls();
    }

    /// <summary>Takes away the members of an object whose names are not among some.</summary>
    public void KeepMembers(Func<string, bool> isKept)
    {
        if (_members?.RemoveAll(member => !isKept(member.Key)) > 0) _places = null;
    }

    /// <summary>A copy that shares nothing.</summary>
    public WireValue Clone()
    {
        var copy = new WireValue(Kind, Text);
        foreach ((string name, WireValue value) in Members) copy._members!.Add(new(name, value.Clone()));
        foreach (WireValue item in _items ?? []) copy._items!.Add(item.Clone());
        return copy;
    }

    /// <summary>As JSON without blanks.</summary>
    public byte[] ToBytes() => ToBytes(s_writing);

    /// <summary>As JSON for people: a line for each member and item.</summary>
    public byte[] ToIndentedBytes() => ToBytes(s_writing with { Indented = true });

    /// <summary>As YAML, which reads as the same value.</summary>
    public byte[] ToYaml() => YamlWriter.Write(this);

    public override string ToString() => System.Text.Encoding.UTF8.GetString(ToBytes());

    public void WriteTo(Utf8JsonWriter json)
    {
        switch (Kind)
        {
            case WireKind.Null:
                json.WriteNullValue();
                break;
            case WireKind.Boolean:
                json.WriteBooleanValue(Text == "true");
                break;
            case WireKind.Number:
                json.WriteRawValue(Text, skipInputValidation: true);
                break;
            case WireKind.Text:
                json.WriteStringValue(Text);
                break;
            case WireKind.List:
                json.WriteStartArray();
                foreach (WireValue item in _items!) item.WriteTo(json);
                json.WriteEndArray();
                break;
            default:
                json.WriteStartObject();
                foreach ((string name, WireValue value) in _members!)
                {
                    json.WritePropertyName(name);
                    value.WriteTo(json);
                }

                json.WriteEndObject();
                break;
        }
    }

    private byte[] ToBytes(JsonWriterOptions options)
    {
        var text = new ArrayBufferWriter<byte>(256);
        using (var json = new Utf8JsonWriter(text, options)) WriteTo(json);
        return text.WrittenSpan.ToArray();
    }

    private static WireValue Read(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                WireValue value = NewObject();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
                {
                    string name = reader.GetString()!;
                    reader.Read();
                    value[name] = Read(ref reader);
                }

                return value;
            case JsonTokenType.StartArray:
                WireValue list = NewList();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) list._items!.Add(Read(ref reader));
                return list;
            case JsonTokenType.String:
                return Of(reader.GetString()!);
            case JsonTokenType.Number:
                return new WireValue(WireKind.Number, System.Text.Encoding.ASCII.GetString(reader.ValueSpan));
            case JsonTokenType.True:
                return Of(true);
            case JsonTokenType.False:
                return Of(false);
            default:
                return new WireValue(WireKind.Null);
        }
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private int IndexOf(string name)
    {
        if (_members is null) return -1;
        if (_members.Count > TableThreshold) return (_places ??= Places(_members)).TryGetValue(name, out int place) ? place : -1;
        for (int i = 0; i < _members.Count; i++)
        {
            if (string.Equals(_members[i].Key, name, StringComparison.Ordinal)) return i;
        }

        return -1;
    }

    private static Dictionary<string, int> Places(List<KeyValuePair<string, WireValue>> members)
    {
        var places = new Dictionary<string, int>(members.Count, StringComparer.Ordinal);
        for (int i = 0; i < members.Count; i++) places[members[i].Key] = i;
        return places;
    }
}

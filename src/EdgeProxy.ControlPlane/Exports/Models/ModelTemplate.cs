using System.Text;
using EdgeProxy.ControlPlane.Exports.OpenApi;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Exports.Models;

/// <summary>A mapping template to begin with: it writes what a model describes (<c>GetModelTemplate</c>, control-plane.md 3.8).</summary>
/// <remarks>
/// A skeleton of samples, with a loop for each array over the member of the input that has its name. The exact text of the service is not known
/// (unconfirmed); this one runs as it is. Bounded whatever the schema is: references that come back to themselves end in <c>{}</c>.
/// </remarks>
internal sealed class ModelTemplate
{
    private const int MostDepth = 24;
    private const int MostValues = 5000;

    private readonly Func<string, WireValue?> _find;
    private readonly StringBuilder _text = new();
    private readonly List<string> _within = [];
    private int _values;
    private int _loops;

    private ModelTemplate(Func<string, WireValue?> find) => _find = find;

    /// <param name="schema">The model's schema.</param>
    /// <param name="find">The schema of another model by its name; null when there is none.</param>
    public static string Write(WireValue schema, Func<string, WireValue?> find)
    {
        var template = new ModelTemplate(find);
        template._text.Append("#set($inputRoot = $input.path('$'))\n");
        template.WriteValue(schema, "$inputRoot", 0, 0);
        return template._text.ToString();
    }

    private void WriteValue(WireValue schema, string place, int indent, int depth)
    {
        if (depth > MostDepth || ++_values > MostValues)
        {
            _text.Append("{}");
            return;
        }

        if (schema.TextOf("$ref") is { } reference)
        {
            if (ModelWriter.NameOrNull(reference) is not { } name || _within.Contains(name) || _find(name) is not { } other)
            {
                _text.Append("{}");
                return;
            }

            _within.Add(name);
            WriteValue(other, place, indent, depth + 1);
            _within.RemoveAt(_within.Count - 1);
            return;
        }

        if (schema["enum"] is { IsList: true, Items: [var first, ..] } && first.Kind is WireKind.Text or WireKind.Number or WireKind.Boolean)
        {
            _text.Append(Escaped(first.ToString()));
            return;
        }

        switch (TypeOf(schema))
        {
            case "array":
                WriteArray(schema, place, indent, depth);
                break;
            case "object":
                WriteObject(schema, place, indent, depth);
                break;
            case "integer":
                _text.Append("42");
                break;
            case "number":
                _text.Append("42.0");
                break;
            case "boolean":
                _text.Append("true");
                break;
            case "null":
                _text.Append("null");
                break;
            default:
                _text.Append("\"foo\"");
                break;
        }
    }

    private static string TypeOf(WireValue schema)
    {
        WireValue? type = schema["type"];
        if (type is { IsText: true }) return type.Text;
        if (type is { IsList: true })
        {
            foreach (WireValue item in type.Items)
            {
                if (item.IsText && item.Text != "null") return item.Text;
            }
        }

        return schema["items"] is not null ? "array" : schema.MembersOf("properties").Count > 0 || schema["allOf"] is { IsList: true } || !schema.IsObject || schema.Members.Count == 0 ? "object" : "string";
    }

    private void WriteObject(WireValue schema, string place, int indent, int depth)
    {
        var properties = new List<KeyValuePair<string, WireValue>>(schema.MembersOf("properties"));
        int outer = _within.Count;
        foreach (WireValue part in schema["allOf"]?.Items ?? [])
        {
            WireValue whole = part;
            if (part.TextOf("$ref") is { } reference && ModelWriter.NameOrNull(reference) is { } name && !_within.Contains(name) && _find(name) is { } other)
            {
                whole = other;
                _within.Add(name);
            }

            properties.AddRange(whole.MembersOf("properties"));
        }

        WriteMembers(properties, place, indent, depth);
        _within.RemoveRange(outer, _within.Count - outer);
    }

    private void WriteMembers(List<KeyValuePair<string, WireValue>> properties, string place, int indent, int depth)
    {
        if (properties.Count == 0)
        {
            _text.Append("{}");
            return;
        }

        _text.Append("{\n");
        bool isFirst = true;
        foreach ((string name, WireValue property) in properties)
        {
            if (!isFirst) _text.Append(",\n");
            isFirst = false;
            _text.Append(' ', indent + 2).Append(Escaped(WireValue.Of(name).ToString())).Append(" : ");
            WriteValue(property, PlaceOf(place, name), indent + 2, depth + 1);
        }

        _text.Append('\n').Append(' ', indent).Append('}');
    }

    private void WriteArray(WireValue schema, string place, int indent, int depth)
    {
        WireValue items = schema["items"] switch
        {
            { IsObject: true } one => one,
            { IsList: true, Items: [var first, ..] } => first,
            _ => WireValue.NewObject().Set("type", "string"),
        };

        // Loops within each other need names of their own.
        string element = _loops == 0 ? "$elem" : $"$elem{_loops + 1}";
        _loops++;
        _text.Append("[\n#foreach(").Append(element).Append(" in ").Append(place).Append(")\n").Append(' ', indent + 2);
        WriteValue(items, element, indent + 2, depth + 1);
        _text.Append("#if($foreach.hasNext),#end\n#end\n").Append(' ', indent).Append(']');
        _loops--;
    }

    // A name that no reference can spell is reached by a call.
    private static string PlaceOf(string place, string name)
    {
        if (name.Length > 0 && char.IsAsciiLetter(name[0]) && name.AsSpan().IndexOfAnyExcept(s_nameCharacters) < 0) return $"{place}.{name}";
        return name.AsSpan().IndexOfAny('\'', '\n', '\r') < 0 ? $"{place}.get('{name}')" : place;
    }

    // What VTL would take for a reference or a directive.
    private static string Escaped(string json) => json.Replace("$", "\\u0024", StringComparison.Ordinal).Replace("#", "\\u0023", StringComparison.Ordinal);

    private static readonly System.Buffers.SearchValues<char> s_nameCharacters = System.Buffers.SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_");
}

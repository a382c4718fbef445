using System.Text;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Makes a model's schema stand alone (<c>GetModel?flatten=true</c>).</summary>
/// <remarks>
/// References to other models are replaced by these models. Where that has no end (a model that holds itself) or would get out of hand, and where a
/// model has references into itself, each model stands once under <c>definitions</c> instead, and references lead there.
/// </remarks>
internal static class FlattenModel
{
    private const int MostDepth = WireValue.MostDepth;

    /// <summary>The schema without references to other models.</summary>
    /// <param name="scope">The API.</param>
    /// <param name="model">The model.</param>
    /// <param name="most">Values that it may have with all references followed, and with each as many more as its text has characters: what is copied again and again is text more than structure.</param>
    /// <param name="isTooLarge">Whether it has more: then references stay, to definitions within the schema.</param>
    public static string Run(RecordScope scope, WireValue model, int most, out bool isTooLarge)
    {
        isTooLarge = false;
        string text = model.TextOf("schema") ?? "";
        if (!WireValue.TryParse(Encoding.UTF8.GetBytes(text), out WireValue? schema)) return text;
        int budget = most;
        var known = new Dictionary<string, WireValue?>(StringComparer.Ordinal);
        if (Inlined(scope, schema, [model.TextOf("name") ?? ""], 0, known, ref budget) is { } inlined) return inlined.ToString();
        isTooLarge = budget < 0;

        var definitions = new Dictionary<string, WireValue>(StringComparer.Ordinal);
        WireValue root = Referring(scope, schema, "", definitions);
        WireValue all = root.ObjectAt("definitions");
        foreach ((string name, WireValue definition) in definitions) all[name] = definition;
        return root.ToString();
    }

    private static WireValue? SchemaOf(RecordScope scope, string name)
    {
        string? text = scope.Find(Kinds.Model, name)?.Open().TextOf("schema");
        return text is not null && WireValue.TryParse(Encoding.UTF8.GetBytes(text), out WireValue? schema) && schema.IsObject ? schema : null;
    }

    // Null when it cannot be done in this way.
    private static WireValue? Inlined(RecordScope scope, WireValue value, List<string> within, int depth, Dictionary<string, WireValue?> known, ref int budget)
    {
        budget -= 1 + value.Text.Length;
        if (depth > MostDepth || budget < 0) return null;
        if (value.TextOf("$ref") is { } reference)
        {
            // Into itself: only at the top does that still lead to the same place.
            if (ModelReferences.NameOrNull(reference) is not { } name) return within.Count == 1 || !reference.StartsWith('#') ? value : null;
            if (within.Contains(name)) return null;
            if (!known.TryGetValue(name, out WireValue? other)) known.Add(name, other = SchemaOf(scope, name));
            if (other is null) return value;
            within.Add(name);
            WireValue? replaced = Inlined(scope, other, within, depth + 1, known, ref budget);
            within.RemoveAt(within.Count - 1);
            return replaced;
        }

        if (value.IsList)
        {
            WireValue list = WireValue.NewList();
            foreach (WireValue item in value.Items)
            {
                if (Inlined(scope, item, within, depth + 1, known, ref budget) is not { } copy) return null;
                list.Items.Add(copy);
            }

            return list;
        }

        if (!value.IsObject) return value;
        WireValue made = WireValue.NewObject();
        foreach ((string name, WireValue member) in value.Members)
        {
            if (Inlined(scope, member, within, depth + 1, known, ref budget) is not { } copy) return null;
            made[name] = copy;
        }

        return made;
    }

    private static WireValue Referring(RecordScope scope, WireValue value, string model, Dictionary<string, WireValue> definitions)
    {
        if (value.IsList)
        {
            WireValue list = WireValue.NewList();
            foreach (WireValue item in value.Items) list.Items.Add(Referring(scope, item, model, definitions));
            return list;
        }

        if (!value.IsObject) return value;
        WireValue made = WireValue.NewObject();
        foreach ((string name, WireValue member) in value.Members) made[name] = Referring(scope, member, model, definitions);
        if (value.TextOf("$ref") is not { } reference) return made;
        if (ModelReferences.NameOrNull(reference) is { } other && SchemaOf(scope, other) is { } schema)
        {
            made.Set("$ref", "#/definitions/" + other);
            if (definitions.TryAdd(other, WireValue.NewObject())) definitions[other] = Referring(scope, schema, other, definitions);
        }
        else if (model.Length > 0 && reference.StartsWith('#'))
        {
            // Into a model that has moved.
            made.Set("$ref", $"#/definitions/{model}{reference[1..]}");
        }

        return made;
    }
}

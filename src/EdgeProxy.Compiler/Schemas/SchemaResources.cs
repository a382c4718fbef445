using System.Globalization;

namespace EdgeProxy.Compiler.Schemas;

/// <summary>All schemas that references may lead to, by URI (draft 4 core, 7). Nothing is ever fetched.</summary>
/// <remarks>
/// Each model stands at the URI that API Gateway gives it, so that another model is reached by that URI, by its name alone, and, because
/// documents say so, by <c>#/definitions/Name</c> and <c>#/components/schemas/Name</c> where the schema itself has nothing there.
/// </remarks>
internal sealed class SchemaResources
{
    private const string Host = "apigateway.amazonaws.com";

    private static readonly string[] ModelFolders = ["/definitions/", "/components/schemas/"];

    // What every API has, read once: nobody adds to it, so any thread may look.
    private static readonly SchemaResources s_meta = OfMetaSchema();

    private readonly Dictionary<string, JsonValue> _byUri = new(StringComparer.Ordinal);
    private readonly Dictionary<string, JsonValue> _models = new(StringComparer.Ordinal);
    private readonly Dictionary<JsonValue, Uri> _bases = new(ReferenceEqualityComparer.Instance);

    /// <summary>Adds a model of the API, which others name by its name or by the address of models.</summary>
    public void AddModel(string name, JsonValue root)
    {
        _models[name] = root;
        Add(new Uri($"https://{Host}/restapis/this/models/{Uri.EscapeDataString(name)}"), root);
    }

    /// <summary>Adds a schema at an absolute URI.</summary>
    public void Add(Uri uri, JsonValue root)
    {
        _byUri[KeyOf(uri)] = root;
        Index(root, uri);
    }

    /// <summary>The schema that a reference leads to; null with the reason when it leads nowhere.</summary>
    /// <param name="from">The schema that has the reference.</param>
    /// <param name="reference">The text of <c>$ref</c>.</param>
    /// <param name="fault">Why not.</param>
    public JsonValue? Resolve(JsonValue from, string reference, out string? fault)
    {
        fault = null;
        Uri start = BaseOf(from);
        if (!Uri.TryCreate(start, reference, out Uri? target))
        {
            fault = $"$ref \"{reference}\" is no URI reference";
            return null;
        }

        if (target.Fragment.Length > 1 && Find(KeyOf(target) + target.Fragment) is { } named) return named;
        string fragment = Uri.UnescapeDataString(target.Fragment.TrimStart('#'));
        if (FindRoot(target) is not { } root)
        {
            fault = $"$ref \"{reference}\" leads to nothing here; other files and URLs are not read. Copy what it means into a model of this API";
            return null;
        }

        if (fragment.Length == 0) return root;
        if (fragment[0] == '/' && Walk(root, fragment) is { } found) return found;
        if (fragment[0] == '/' && FindModel(fragment) is { } model) return model;
        fault = $"$ref \"{reference}\" leads to nothing. Define it, or correct the reference";
        return null;
    }

    private static SchemaResources OfMetaSchema()
    {
        var meta = new SchemaResources();
        meta.Add(new Uri("http://json-schema.org/draft-04/schema"), JsonValue.ParseOrNull(MetaSchema.Text)!);
        return meta;
    }

    private JsonValue? Find(string key) => _byUri.TryGetValue(key, out JsonValue? own) ? own : s_meta?._byUri.GetValueOrDefault(key);

    private void AddOnce(string key, JsonValue schema)
    {
        if (Find(key) is null) _byUri.Add(key, schema);
    }

    private static string KeyOf(Uri uri) => uri.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.Fragment, UriFormat.UriEscaped);

    private JsonValue? FindRoot(Uri target)
    {
        if (Find(KeyOf(target)) is { } root) return root;

        // rest-api.md 7: a model's URI is resolved by its last segment, whatever API it names.
        bool isModel = target.Host == Host && target.Segments is [_, "restapis/", _, "models/", _];
        return isModel ? _models.GetValueOrDefault(Uri.UnescapeDataString(target.Segments[^1])) : null;
    }

    private JsonValue? FindModel(string pointer)
    {
        foreach (string folder in ModelFolders)
        {
            if (!pointer.StartsWith(folder, StringComparison.Ordinal)) continue;
            string rest = pointer[folder.Length..];
            int slash = rest.IndexOf('/', StringComparison.Ordinal);
            string name = Unescape(slash < 0 ? rest : rest[..slash]);
            if (_models.TryGetValue(name, out JsonValue? model)) return slash < 0 ? model : Walk(model, rest[slash..]);
        }

        return null;
    }

    private static JsonValue? Walk(JsonValue root, string pointer)
    {
        JsonValue? at = root;
        foreach (string part in pointer[1..].Split('/'))
        {
            string step = Unescape(part);
            at = at.IsArray
                ? int.TryParse(step, NumberStyles.None, CultureInfo.InvariantCulture, out int index) && index < at.Items.Count ? at.Items[index] : null
                : at.Find(step);
            if (at is null) return null;
        }

        return at;
    }

    private static string Unescape(string part) => part.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    // A schema that stands under a keyword nobody knows has the base of what is around it.
    private Uri BaseOf(JsonValue value)
    {
        for (JsonValue? at = value; at is not null; at = at.Parent)
        {
            if (_bases.TryGetValue(at, out Uri? known) || s_meta._bases.TryGetValue(at, out known)) return known;
        }

        throw new InvalidOperationException("The schema belongs to no resource.");
    }

    // Only where schemas stand: an id in an enum is a value.
    private void Index(JsonValue schema, Uri scope)
    {
        if (!schema.IsObject)
        {
            _bases[schema] = scope;
            return;
        }

        // Siblings of $ref mean nothing.
        bool isReference = schema.Find("$ref") is { IsString: true };
        if (!isReference && schema.Find("id") is { IsString: true } id && Uri.TryCreate(scope, id.Text, out Uri? own))
        {
            if (own.Fragment.Length > 1) AddOnce(KeyOf(own) + own.Fragment, schema);
            else AddOnce(KeyOf(own), schema);
            if (own.Fragment.Length <= 1) scope = own;
        }

        _bases[schema] = scope;
        foreach ((string keyword, JsonValue value) in schema.Members)
        {
            switch (keyword)
            {
                case "properties" or "patternProperties" or "definitions" or "dependencies" when value.IsObject:
                    foreach (JsonValue member in value.Members.Values) Index(member, scope);
                    break;
                case "allOf" or "anyOf" or "oneOf" or "items" when value.IsArray:
                    foreach (JsonValue item in value.Items) Index(item, scope);
                    break;
                case "items" or "additionalItems" or "additionalProperties" or "not" when value.IsObject:
                    Index(value, scope);
                    break;
            }
        }
    }
}

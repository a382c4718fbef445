using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Exports.OpenApi;

/// <summary>Writes models as schemas, with references that lead within the document.</summary>
internal sealed class ModelWriter(ExportContext context)
{
    private static readonly string[] s_folders = ["#/definitions/", "#/components/schemas/"];

    private readonly HashSet<string> _used = new(StringComparer.Ordinal);

    private string Folder => context.IsSwagger ? s_folders[0] : s_folders[1];

    /// <summary>A schema that names a model.</summary>
    public WireValue Use(string model)
    {
        _used.Add(model);
        return WireValue.NewObject().Set("$ref", Folder + Escaped(model));
    }

    /// <summary>All schemas; after everything that uses them has been written.</summary>
    public WireValue Write()
    {
        var read = new List<(ModelDefinition Model, WireValue Schema)>();
        foreach (ModelDefinition model in context.Api.Models)
        {
            WireValue schema = ExportContext.Json(model.Schema);

            // OpenAPI 3.1 has schemas that are true or false; these are the same to 3.0.
            if (schema.Kind == WireKind.Boolean) schema = schema.IsTrue ? WireValue.NewObject() : WireValue.NewObject().Set("not", WireValue.NewObject());
            if (!schema.IsObject) schema = WireValue.NewObject();
            Localize(schema);
            if (model.Description is { } description && schema["description"] is null) schema.Set("description", description);
            read.Add((model, schema));
        }

        // Known only now: a model may be used by one behind it.
        WireValue schemas = WireValue.NewObject();
        foreach ((ModelDefinition model, WireValue schema) in read)
        {
            if (!IsUnusedDefault(model, schema)) schemas[model.Name] = schema;
        }

        return schemas;
    }

    /// <summary>The model that a reference of a schema names; null for another reference.</summary>
    public static string? NameOrNull(string reference)
    {
        const string service = "https://apigateway.amazonaws.com/restapis/";
        const string models = "/models/";
        foreach (string folder in s_folders)
        {
            if (reference.StartsWith(folder, StringComparison.Ordinal)) return reference[folder.Length..];
        }

        if (!reference.StartsWith(service, StringComparison.Ordinal)) return null;
        int at = reference.IndexOf(models, service.Length, StringComparison.Ordinal);
        return at < 0 ? null : reference[(at + models.Length)..];
    }

    // The two that come with every API made by CreateRestApi are told by their titles.
    private bool IsUnusedDefault(ModelDefinition model, WireValue schema) =>
        model.Name is "Empty" or "Error" && !_used.Contains(model.Name) && schema.TextOf("title") == model.Name + " Schema";

    private void Localize(WireValue schema)
    {
        if (schema.TextOf("$ref") is { } reference && NameOrNull(reference) is { } rest)
        {
            schema.Set("$ref", Folder + rest);
            _used.Add(rest);
        }

        foreach ((_, WireValue member) in schema.Members)
        {
            if (member.IsObject || member.IsList) Localize(member);
        }

        foreach (WireValue item in schema.Items)
        {
            if (item.IsObject || item.IsList) Localize(item);
        }
    }

    private static string Escaped(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal).Replace("%", "%25", StringComparison.Ordinal);
}

using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Imports.Records;

/// <summary>Gives references from one model to another the form that records have: a document says <c>#/definitions/Name</c>, a record the address of the model (openapi-and-templates.md 4.7).</summary>
public static class ReferencesToModels
{
    private const string Host = "https://apigateway.amazonaws.com/restapis/";

    private static readonly string[] s_folders = ["#/definitions/", "#/components/schemas/"];

    /// <summary>The schema as a record has it.</summary>
    /// <param name="schema">JSON text.</param>
    /// <param name="apiId">The id of the API.</param>
    /// <param name="names">Its models; a reference to what is none of them stays.</param>
    public static string ToRecord(string schema, string apiId, IReadOnlySet<string> names)
    {
        if (!schema.Contains("\"$ref\"", StringComparison.Ordinal) || !WireValue.TryParse(System.Text.Encoding.UTF8.GetBytes(schema), out WireValue? value)) return schema;
        return Rewrite(value, reference => NameOrNull(reference) is { } name && names.Contains(name) ? $"{Host}{apiId}/models/{name}" : null) ? value.ToString() : schema;
    }

    private static string? NameOrNull(string reference)
    {
        foreach (string folder in s_folders)
        {
            if (reference.StartsWith(folder, StringComparison.Ordinal)) return reference[folder.Length..];
        }

        return null;
    }

    // A member called $ref that is no text is a property of that name, and what stands in an enum or a default is a value; those keep their form only by chance of not looking like one of ours.
    private static bool Rewrite(WireValue value, Func<string, string?> change)
    {
        bool changed = false;
        if (value.IsList)
        {
            foreach (WireValue item in value.Items) changed |= Rewrite(item, change);
            return changed;
        }

        if (!value.IsObject) return false;
        if (value["$ref"] is { IsText: true } reference && change(reference.Text) is { } other)
        {
            value["$ref"] = WireValue.Of(other);
            changed = true;
        }

        foreach ((_, WireValue member) in value.Members) changed |= Rewrite(member, change);
        return changed;
    }
}

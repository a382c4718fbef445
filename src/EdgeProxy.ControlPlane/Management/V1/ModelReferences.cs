using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>References of one model's schema to others: <c>https://apigateway.amazonaws.com/restapis/{id}/models/{name}</c>.</summary>
internal static class ModelReferences
{
    private const string Start = "https://apigateway.amazonaws.com/restapis/";

    /// <summary>The model that a <c>$ref</c> names; null when it names none in that form.</summary>
    public static string? NameOrNull(string reference)
    {
        if (!reference.StartsWith(Start, StringComparison.Ordinal)) return null;
        string[] parts = reference[Start.Length..].Split('/');
        return parts.Length == 3 && parts[0].Length > 0 && parts[1] == "models" && parts[2].Length > 0 ? Uri.UnescapeDataString(parts[2]) : null;
    }

    /// <summary>All references of a schema, at any depth.</summary>
    public static void Collect(WireValue schema, List<string> references)
    {
        if (schema.TextOf("$ref") is { } reference) references.Add(reference);
        foreach ((_, WireValue value) in schema.Members) Collect(value, references);
        foreach (WireValue item in schema.Items) Collect(item, references);
    }
}

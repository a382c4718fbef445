using System.Collections;
using System.Globalization;
using System.Reflection;
using System.Text;
using System.Text.Json.Nodes;
using EdgeProxy.Definitions;

namespace EdgeProxy.Tests.ControlPlane;

/// <summary>Writes a definition down, a line for each value, so that two can be compared apart from where they were written.</summary>
internal static class DefinitionText
{
    private static readonly string[] SchemaFolders = ["#/definitions/", "#/components/schemas/"];

    /// <summary>All members that differ from nothing; origins, marks and starts of texts left out, JSON with its references in one form.</summary>
    public static string Of(ApiDefinition api)
    {
        var text = new StringBuilder();
        Write(text, "", api with { Resources = [.. api.Resources.OrderBy(resource => resource.Path, StringComparer.Ordinal)] });
        return text.ToString();
    }

    private static void Write(StringBuilder text, string at, object? value)
    {
        switch (value)
        {
            case null or Origin or TextStart:
                return;
            case string or bool or int or long or double or Enum:
                text.Append(CultureInfo.InvariantCulture, $"{at} = {value}\n");
                return;
            case IReadOnlyDictionary<string, string> map:
                foreach ((string name, string item) in map) Write(text, $"{at}[{name}]", item);
                return;
            case IEnumerable list:
                int index = 0;
                foreach (object item in list) Write(text, $"{at}[{index++}]", item);
                return;
            default:
                foreach (PropertyInfo property in value.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.GetIndexParameters().Length == 0).OrderBy(property => property.Name, StringComparer.Ordinal))
                {
                    if (property.Name is "EqualityContract" or "MemberOrigins" or "Marks") continue;
                    object? member = property.GetValue(value);
                    if (property.Name is "Schema" or "AdditionalClaims" or "Location" or "Properties" or "Text" && member is string json && value is not TemplateDefinition) member = Plain(json);
                    Write(text, $"{at}.{property.Name}", member);
                }

                return;
        }
    }

    private static string Plain(string json)
    {
        JsonNode? node = JsonNode.Parse(json);
        Localize(node);
        return node?.ToJsonString() ?? "null";
    }

    private static void Localize(JsonNode? node)
    {
        if (node is JsonArray list)
        {
            foreach (JsonNode? item in list) Localize(item);
        }
        else if (node is JsonObject map)
        {
            foreach ((string name, JsonNode? member) in map.ToArray())
            {
                if (name != "$ref" || member is not JsonValue reference || !reference.TryGetValue(out string? target)) Localize(member);
                else if (Array.Find(SchemaFolders, folder => target.StartsWith(folder, StringComparison.Ordinal)) is { } folder) map[name] = "models/" + target[folder.Length..];
            }
        }
    }
}

using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>What a documentation part is about (control-plane.md 3.7).</summary>
internal static class DocumentationLocation
{
    // Fields of a type; those with a star must be there.
    private static readonly (string Type, string[] Fields)[] s_fields =
    [
        ("API", []), ("RESOURCE", ["path"]), ("METHOD", ["path", "method"]), ("PATH_PARAMETER", ["path", "method", "name*"]), ("QUERY_PARAMETER", ["path", "method", "name*"]),
        ("REQUEST_HEADER", ["path", "method", "name*"]), ("REQUEST_BODY", ["path", "method"]), ("RESPONSE", ["path", "method", "statusCode"]),
        ("RESPONSE_HEADER", ["path", "method", "statusCode", "name*"]), ("RESPONSE_BODY", ["path", "method", "statusCode"]), ("MODEL", ["name*"]), ("AUTHORIZER", ["name*"]),
    ];

    private static readonly string[] s_all = ["path", "method", "statusCode", "name"];

    /// <summary>All types.</summary>
    public static string[] Types { get; } = Array.ConvertAll(s_fields, static row => row.Type);

    /// <summary>A location with its defaults (<c>/</c>, <c>*</c>, <c>*</c>), its members in one order, so that equal ones are equal texts.</summary>
    /// <param name="given">As the client wrote it.</param>
    /// <param name="location">The location; of no use with a fault.</param>
    /// <returns>What is wrong; null for nothing.</returns>
    public static Reply? Read(WireValue given, out WireValue location)
    {
        string type = given.TextOf("type") ?? "";
        location = WireValue.NewObject().Set("type", type);
        string[] fields = Array.Find(s_fields, row => row.Type == type).Fields ?? [];
        foreach (string field in s_all)
        {
            string? value = given.TextOf(field);
            bool isNeeded = Array.IndexOf(fields, field + "*") >= 0;
            if (!isNeeded && Array.IndexOf(fields, field) < 0)
            {
                if (value is not null) return Reply.BadRequest($"Invalid documentation part location: {field} is not a field of type {type}");
                continue;
            }

            if (isNeeded && string.IsNullOrEmpty(value)) return Reply.BadRequest($"Invalid documentation part location: {field} is required for type {type}");
            location.Set(field, string.IsNullOrEmpty(value) ? field == "path" ? "/" : "*" : value);
        }

        return null;
    }

    /// <summary>A location in words: <c>type 'METHOD', path '/pets', method 'GET'</c>.</summary>
    public static string Describe(WireValue location)
    {
        var parts = new List<string>();
        foreach ((string name, WireValue value) in location.Members) parts.Add($"{name} '{value.Text}'");
        return string.Join(", ", parts);
    }
}

using System.Globalization;
using EdgeProxy.ControlPlane.Documents;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Finds what a document says that is right and of no use to an HTTP API (openapi-and-templates.md 4.7): what its import tells as <c>importInfo</c>.</summary>
public static class UnusedParts
{
    private const int Most = 100;

    /// <summary>A sentence for each.</summary>
    public static List<string> Read(DocumentNode root)
    {
        var found = new List<string>();
        foreach (DocumentEntry part in root.Find("components")?.Entries ?? [])
        {
            if (part.Name is "schemas" or "examples" or "requestBodies" or "parameters" or "headers" && part.Value.Entries.Count > 0) Add(found, part, "components");
        }

        foreach (DocumentEntry path in root.Find("paths")?.Entries ?? [])
        {
            foreach (DocumentEntry operation in path.Value.Entries)
            {
                foreach (DocumentEntry member in operation.Value.Entries)
                {
                    if (member.Name == "requestBody") Add(found, member, $"{operation.Name} of {path.Name}");
                }
            }
        }

        return found;
    }

    private static void Add(List<string> found, DocumentEntry part, string where)
    {
        if (found.Count < Most) found.Add(string.Create(CultureInfo.InvariantCulture, $"{part.Key.Line}:{part.Key.Column}: {part.Name} in {where} is not supported by HTTP APIs and was ignored."));
    }
}

using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.ControlPlane.Wire;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Finds what a document says for people, which an import keeps as documentation parts (openapi-and-templates.md 4.7, control-plane.md 3.7).</summary>
/// <remarks>Reports nothing: what is wrong with a document <see cref="OpenApiImporter"/> says.</remarks>
public sealed class DescriptionReader
{
    private static readonly string[] s_verbs = ["get", "put", "post", "delete", "options", "head", "patch", "x-amazon-apigateway-any-method"];

    private readonly ImportContext _context;
    private readonly string _prefix;
    private readonly List<Part> _parts = [];

    private DescriptionReader(DocumentNode root, OpenApiImportOptions options)
    {
        _context = new ImportContext(root, root.Find("swagger") is null ? OpenApiVersion.OpenApi30 : OpenApiVersion.Swagger20, ApiKind.Rest, options, new ProblemList());
        _prefix = BasePathReader.PrefixOf(BasePathReader.Read(_context), options.BasePath);
    }

    /// <summary>All of them, in the order of the document.</summary>
    /// <param name="root">A document that was imported without an error.</param>
    /// <param name="options">As it was imported.</param>
    public static IReadOnlyList<Part> Read(DocumentNode root, OpenApiImportOptions options)
    {
        var reader = new DescriptionReader(root, options);
        reader.ReadApi();
        reader.ReadNamed(reader._context.IsSwagger ? root.Find("definitions") : root.Find("components")?.Find("schemas"), "MODEL");
        reader.ReadNamed(reader._context.IsSwagger ? root.Find("securityDefinitions") : root.Find("components")?.Find("securitySchemes"), "AUTHORIZER");
        foreach (DocumentEntry entry in root.Find("paths")?.Entries ?? [])
        {
            if (entry.Name.StartsWith('/')) reader.ReadPath(entry);
        }

        return reader._parts;
    }

    /// <summary>Something that a document says.</summary>
    /// <param name="Location">Where, without what is default.</param>
    /// <param name="Properties">JSON object.</param>
    public sealed record Part(WireValue Location, string Properties);

    private void ReadApi()
    {
        if (_context.Root.Find("info") is not { } info) return;
        var said = new StringBuilder();
        Append(said, info, "description", "termsOfService", "contact", "license");
        if (said.Length == 0) return;
        string inner = said.Append('}').ToString();
        said.Clear().Append("{\"info\":").Append(inner);
        Append(said, _context.Root, "externalDocs");
        _parts.Add(new Part(Location("API"), said.Append('}').ToString()));
    }

    private void ReadNamed(DocumentNode? list, string type)
    {
        foreach (DocumentEntry entry in list?.Entries ?? [])
        {
            if (type == "AUTHORIZER" && entry.Value.Find("x-amazon-apigateway-authorizer") is null) continue;
            Add(Location(type).Set("name", entry.Name), entry.Value, "description");
        }
    }

    private void ReadPath(DocumentEntry entry)
    {
        string path = entry.Name.Length == 1 ? entry.Name : entry.Name.TrimEnd('/');
        if (path.Length == 0) path = "/";
        path = path == "/" && _prefix.Length > 0 ? _prefix : _prefix + path;
        if (_context.Resolve(entry.Value) is not { } item) return;
        Add(Location("RESOURCE").Set("path", path), item, "summary", "description");
        ReadParameters(item, path, "*");
        foreach (DocumentEntry member in item.Entries)
        {
            if (Array.IndexOf(s_verbs, member.Name) < 0) continue;
            string verb = member.Name.StartsWith("x-", StringComparison.Ordinal) ? "ANY" : member.Name.ToUpperInvariant();
            DocumentNode operation = member.Value;
            Add(Location("METHOD").Set("path", path).Set("method", verb), operation, "tags", "summary", "description", "externalDocs");
            ReadParameters(operation, path, verb);
            if (operation.Find("requestBody") is { } body && _context.Resolve(body) is { } resolved) Add(Location("REQUEST_BODY").Set("path", path).Set("method", verb), resolved, "description");
            foreach (DocumentEntry response in operation.Find("responses")?.Entries ?? []) ReadResponse(response, path, verb);
        }
    }

    private void ReadParameters(DocumentNode owner, string path, string verb)
    {
        foreach (DocumentNode written in owner.Find("parameters")?.Items ?? [])
        {
            if (_context.Resolve(written) is not { } parameter || parameter.Find("in") is not { IsScalar: true } place) continue;
            string? type = place.Text switch
            {
                "path" => "PATH_PARAMETER",
                "query" => "QUERY_PARAMETER",
                "header" => "REQUEST_HEADER",
                "body" => "REQUEST_BODY",
                _ => null,
            };
            if (type is null) continue;
            WireValue location = Location(type).Set("path", path).Set("method", verb);
            if (type != "REQUEST_BODY" && parameter.Find("name") is { IsScalar: true } name) location.Set("name", name.Text);
            Add(location, parameter, "description");
        }
    }

    private void ReadResponse(DocumentEntry entry, string path, string verb)
    {
        if (!StatusCode.TryParse(entry.Name, out _) || _context.Resolve(entry.Value) is not { } response) return;

        // What an export writes where nothing is said.
        bool isFiller = response.Find("description") is { IsScalar: true } text && text.Text == entry.Name + " response";
        if (!isFiller) Add(Location("RESPONSE").Set("path", path).Set("method", verb).Set("statusCode", entry.Name), response, "description");
        foreach (DocumentEntry header in response.Find("headers")?.Entries ?? [])
        {
            if (_context.Resolve(header.Value) is { } resolved) Add(Location("RESPONSE_HEADER").Set("path", path).Set("method", verb).Set("statusCode", entry.Name).Set("name", header.Name), resolved, "description");
        }
    }

    private static WireValue Location(string type) => WireValue.NewObject().Set("type", type);

    private void Add(WireValue location, DocumentNode owner, params ReadOnlySpan<string> members)
    {
        var said = new StringBuilder();
        Append(said, owner, members);
        if (said.Length > 0) _parts.Add(new Part(location, said.Append('}').ToString()));
    }

    // Members that are there, in an object that is begun with the first and left open.
    private static void Append(StringBuilder said, DocumentNode owner, params ReadOnlySpan<string> members)
    {
        foreach (string member in members)
        {
            if (owner.Find(member) is not { IsNull: false } value || value is { IsScalar: true, Text.Length: 0 }) continue;
            said.Append(said.Length == 0 ? '{' : ',').Append('"').Append(member).Append("\":").Append(DocumentJson.Write(value));
        }
    }
}

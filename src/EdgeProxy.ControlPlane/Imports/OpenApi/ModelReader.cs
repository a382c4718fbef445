using System.IO.Hashing;
using System.Text;
using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Reads schemas into models (openapi-and-templates.md 4.7).</summary>
internal sealed class ModelReader(ImportContext context)
{
    private readonly List<ModelDefinition> _models = [];
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly Dictionary<DocumentNode, string> _generated = new(ReferenceEqualityComparer.Instance);

    public IReadOnlyList<ModelDefinition> Models => _models;

    private string Folder => context.IsSwagger ? "#/definitions/" : "#/components/schemas/";

    /// <summary>Reads <c>definitions</c> or <c>components.schemas</c>.</summary>
    public void ReadNamed()
    {
        DocumentNode? components = context.Root.Find("components");
        if (components is { IsNull: false })
        {
            if (!components.ExpectMapping("components", context.Problems)) return;
            Extensions.Check(components, DocumentPlace.Components, "components",
                ["schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes", "links", "callbacks", "pathItems"], context.Problems);
        }

        DocumentNode? schemas = context.IsSwagger ? context.Root.Find("definitions") : components?.Find("schemas");
        if (schemas is not { IsNull: false } || !schemas.ExpectMapping(context.IsSwagger ? "definitions" : "components.schemas", context.Problems)) return;
        foreach (DocumentEntry entry in schemas.Entries)
        {
            // OpenAPI 3.1 has boolean schemas.
            if (!entry.Value.IsMapping && !(context.Version == OpenApiVersion.OpenApi31 && entry.Value.ScalarKind == ScalarKind.Boolean))
            {
                entry.Value.ExpectMapping($"The schema {entry.Name}", context.Problems);
                continue;
            }

            if (!entry.Name.All(char.IsAsciiLetterOrDigit))
            {
                context.RefuseIfStrict(entry.Key.Origin, $"API Gateway takes letters and digits only in the name of a model, not \"{entry.Name}\". Rename it, or leave --strict away.");
            }

            string? description = entry.Value.Find("description") is { } text && text.TryGetText(out string written) ? written : null;
            _names.Add(entry.Name);
            _models.Add(new ModelDefinition(entry.Name, "application/json", DocumentJson.Write(entry.Value), description, entry.Value.Origin) { Marks = DocumentJson.Marks(entry.Value) });
        }
    }

    /// <summary>The model that a body's schema names, or one made for a schema written in place; null after a problem.</summary>
    public ModelUseDefinition? Use(string mediaType, DocumentNode schema)
    {
        if (schema.Find("$ref") is { } reference)
        {
            if (reference.TryGetString(out string target) && target.StartsWith(Folder, StringComparison.Ordinal)
                && ImportContext.Parts(target) is [.., var name] && _names.Contains(name))
            {
                return new ModelUseDefinition(mediaType, name, schema.Origin);
            }

            // Reports what leads nowhere; what leads elsewhere in the document is taken as if it stood here.
            if (context.Resolve(schema) is not { } elsewhere) return null;
            schema = elsewhere;
        }

        if (!schema.IsMapping && schema.ScalarKind != ScalarKind.Boolean)
        {
            context.ErrorOnce(ProblemCode.WrongType, schema, $"schema is {schema.Described}; it must be an object.");
            return null;
        }

        return new ModelUseDefinition(mediaType, NameOf(schema), schema.Origin);
    }

    private string NameOf(DocumentNode schema)
    {
        if (_generated.TryGetValue(schema, out string? name)) return name;
        string json = DocumentJson.Write(schema);
        name = "MODEL" + Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(json)).AsSpan(0, 6));
        _generated[schema] = name;
        if (_names.Add(name)) _models.Add(new ModelDefinition(name, "application/json", json, null, schema.Origin) { Marks = DocumentJson.Marks(schema) });
        return name;
    }
}

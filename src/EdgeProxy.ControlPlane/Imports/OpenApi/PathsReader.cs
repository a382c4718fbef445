using EdgeProxy.Compiler.Problems;
using EdgeProxy.ControlPlane.Documents;
using EdgeProxy.Definitions;

namespace EdgeProxy.ControlPlane.Imports.OpenApi;

/// <summary>Reads <c>paths</c> into resources and methods (openapi-and-templates.md 4.7).</summary>
internal sealed class PathsReader(ImportContext context, SecurityReader security, OperationReader operations, string prefix)
{
    private const string AnyMethod = "x-amazon-apigateway-any-method";

    private static readonly Dictionary<string, string> Verbs = new(StringComparer.Ordinal)
    {
        ["get"] = "GET",
        ["put"] = "PUT",
        ["post"] = "POST",
        ["delete"] = "DELETE",
        ["options"] = "OPTIONS",
        ["head"] = "HEAD",
        ["patch"] = "PATCH",
        [AnyMethod] = "ANY",
    };

    private static readonly string[] Members =
        ["$ref", "summary", "description", "get", "put", "post", "delete", "options", "head", "patch", "trace", "servers", "parameters"];

    private readonly List<ResourceDefinition> _resources = [];
    private readonly List<MethodDefinition> _methods = [];
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);

    public IReadOnlyList<ResourceDefinition> Resources => _resources;

    public IReadOnlyList<MethodDefinition> Methods => _methods;

    public void Read()
    {
        if (context.Root.Find("paths") is not { } paths)
        {
            // OpenAPI 3.1 allows a document of components only, but there would be nothing to serve.
            context.Problems.Error(ProblemCode.Missing, context.Root.Origin, "paths is missing. Add at least one path with an operation.");
            return;
        }

        if (!paths.ExpectMapping("paths", context.Problems)) return;
        security.ReadRoot();
        foreach (DocumentEntry entry in paths.Entries)
        {
            if (Extensions.IsExtension(entry.Name)) continue;
            ReadPathItem(entry);
        }

        // Every REST API has its root, whatever a document says (control-plane.md 1.7).
        if (context.Kind == ApiKind.Rest && _resources.Count == 0) AddResource("/", paths.Origin);
        Extensions.Check(paths, DocumentPlace.Other, "paths", members: null, context.Problems);
    }

    private void ReadPathItem(DocumentEntry entry)
    {
        if (PathOrNull(entry) is not { } path) return;
        AddResources(path, entry.Key.Origin);
        if (entry.Value.IsNull) return;
        if (!entry.Value.ExpectMapping($"The path {entry.Name}", context.Problems)) return;
        if (context.Resolve(entry.Value) is not { } item || (!ReferenceEquals(item, entry.Value) && !item.ExpectMapping("The path item", context.Problems))) return;

        Extensions.Check(item, DocumentPlace.PathItem, "A path item", Members, context.Problems);
        IReadOnlyList<DocumentNode> shared = ReadShared(item);
        foreach (DocumentEntry member in item.Entries)
        {
            if (Verbs.TryGetValue(member.Name, out string? verb))
            {
                if (member.Value.ExpectMapping($"The operation {verb} {path}", context.Problems)) _methods.Add(operations.Read(path, verb, member.Value, shared));
            }
            else if (member.Name == "trace")
            {
                context.Problems.Warning(ProblemCode.Ignored, member.Key.Origin, "API Gateway has no TRACE methods; requests with this verb are answered 403. Remove the operation.");
                context.RefuseIfStrict(member.Key.Origin, "API Gateway refuses trace operations. Remove it, or leave --strict away.");
            }
        }
    }

    private IReadOnlyList<DocumentNode> ReadShared(DocumentNode item) =>
        item.Find("parameters") is { } shared && shared.ExpectSequence("parameters", context.Problems) ? shared.Items : [];

    private string? PathOrNull(DocumentEntry entry)
    {
        string path = entry.Name;
        if (context.Kind == ApiKind.Http && path is "$default" or "/$default") return "$default";
        if (!path.StartsWith('/'))
        {
            context.Problems.Error(ProblemCode.BadPath, entry.Key.Origin, $"The path \"{path}\" does not start with a slash. Write \"/{path}\".");
            return null;
        }

        if (path.Length > 1 && path.EndsWith('/'))
        {
            // Requests with and without the last slash reach the same resource.
            string trimmed = path.TrimEnd('/');
            context.Problems.Warning(ProblemCode.BadPath, entry.Key.Origin, $"The path \"{path}\" ends with a slash, which does not count. Write \"{(trimmed.Length == 0 ? "/" : trimmed)}\".");
            path = trimmed.Length == 0 ? "/" : trimmed;
        }

        return path == "/" && prefix.Length > 0 ? prefix : prefix + path;
    }

    private void AddResources(string path, Origin origin)
    {
        if (path == "$default") return;

        // A hostile path of a million slashes would make as many resources of a million characters each.
        if (path.Length > 2000 || path.AsSpan().Count('/') > 100)
        {
            AddResource(path, origin);
            return;
        }

        AddResource("/", origin);
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1)) AddResource(path[..slash], origin);
        AddResource(path, origin);
    }

    private void AddResource(string path, Origin origin)
    {
        if (_known.Add(path)) _resources.Add(new ResourceDefinition(path, origin));
    }
}

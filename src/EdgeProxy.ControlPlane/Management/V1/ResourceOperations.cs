using System.Buffers;
using System.Text;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Resources: the tree of paths of a REST API (control-plane.md 1.5).</summary>
internal static class ResourceOperations
{
    private static readonly PatchRule[] s_rules = [new("/parentId", "R"), new("/pathPart", "R")];
    private static readonly PatchDialect s_dialect = PatchDialect.Listed("/parentId, /pathPart");

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetResources", "GET /restapis/{restapi_id}/resources", 200, "", List),
        new("CreateResource", "POST /restapis/{restapi_id}/resources/{parent_id}", 201, "pathPart*:str", Create),
        new("GetResource", "GET /restapis/{restapi_id}/resources/{resource_id}", 200, "", Get),
        new("UpdateResource", "PATCH /restapis/{restapi_id}/resources/{resource_id}", 200, PatchDocument.Members, Update),
        new("DeleteResource", "DELETE /restapis/{restapi_id}/resources/{resource_id}", 202, "", Delete),
    ];

    private static Reply List(Call call)
    {
        if (call.Book.ScopeOrNull(RestLookup.ScopeOf(call)) is not { } scope) return Reply.NotFound("Invalid Resource identifier specified");
        IReadOnlyList<Record> methods = scope.All(Kinds.Method);
        bool isWhole = EmbedsMethods(call);
        return Paging.List(call, scope.All(Kinds.Resource), static record => record.Key, record => Shown(record, methods, isWhole));
    }

    private static Reply Get(Call call)
    {
        if (!RestLookup.TryResource(call, "resource_id", out Record? resource, out Reply? fault)) return fault;
        return Reply.Of(Shown(resource, call.Book.All(RestLookup.ScopeOf(call), Kinds.Method), EmbedsMethods(call)));
    }

    private static Reply Create(Call call)
    {
        if (!RestLookup.TryResource(call, "parent_id", out Record? parent, out Reply? unknown)) return unknown;
        string scope = RestLookup.ScopeOf(call);
        string part = call.Body.TextOf("pathPart")!;
        IReadOnlyList<Record> resources = call.Book.All(scope, Kinds.Resource);
        if (resources.Count >= call.Options.Limits.ResourcesPerApi) return Reply.LimitExceeded(LimitNames.Resources, "Maximum number of resources for this API has been reached.");
        if (CheckPlace(call, resources, parent, part, exceptId: null) is { } wrong) return wrong;

        string id = Ids.New(Ids.Long, made => call.Book.Find(scope, Kinds.Resource, made) is not null);
        WireValue resource = WireValue.NewObject()
            .Set("id", id).Set("parentId", parent.Key).Set("pathPart", part).Set("path", ResourceTree.Join(parent.Open().TextOf("path")!, part));
        call.Book.Put(scope, Kinds.Resource, id, resource);
        return Reply.Of(resource);
    }

    private static Reply Update(Call call)
    {
        if (!RestLookup.TryResource(call, "resource_id", out Record? record, out Reply? unknown)) return unknown;
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        WireValue resource = record.Open();
        string path = resource.TextOf("path")!;
        foreach (PatchOperation operation in operations)
        {
            if (path == "/" && operation is { Op: PatchOp.Replace, Segments: ["pathPart" or "parentId"] }) return Reply.BadRequest($"Root resource cannot update its {operation.Segments[0]}.");
            if (ApplyPatch.RunOne(resource, operation, s_rules, s_dialect) is { } refused) return refused;
        }

        string scope = RestLookup.ScopeOf(call);
        IReadOnlyList<Record> resources = call.Book.All(scope, Kinds.Resource);
        if (operations.Count > 0)
        {
            if (call.Book.Find(scope, Kinds.Resource, resource.TextOf("parentId") ?? "") is not { } parent) return Reply.NotFound("Invalid Resource identifier specified");
            string parentPath = parent.Open().TextOf("path")!;
            if (parentPath == path || parentPath.StartsWith(path + "/", StringComparison.Ordinal)) return Reply.BadRequest("Resources cannot be cyclical.");
            string part = resource.TextOf("pathPart") ?? "";
            if (CheckPlace(call, resources, parent, part, record.Key) is { } wrong) return wrong;
            List<Record> below = ResourceTree.Below(resources, path);
            if (below.Count > 0 && part.EndsWith("+}", StringComparison.Ordinal)) return Reply.BadRequest($"Cannot create a child of a resource with a greedy path variable: {part}");
            string moved = ResourceTree.Join(parentPath, part);
            call.Book.Put(scope, Kinds.Resource, record.Key, resource.Set("path", moved));
            foreach (Record child in below)
            {
                WireValue value = child.Open();
                string childPath = moved + value.TextOf("path")![path.Length..];
                if (childPath.Length > call.Options.Limits.PathCharacters) return TooLong(call);
                call.Book.Put(scope, Kinds.Resource, child.Key, value.Set("path", childPath));
            }
        }

        return Reply.Of(Shown(call.Book.Find(scope, Kinds.Resource, record.Key)!, call.Book.All(scope, Kinds.Method), isWhole: false));
    }

    private static Reply TooLong(Call call) => Reply.TooLarge(LimitNames.Path, $"The path of a resource must be at most {call.Options.Limits.PathCharacters} characters.");

    /// <summary>Whether a resource of a part may stand below a parent; null when it may.</summary>
    private static Reply? CheckPlace(Call call, IReadOnlyList<Record> resources, Record parent, string part, string? exceptId)
    {
        if (part.Length == 0) return Reply.BadRequest("Resource's path part must be specified");
        bool isVariable = PathSyntax.TryPlaceholder(part, out _, out _);
        if (!isVariable && !PathSyntax.IsDocumentedLiteral(part))
        {
            return Reply.BadRequest("Resource's path part only allow a-zA-Z0-9._-: or a valid greedy path variable and curly braces at the beginning and the end.");
        }

        WireValue above = parent.Open();
        if (above.TextOf("pathPart") is { } parentPart && parentPart.EndsWith("+}", StringComparison.Ordinal))
        {
            return Reply.BadRequest($"Cannot create a child of a resource with a greedy path variable: {parentPart}");
        }

        string path = ResourceTree.Join(above.TextOf("path")!, part);
        if (path.Length > call.Options.Limits.PathCharacters) return TooLong(call);
        if (ResourceTree.FindByPath(resources, path) is { } same && same.Key != exceptId) return Reply.Conflict($"Another resource with the same parent already has this name: {part}");
        if (isVariable && ResourceTree.VariablePartBelow(resources, parent.Key, exceptId) is { } sibling)
        {
            return Reply.BadRequest($"A sibling ({sibling}) of this resource already has a variable path part -- only one is allowed");
        }

        return null;
    }

    private static Reply Delete(Call call)
    {
        if (!RestLookup.TryResource(call, "resource_id", out Record? resource, out Reply? fault)) return fault;
        string scope = RestLookup.ScopeOf(call);
        string path = resource.Open().TextOf("path")!;
        if (path == "/") return Reply.BadRequest("Root resource cannot be deleted.");
        Remove(resource);
        foreach (Record below in ResourceTree.Below(call.Book.All(scope, Kinds.Resource), path)) Remove(below);
        return Reply.Empty;

        void Remove(Record gone)
        {
            foreach (Record method in ResourceTree.MethodsOf(call.Book.All(scope, Kinds.Method), gone.Key)) call.Book.Remove(scope, Kinds.Method, method.Key);
            call.Book.Remove(scope, Kinds.Resource, gone.Key);
        }
    }

    private static bool EmbedsMethods(Call call)
    {
        foreach ((string name, string value) in call.QueryPairs)
        {
            if (name == "embed" && value == "methods") return true;
        }

        return false;
    }

    /// <summary>A resource as clients see it: with its methods, which are records of their own.</summary>
    private static ReadOnlyMemory<byte> Shown(Record resource, IReadOnlyList<Record> methods, bool isWhole)
    {
        ReadOnlySpan<Record> own = ResourceTree.MethodsOf(methods, resource.Key);
        if (own.IsEmpty) return resource.Json;
        var text = new ArrayBufferWriter<byte>(256);
        text.Write(resource.Json.Span[..^1]);
        text.Write(",\"resourceMethods\":{"u8);
        for (int i = 0; i < own.Length; i++)
        {
            text.Write(i == 0 ? "\""u8 : ",\""u8);
            text.Write(Encoding.ASCII.GetBytes(own[i].Key[(resource.Key.Length + 1)..]));
            text.Write("\":"u8);
            text.Write(isWhole ? own[i].Json.Span : "{}"u8);
        }

        text.Write("}}"u8);
        return text.WrittenMemory;
    }
}

using EdgeProxy.ControlPlane.Management.Domains;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>Base path mappings: the API mappings of V2, as V1 shows them (control-plane.md 3.5).</summary>
internal static class BasePathMappingOperations
{
    private static readonly PatchRule[] s_rules =
    [
        new("/basepath", "R") { IgnoresCase = true, Members = ["apiMappingKey"] },
        new("/restapiId", "R") { IgnoresCase = true, Members = ["apiId"] },
        new("/stage", "R"),
    ];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetBasePathMappings", "GET /domainnames/{domain_name}/basepathmappings", 200, "", List),
        new("CreateBasePathMapping", "POST /domainnames/{domain_name}/basepathmappings", 201, "basePath:str restApiId*:str stage:str", Create),
        new("GetBasePathMapping", "GET /domainnames/{domain_name}/basepathmappings/{base_path}", 200, "", Get),
        new("UpdateBasePathMapping", "PATCH /domainnames/{domain_name}/basepathmappings/{base_path}", 200, PatchDocument.Members, Update),
        new("DeleteBasePathMapping", "DELETE /domainnames/{domain_name}/basepathmappings/{base_path}", 202, "", Delete),
    ];

    private static Reply Unknown { get; } = Reply.NotFound("Invalid base path mapping identifier specified");

    private static Reply List(Call call) =>
        DomainRecords.Find(call, "domain_name", out string scope) is null ? DomainRecords.NotFound : Paging.List(call, call.Book.All(scope, Kinds.ApiMapping), static record => Shown(record.Open()));

    private static Reply Get(Call call)
    {
        if (DomainRecords.Find(call, "domain_name", out string scope) is null) return DomainRecords.NotFound;
        return DomainRecords.MappingOrNull(call.Book, scope, PathOf(call.Path("base_path"))) is { } found ? Reply.Of(Shown(found.Open())) : Unknown;
    }

    private static Reply Create(Call call)
    {
        if (DomainRecords.Find(call, "domain_name", out string scope) is not { } domain) return DomainRecords.NotFound;
        WireValue mapping = WireValue.NewObject().Set("apiId", call.Body.TextOf("restApiId"));
        mapping.Set("apiMappingId", Ids.New(Ids.Short, id => call.Book.Find(scope, Kinds.ApiMapping, id) is not null));
        mapping.Set("apiMappingKey", PathOf(call.Body.TextOf("basePath") ?? "")).Set("stage", StageOf(call.Body.TextOf("stage")));
        return Check(call, domain, scope, mapping) ?? Keep(call, scope, mapping);
    }

    private static Reply Update(Call call)
    {
        if (DomainRecords.Find(call, "domain_name", out string scope) is not { } domain) return DomainRecords.NotFound;
        if (DomainRecords.MappingOrNull(call.Book, scope, PathOf(call.Path("base_path"))) is not { } found) return Unknown;
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        WireValue mapping = found.Open();
        if (ApplyPatch.Run(mapping, operations, s_rules, PatchDialect.Short) is { } wrong) return wrong;
        mapping.Set("apiMappingKey", PathOf(mapping.TextOf("apiMappingKey") ?? "")).Set("stage", StageOf(mapping.TextOf("stage")));
        return Check(call, domain, scope, mapping) ?? Keep(call, scope, mapping);
    }

    private static Reply Delete(Call call)
    {
        if (DomainRecords.Find(call, "domain_name", out string scope) is null) return DomainRecords.NotFound;
        if (DomainRecords.MappingOrNull(call.Book, scope, PathOf(call.Path("base_path"))) is not { } found) return Unknown;
        call.Book.Remove(scope, Kinds.ApiMapping, found.Key);
        return Reply.Empty;
    }

    private static Reply? Check(Call call, Record domain, string scope, WireValue mapping)
    {
        string path = mapping.TextOf("apiMappingKey")!;
        if (!DomainRecords.IsPath(path, severalLevels: false)) return Reply.BadRequest("Base path mapping must not contain characters other than letters, numbers and one of $-_.+!*'()");
        string id = mapping.TextOf("apiMappingId")!;
        if (DomainRecords.MappingOrNull(call.Book, scope, path) is { } other && other.Key != id) return Reply.Conflict("Base path already exists for this domain name");
        return DomainRecords.CheckTarget(call, domain.Open(), scope, mapping.TextOf("apiId") ?? "", mapping.TextOf("stage"), id);
    }

    private static Reply Keep(Call call, string scope, WireValue mapping)
    {
        call.Book.Put(scope, Kinds.ApiMapping, mapping.TextOf("apiMappingId")!, mapping);
        return Reply.Of(Shown(mapping));
    }

    private static string PathOf(string basePath) => basePath is DomainRecords.NoPath or "/" ? "" : basePath.Trim('/');

    // None: the caller names the stage in the path.
    private static string? StageOf(string? stage) => stage is null or "" or DomainRecords.NoPath ? null : stage;

    private static WireValue Shown(WireValue mapping) => WireValue.NewObject()
        .Set("basePath", mapping.TextOf("apiMappingKey") is { Length: > 0 } path ? path : DomainRecords.NoPath)
        .Set("restApiId", mapping.TextOf("apiId"))
        .Set("stage", mapping.TextOf("stage"));
}

using EdgeProxy.ControlPlane.Management.Domains;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>API mappings: which stage of which API answers below a path of a domain (control-plane.md 2.4).</summary>
internal static class ApiMappingOperations
{
    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetApiMappings", "GET /v2/domainnames/{domainName}/apimappings", 200, "", List),
        new("CreateApiMapping", "POST /v2/domainnames/{domainName}/apimappings", 201, "apiId*:str apiMappingKey:str stage*:str", Create),
        new("GetApiMapping", "GET /v2/domainnames/{domainName}/apimappings/{apiMappingId}", 200, "", Get),
        new("UpdateApiMapping", "PATCH /v2/domainnames/{domainName}/apimappings/{apiMappingId}", 200, "apiId*:str apiMappingKey:str stage:str", Update),
        new("DeleteApiMapping", "DELETE /v2/domainnames/{domainName}/apimappings/{apiMappingId}", 204, "", Delete),
    ];

    private static Reply Unknown { get; } = Reply.NotFound("The api mapping resource specified in the request was not found.", "ApiMapping");

    private static Reply List(Call call) =>
        DomainRecords.Find(call, "domainName", out string scope) is null ? DomainNameOperations.Unknown : Paging.List(call, call.Book.All(scope, Kinds.ApiMapping));

    private static Reply Get(Call call)
    {
        if (DomainRecords.Find(call, "domainName", out string scope) is null) return DomainNameOperations.Unknown;
        return call.Book.Find(scope, Kinds.ApiMapping, call.Path("apiMappingId")) is { } found ? Reply.Of(found) : Unknown;
    }

    private static Reply Create(Call call)
    {
        if (DomainRecords.Find(call, "domainName", out string scope) is not { } domain) return DomainNameOperations.Unknown;
        WireValue mapping = WireValue.NewObject().Take(call.Body, "apiId")
            .Set("apiMappingId", Ids.New(Ids.Short, id => call.Book.Find(scope, Kinds.ApiMapping, id) is not null))
            .Set("apiMappingKey", call.Body.TextOf("apiMappingKey") ?? "").Take(call.Body, "stage");
        return Keep(call, domain, scope, mapping);
    }

    private static Reply Update(Call call)
    {
        if (DomainRecords.Find(call, "domainName", out string scope) is not { } domain) return DomainNameOperations.Unknown;
        if (call.Book.Find(scope, Kinds.ApiMapping, call.Path("apiMappingId")) is not { } found) return Unknown;
        return Keep(call, domain, scope, found.Open().Take(call.Body, "apiId", "apiMappingKey", "stage"));
    }

    private static Reply Delete(Call call)
    {
        if (DomainRecords.Find(call, "domainName", out string scope) is null) return DomainNameOperations.Unknown;
        return call.Book.Remove(scope, Kinds.ApiMapping, call.Path("apiMappingId")) ? Reply.Empty : Unknown;
    }

    private static Reply Keep(Call call, Record record, string scope, WireValue mapping)
    {
        WireValue domain = record.Open();
        string path = mapping.TextOf("apiMappingKey")!;

        // V1's word for no path, whose mappings these are as well: there must not be two of it.
        if (path == DomainRecords.NoPath) mapping.Set("apiMappingKey", path = "");
        if (!DomainRecords.IsPath(path, severalLevels: true)) return Reply.BadRequest("API mapping key must not contain characters other than letters, numbers and one of $-_.+!*'()/");
        if (path.Contains('/', StringComparison.Ordinal) && !DomainRules.TakesLevels(domain)) return DomainRules.NotForLevels;
        string id = mapping.TextOf("apiMappingId")!;
        if (DomainRecords.MappingOrNull(call.Book, scope, path) is { } other && other.Key != id) return Reply.Conflict("ApiMapping key already exists for this domain name");
        if (DomainRecords.CheckTarget(call, domain, scope, mapping.TextOf("apiId")!, mapping.TextOf("stage"), id) is { } wrong) return wrong;
        call.Book.Put(scope, Kinds.ApiMapping, id, mapping);
        return Reply.Of(mapping);
    }
}

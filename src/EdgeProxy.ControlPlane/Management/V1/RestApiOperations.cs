using EdgeProxy.ControlPlane.Management.Domains;
using EdgeProxy.ControlPlane.Management.Patches;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>REST APIs themselves (control-plane.md 1.5).</summary>
internal static class RestApiOperations
{
    private static readonly PatchRule[] s_rules =
    [
        new("/name", "R"), new("/apiKeySource", "R"), new("/disableExecuteApiEndpoint", "R", PatchType.Boolean), new("/minimumCompressionSize", "R", PatchType.Integer), new("/policy", "R"),
        new("/securityPolicy", "R"), new("/endpointAccessMode", "R"), new("/description", "ARD"), new("/version", "R"), new("/binaryMediaTypes/{type}", "ARD", PatchType.ListItem),
    ];

    private static readonly PatchRule[] s_endpointRules =
    [
        new("/endpointConfiguration/types/{type}", "R", PatchType.ListItem), new("/endpointConfiguration/vpcEndpointIds", "AD", PatchType.List), new("/endpointConfiguration/ipAddressType", "R"),
    ];

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetRestApis", "GET /restapis", 200, "", List),
        new("CreateRestApi", "POST /restapis", 201,
            "name*:str description:str version:str cloneFrom:str binaryMediaTypes:[str] minimumCompressionSize:int apiKeySource:enum<ApiKeySourceType> endpointConfiguration:RestEndpointConfiguration policy:str tags:map<str> disableExecuteApiEndpoint:bool securityPolicy:enum<SecurityPolicy> endpointAccessMode:enum<EndpointAccessMode>",
            Create),
        new("GetRestApi", "GET /restapis/{restapi_id}", 200, "", Get),
        new("UpdateRestApi", "PATCH /restapis/{restapi_id}", 200, PatchDocument.Members, Update),
        new("DeleteRestApi", "DELETE /restapis/{restapi_id}", 202, "", Delete),
    ];

    /// <summary>Whether an API of either service has an id.</summary>
    public static bool IsTaken(BookEdit book, string id) => book.ScopeOrNull(Scopes.RestApi(id)) is not null || book.ScopeOrNull(Scopes.Api(id)) is not null;

    private static Reply List(Call call) => Paging.List(
        call, call.Book.ScopesBelow(Scopes.RestApis), static scope => scope.Id, static scope => scope.Find(Kinds.RestApi, scope.Id[Scopes.RestApis.Length..])?.Json ?? "{}"u8.ToArray());

    private static Reply Get(Call call) => RestLookup.TryApi(call, out Record? api, out Reply? fault) ? Tagging.Show(api) : fault;

    private static Reply Create(Call call)
    {
        WireValue body = call.Body;
        if (call.Book.ScopesBelow(Scopes.RestApis).Count >= call.Options.Limits.Apis) return Reply.LimitExceeded(LimitNames.Apis, "Maximum number of APIs has been reached.");
        WireValue api = WireValue.NewObject();
        RecordScope? model = null;
        if (body.TextOf("cloneFrom") is { } cloned)
        {
            model = call.Book.ScopeOrNull(Scopes.RestApi(cloned));
            if (model?.Find(Kinds.RestApi, cloned) is not { } original) return RestLookup.UnknownApi(call, cloned);
            api.Take(original.Open(), "description", "version", "binaryMediaTypes", "minimumCompressionSize", "apiKeySource", "endpointConfiguration", "policy", "disableExecuteApiEndpoint", "securityPolicy", "endpointAccessMode");
        }

        api.Take(body, "name", "description", "version", "binaryMediaTypes", "minimumCompressionSize", "apiKeySource", "endpointConfiguration", "policy", "disableExecuteApiEndpoint", "securityPolicy", "endpointAccessMode");
        if (RestApiRules.Check(api, call.Options.Limits) is { } wrong) return wrong;
        if (Tagging.Take(call, api, body) is { } badTags) return badTags;
        if (!Tagging.TryTakeId(call, Ids.Long, made => IsTaken(call.Book, made), out string? id, out Reply? taken)) return taken;

        string root = Ids.New(Ids.Long);
        api.Set("id", id).Set("createdDate", call.NowSeconds).Set("rootResourceId", root);
        if (api["apiKeySource"] is null) api.Set("apiKeySource", "HEADER");
        if (api["disableExecuteApiEndpoint"] is null) api.Set("disableExecuteApiEndpoint", false);

        string scope = Scopes.RestApi(id);
        call.Book.Put(scope, Kinds.RestApi, id, api);
        if (model is null)
        {
            call.Book.Put(scope, Kinds.Resource, root, WireValue.NewObject().Set("id", root).Set("path", "/"));
            DefaultModels.Put(call.Book, scope);
        }
        else
        {
            CloneApi.Run(model, call.Book, scope, root);
        }

        return Reply.Of(api);
    }

    private static Reply Update(Call call)
    {
        if (!RestLookup.TryApi(call, out Record? record, out Reply? unknown)) return unknown;
        if (!PatchDocument.TryRead(call, out IReadOnlyList<PatchOperation> operations, out Reply? fault)) return fault;
        WireValue api = record.Open();
        foreach (PatchOperation operation in operations)
        {
            Reply? refused = operation.Segments is ["endpointConfiguration", _, ..] ? PatchEndpoint(api, operation) : PatchOne(api, operation);
            if (refused is not null) return refused;
        }

        RestLookup.DropEmpty(api, "description", "version", "endpointAccessMode");
        RestLookup.DropEmptyMaps(api, "binaryMediaTypes");
        RestLookup.DropEmptyMaps(api.ObjectAt("endpointConfiguration"), "vpcEndpointIds");
        if (api["apiKeySource"] is null) api.Set("apiKeySource", "HEADER");
        if (api["disableExecuteApiEndpoint"] is null) api.Set("disableExecuteApiEndpoint", false);
        if (RestApiRules.Check(api, call.Options.Limits) is { } wrong) return wrong;
        var changed = new Record(record.Key, api.ToBytes());
        call.Book.Put(RestLookup.ScopeOf(call), Kinds.RestApi, changed);
        return Tagging.Show(changed);
    }

    private static Reply? PatchOne(WireValue api, PatchOperation operation)
    {
        if (operation is { Op: PatchOp.Replace, Path: "/minimumCompressionSize" } && ApplyPatch.ValueOrNull(operation.Value ?? "", PatchType.Integer) is null)
        {
            // An empty text clears it, as no value does.
            if (!string.IsNullOrEmpty(operation.Value)) return RestApiRules.WrongCompressionSize();
            api["minimumCompressionSize"] = null;
            return null;
        }

        return ApplyPatch.RunOne(api, operation, s_rules, PatchDialect.Short);
    }

    private static Reply? PatchEndpoint(WireValue api, PatchOperation operation)
    {
        WireValue endpoint = api.ObjectAt("endpointConfiguration");
        foreach (PatchRule rule in s_endpointRules)
        {
            if (rule.Matches(operation) && !rule.Allows(operation.Op)) return Reply.BadRequest("Invalid patch operation specified. Must be 'add'|'remove'|'replace'");
        }

        // Clients name the type that goes, or its place.
        if (operation.Segments is not ["endpointConfiguration", "types", var old]) return ApplyPatch.RunOne(api, operation, s_endpointRules, PatchDialect.Short);
        if (old != "0" && !endpoint.TextsOf("types").Contains(old)) return PatchDialect.Short.WrongPath(operation);
        string type = operation.Value ?? "";
        endpoint["types"] = WireValue.Of([type]);
        if (type == "PRIVATE") endpoint.Set("ipAddressType", "dualstack");
        else endpoint["vpcEndpointIds"] = null;
        return null;
    }

    private static Reply Delete(Call call)
    {
        if (RestLookup.MissingApi(call) is { } missing) return missing;
        string id = call.Path("restapi_id");
        if (DomainRecords.LeadTo(call.Book, id, stage: null)) return Reply.BadRequest("Please remove all base path mappings related to the API in your account before deleting the API.");
        PlanStages.Drop(call.Book, id, null);
        call.Book.RemoveScope(Scopes.RestApi(id));
        return Reply.Empty;
    }
}

using System.Buffers;
using EdgeProxy.ControlPlane.Management.Domains;
using EdgeProxy.ControlPlane.Management.V2.Expressions;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>HTTP and WebSocket APIs (control-plane.md 2.2 to 2.4).</summary>
internal static class ApiOperations
{
    private const string HttpSelection = "$request.method $request.path";
    private const string KeyHeader = "$request.header.x-api-key";
    private const string KeyOfAuthorizer = "$context.authorizer.usageIdentifierKey";
    private const string Settings =
        "apiKeySelectionExpression:str corsConfiguration:Cors credentialsArn:str description:str disableSchemaValidation:bool disableExecuteApiEndpoint:bool " +
        "ipAddressType:enum<IpAddressType> routeKey:str routeSelectionExpression:str target:str version:str";

    private static readonly SearchValues<char> s_idCharacters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-_");

    private static readonly Members s_members = new(
        "apiKeySelectionExpression corsConfiguration description:1024 disableSchemaValidation disableExecuteApiEndpoint ipAddressType name:128 routeSelectionExpression version:64");

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetApis", "GET /v2/apis", 200, "", List),
        new("CreateApi", "POST /v2/apis", 201, Settings + " name*:str protocolType*:str tags:map<str>", Create),
        new("GetApi", "GET /v2/apis/{apiId}", 200, "", Get),
        new("UpdateApi", "PATCH /v2/apis/{apiId}", 200, Settings + " name:str", Update),
        new("DeleteApi", "DELETE /v2/apis/{apiId}", 204, "", Delete),
        new("DeleteCorsConfiguration", "DELETE /v2/apis/{apiId}/cors", 204, "", DeleteCors),
    ];

    /// <summary>A new API with its defaults, not yet kept.</summary>
    /// <param name="call">Says when and where.</param>
    /// <param name="id">Its id.</param>
    /// <param name="protocol"><c>HTTP</c> or <c>WEBSOCKET</c>.</param>
    public static WireValue New(Call call, string id, string protocol)
    {
        bool isHttp = protocol == "HTTP";
        return WireValue.NewObject()
            .Set("apiEndpoint", $"{(isHttp ? "https" : "wss")}://{id}.execute-api.{call.Options.Region}.amazonaws.com")
            .Set("apiId", id)
            .Set("apiKeySelectionExpression", KeyHeader)
            .Set("createdDate", call.NowText)
            .Set("disableExecuteApiEndpoint", false)
            .Set("ipAddressType", "ipv4")
            .Set("protocolType", protocol)
            .Set("routeSelectionExpression", isHttp ? HttpSelection : null)
            .Set("tags", WireValue.NewObject());
    }

    /// <summary>The id of a new API: what the tag for it says, else one by chance (product: custom ids).</summary>
    public static bool TryNewId(Call call, out string id, out Reply? fault)
    {
        fault = null;
        if (call.Body["tags"]?.TextOf(Ids.CustomIdTag) is not { } custom)
        {
            id = Ids.New(Ids.Long, candidate => IsTaken(call, candidate));
            return true;
        }

        id = custom;

        // It becomes a label of host names and a segment of paths.
        if (custom.Length is 0 or > 64 || custom.AsSpan().IndexOfAnyExcept(s_idCharacters) >= 0)
        {
            fault = Reply.BadRequest($"The tag {Ids.CustomIdTag} must have 1 to 64 characters of a-z, 0-9, - and _.");
        }
        else if (IsTaken(call, custom))
        {
            fault = Reply.Conflict($"An API with the id {custom} already exists.");
        }

        return fault is null;
    }

    private static bool IsTaken(Call call, string id) =>
        call.Book.ScopeOrNull(Scopes.Api(id)) is not null || call.Book.ScopeOrNull(Scopes.RestApi(id)) is not null;

    private static Reply List(Call call)
    {
        var apis = new List<Record>();
        foreach (RecordScope scope in call.Book.ScopesBelow(Scopes.Apis))
        {
            if (scope.Find(Kinds.Api, scope.Id[Scopes.Apis.Length..]) is { } api) apis.Add(api);
        }

        return Paging.List(call, apis);
    }

    private static Reply Get(Call call) =>
        ApiPlace.TryFind(call, out ApiPlace? api, out Reply? fault) ? Reply.Of(call.Book.Find(api.Scope, Kinds.Api, api.Id)!) : fault;

    private static Reply Create(Call call)
    {
        string protocol = call.Body.TextOf("protocolType")!;
        if (protocol is not ("HTTP" or "WEBSOCKET")) return Reply.BadRequest("Invalid protocol specified. Must be one of [HTTP, WEBSOCKET]");
        if (call.Book.ScopesBelow(Scopes.Apis).Count >= call.Options.Limits.Apis) return Reply.TooMany(LimitNames.Apis, "Maximum number of APIs reached.", "Apis");
        if (!TryNewId(call, out string id, out Reply? taken)) return taken!;
        WireValue made = New(call, id, protocol);
        if (Tagging.Take(call, made, call.Body) is { } wrong) return wrong;
        ApiPlace api = ApiPlace.Of(id, made);
        return Change(call, api) ?? QuickCreate.Run(call, api) ?? Keep(call, api);
    }

    private static Reply Update(Call call)
    {
        if (!ApiPlace.TryFind(call, out ApiPlace? api, out Reply? fault)) return fault;
        return Change(call, api) ?? QuickCreate.Update(call, api) ?? Keep(call, api);
    }

    private static Reply Delete(Call call)
    {
        if (!ApiPlace.TryFind(call, out ApiPlace? api, out Reply? fault)) return fault;
        if (DomainRecords.LeadTo(call.Book, api.Id, stage: null)) return Reply.BadRequest("Please remove all base path mappings related to the API in your account before deleting the API.");
        V1.PlanStages.Drop(call.Book, api.Id, null);
        call.Book.RemoveScope(api.Scope);
        return Reply.Empty;
    }

    private static Reply DeleteCors(Call call)
    {
        if (!ApiPlace.TryFind(call, out ApiPlace? api, out Reply? fault)) return fault;
        if (api.Value["corsConfiguration"] is null) return Reply.Empty;
        api.Value["corsConfiguration"] = null;
        Keep(call, api);
        return Reply.Empty;
    }

    private static Reply Keep(Call call, ApiPlace api)
    {
        var record = new Record(api.Id, api.Value.ToBytes());
        call.Book.Put(api.Scope, Kinds.Api, record);
        return Reply.Of(record);
    }

    private static Reply? Change(Call call, ApiPlace api) => s_members.Merge(api.Value, call.Body, call.Options.Limits) ?? Check(api.Value);

    /// <summary>What is wrong with an API's own record; null for nothing. Completes what is fixed.</summary>
    public static Reply? Check(WireValue api)
    {
        if (api.TextOf("name") is null) return Reply.BadRequest("API name must be non-empty");
        if (api.TextOf("apiKeySelectionExpression") is not { } key) api.Set("apiKeySelectionExpression", KeyHeader);
        else if (Braceless(key) is not (KeyHeader or KeyOfAuthorizer)) return Reply.BadRequest($"Invalid API key selection expression specified: {key}");
        if (api.TextOf("ipAddressType") is null) api.Set("ipAddressType", "ipv4");
        if (api.TextOf("protocolType") == "HTTP")
        {
            if (api["disableSchemaValidation"] is not null) return OnlyFor("disableSchemaValidation", "WEBSOCKET");
            if (api.TextOf("routeSelectionExpression") is { } selection && Braceless(selection) != HttpSelection)
            {
                return Reply.BadRequest($"Invalid route selection expression specified. HTTP APIs support only {HttpSelection}");
            }

            api.Set("routeSelectionExpression", HttpSelection);
            return api["corsConfiguration"] is { } cors ? CorsRules.Fault(cors) : null;
        }

        if (api["corsConfiguration"] is not null) return OnlyFor("corsConfiguration", "HTTP");
        if (api.TextOf("routeSelectionExpression") is not { } route) return Reply.BadRequest("Route selection expression is required for WEBSOCKET APIs");
        return SelectionExpression.Fits(route, SelectionSources.Route) ? null : Reply.BadRequest($"Invalid route selection expression specified: {route}");
    }

    /// <summary>Says that a member is for APIs of the other protocol.</summary>
    public static Reply OnlyFor(string member, string protocol) => Reply.BadRequest($"{member} is supported only for APIs with a protocol type of {protocol}");

    // ${request.method} is another way to write $request.method.
    private static string Braceless(string expression) =>
        expression.Replace("${", "$", StringComparison.Ordinal).Replace("}", "", StringComparison.Ordinal);
}

using EdgeProxy.ControlPlane.Management.V2.Expressions;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>Routes of HTTP and WebSocket APIs (control-plane.md 2.4, http-api.md 2, websocket-api.md 5).</summary>
internal static class RouteOperations
{
    // http-api.md 17
    private const int MostScopes = 10;
    private const int LongestScope = 64;

    private const string Target = "integrations/";
    private const string Settings =
        "apiKeyRequired:bool authorizationScopes:[str] authorizationType:enum<AuthorizationType> authorizerId:str modelSelectionExpression:str operationName:str " +
        "requestModels:map<str> requestParameters:map<ParameterConstraints> routeResponseSelectionExpression:str target:str";

    private static readonly Members s_members = new(
        "apiKeyRequired authorizationScopes authorizationType authorizerId modelSelectionExpression operationName:64 requestModels requestParameters+ routeKey " +
        "routeResponseSelectionExpression target:128");

    public static readonly ChildKind Kind = new(Kinds.Route, "Route", "routeId");

    public static IReadOnlyList<Operation> All { get; } =
    [
        .. Kind.Rows("/v2/apis/{apiId}/routes", Delete),
        new("CreateRoute", "POST /v2/apis/{apiId}/routes", 201, Settings + " routeKey*:str", Create),
        new("UpdateRoute", "PATCH /v2/apis/{apiId}/routes/{routeId}", 200, Settings + " routeKey:str", Update),
        new("DeleteRouteRequestParameter", "DELETE /v2/apis/{apiId}/routes/{routeId}/requestparameters/{requestParameterKey}", 204, "", DeleteParameter),
    ];

    /// <summary>The target of routes to an integration.</summary>
    public static string TargetOf(string integrationId) => Target + integrationId;

    private static Reply Create(Call call)
    {
        if (!Kind.TryFindOwner(call, out ApiPlace? api, out _, out Reply? fault)) return fault;
        if (Kind.Of(call.Book, api).Count >= call.Options.Limits.ResourcesPerApi) return Reply.TooMany(LimitNames.Resources, "Maximum number of Routes for this API has been reached.", "RoutesPerApi");
        WireValue route = WireValue.NewObject();
        return s_members.Merge(route, call.Body, call.Options.Limits) ?? Complete(call.Book, api, route, "") ?? Kind.Add(call, api, "", route);
    }

    private static Reply Update(Call call)
    {
        if (!Kind.TryFind(call, out ChildRecord? found, out Reply? fault)) return fault;
        WireValue route = found.Value;
        string key = route.TextOf("routeKey")!;
        if (s_members.Merge(route, call.Body, call.Options.Limits) is { } wrong) return wrong;
        if (route.IsTrueOf("apiGatewayManaged") && route.TextOf("routeKey") != key) return Reply.BadRequest("Cannot update the route key of a Route that is managed by API Gateway");

        // Taking the authorization away takes its authorizer away, and what scopes are for.
        if (call.Body.TextOf("authorizationType") is "NONE" or "AWS_IAM" && call.Body["authorizerId"] is null) route["authorizerId"] = null;
        if (call.Body.TextOf("authorizationType") is not (null or "JWT") && call.Body["authorizationScopes"] is null) route["authorizationScopes"] = null;
        return Complete(call.Book, found.Api, route, found.Key) ?? Kind.Put(call, found.Api, found.Key, route);
    }

    private static Reply Delete(Call call, ChildRecord found)
    {
        return found.Value.IsTrueOf("apiGatewayManaged")
            ? Reply.BadRequest("Cannot delete Route because it is managed by API Gateway")
            : Kind.Remove(call, found, Kinds.RouteResponse);
    }

    private static Reply DeleteParameter(Call call)
    {
        if (!Kind.TryFind(call, out ChildRecord? found, out Reply? fault)) return fault;
        string key = call.Path("requestParameterKey");
        if (found.Value["requestParameters"]?[key] is null) return Reply.NotFound($"Invalid request parameter key specified {key}", "RequestParameter");
        WireValue parameters = found.Value["requestParameters"]!;
        parameters[key] = null;
        if (parameters.Members.Count == 0) found.Value["requestParameters"] = null;
        Kind.Put(call, found.Api, found.Key, found.Value);
        return Reply.Empty;
    }

    /// <summary>Checks a route whole, and completes its defaults; null when nothing is wrong.</summary>
    /// <param name="book">The records.</param>
    /// <param name="api">Its API.</param>
    /// <param name="route">The route.</param>
    /// <param name="id">Its id; empty for a new one.</param>
    /// <param name="isKeyFree">Whether no other route is known to have its key: looking means opening all of them.</param>
    public static Reply? Complete(BookEdit book, ApiPlace api, WireValue route, string id, bool isKeyFree = false)
    {
        string key = route.TextOf("routeKey") ?? "";
        if (!RouteKeys.Fits(key, api.IsHttp))
        {
            return Reply.BadRequest(api.IsHttp
                ? "The provided route key is not formatted properly for HTTP protocol. Format should be \"<HTTP METHOD> /<RESOURCE PATH>\" or \"$default\""
                : $"The provided route key is not formatted properly for WEBSOCKET protocol: {(key.Length <= 128 ? key : key[..128])}");
        }

        if (!isKeyFree && Kind.WithText(book, api, "routeKey", key, id) is not null) return Reply.Conflict($"Route with key {key} already exists for this API");
        if (route["apiKeyRequired"] is null) route.Set("apiKeyRequired", false);
        if (route.TextOf("authorizationType") is null) route.Set("authorizationType", "NONE");
        return CheckTarget(book, api, route) ?? CheckAuthorization(book, api, route) ?? (api.IsHttp ? CheckHttp(route) : CheckWebSocket(book, api, route, key));
    }

    private static Reply? CheckTarget(BookEdit book, ApiPlace api, WireValue route)
    {
        if (route.TextOf("target") is not { } target) return null;
        if (!target.StartsWith(Target, StringComparison.Ordinal)) return Reply.BadRequest($"Invalid target specified: {target}. It must be {Target}{{integrationId}}");
        string integration = target[Target.Length..];
        return book.Find(api.Scope, Kinds.Integration, integration) is null ? IntegrationOperations.Kind.Unknown(integration) : null;
    }

    private static Reply? CheckAuthorization(BookEdit book, ApiPlace api, WireValue route)
    {
        string type = route.TextOf("authorizationType")!;
        string? authorizer = route.TextOf("authorizerId");
        if (type == "JWT" && !api.IsHttp) return ApiOperations.OnlyFor("authorizationType JWT", "HTTP");
        if (type is "JWT" or "CUSTOM")
        {
            string needed = type == "JWT" ? "JWT" : "REQUEST";
            if (authorizer is null || book.Find(api.Scope, Kinds.Authorizer, authorizer) is not { } found || found.Open().TextOf("authorizerType") != needed)
            {
                return Reply.BadRequest($"Invalid authorizer ID specified. Setting the authorization type to {type} requires a valid {needed} authorizer.");
            }
        }
        else if (authorizer is not null)
        {
            return Reply.BadRequest($"authorizerId cannot be specified with authorization type {type}");
        }

        IReadOnlyList<string> scopes = route.TextsOf("authorizationScopes");
        if (scopes.Count == 0)
        {
            route["authorizationScopes"] = null;
            return null;
        }

        if (type != "JWT") return Reply.BadRequest("authorizationScopes are supported only for an authorization type of JWT");
        if (scopes.Count > MostScopes) return Reply.BadRequest($"Invalid authorizationScopes specified, can be at most {MostScopes}.");
        foreach (string scope in scopes)
        {
            if (scope.Length is 0 or > LongestScope || scope.AsSpan().IndexOfAnyInRange('\0', ' ') >= 0) return Reply.BadRequest($"Invalid authorization scope specified, must be 1 to {LongestScope} characters without blanks.");
        }

        return null;
    }

    private static Reply? CheckHttp(WireValue route)
    {
        if (route.IsTrueOf("apiKeyRequired")) return ApiOperations.OnlyFor("apiKeyRequired", "WEBSOCKET");
        foreach (string member in (ReadOnlySpan<string>)["modelSelectionExpression", "requestModels", "requestParameters", "routeResponseSelectionExpression"])
        {
            if (route[member] is null or { IsObject: true, Members.Count: 0 }) route[member] = null;
            else return ApiOperations.OnlyFor(member, "WEBSOCKET");
        }

        return null;
    }

    private static Reply? CheckWebSocket(BookEdit book, ApiPlace api, WireValue route, string key)
    {
        bool isConnect = key == "$connect";
        if (!isConnect)
        {
            if (route.TextOf("authorizationType") != "NONE") return Reply.BadRequest("Authorization is supported only on the $connect route");
            if (route.IsTrueOf("apiKeyRequired")) return Reply.BadRequest("apiKeyRequired is supported only on the $connect route");
        }

        if (route.TextOf("modelSelectionExpression") is { } model && !SelectionExpression.Fits(model, SelectionSources.Route))
        {
            return Reply.BadRequest($"Invalid model selection expression specified: {model}");
        }

        if (route.TextOf("routeResponseSelectionExpression") is { } response && response != "$default")
        {
            return Reply.BadRequest($"Invalid route response selection expression specified: {response}. Only $default is supported");
        }

        foreach ((string parameter, _) in route.MembersOf("requestParameters"))
        {
            if (!WebSocketMappings.IsRouteParameter(parameter, isConnect)) return Reply.BadRequest($"Invalid request parameter specified: {parameter}");
        }

        return ModelOperations.FaultOfNames(book, api, route["requestModels"]);
    }
}

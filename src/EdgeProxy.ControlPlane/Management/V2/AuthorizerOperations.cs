using EdgeProxy.ControlPlane.Management.V2.Expressions;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>Authorizers of HTTP and WebSocket APIs (control-plane.md 2.4; http-api.md 10, 11; websocket-api.md 6.4).</summary>
internal static class AuthorizerOperations
{
    private const int LongestTtl = 3600;

    private const string Settings =
        "authorizerCredentialsArn:str authorizerPayloadFormatVersion:str authorizerResultTtlInSeconds:int authorizerUri:str enableSimpleResponses:bool " +
        "identityValidationExpression:str jwtConfiguration:JWTConfiguration";

    private static readonly Members s_members = new(
        "authorizerCredentialsArn authorizerPayloadFormatVersion authorizerResultTtlInSeconds authorizerType authorizerUri enableSimpleResponses identitySource " +
        "identityValidationExpression jwtConfiguration name:128");

    public static readonly ChildKind Kind = new(Kinds.Authorizer, "Authorizer", "authorizerId");

    public static IReadOnlyList<Operation> All { get; } =
    [
        .. Kind.Rows("/v2/apis/{apiId}/authorizers", Delete),
        new("CreateAuthorizer", "POST /v2/apis/{apiId}/authorizers", 201, Settings + " authorizerType*:enum<AuthorizerTypeV2> identitySource*:[str] name*:str", Create),
        new("UpdateAuthorizer", "PATCH /v2/apis/{apiId}/authorizers/{authorizerId}", 200, Settings + " authorizerType:enum<AuthorizerTypeV2> identitySource:[str] name:str", Update),
    ];

    private static Reply Create(Call call)
    {
        if (!Kind.TryFindOwner(call, out ApiPlace? api, out _, out Reply? fault)) return fault;
        if (Kind.Of(call.Book, api).Count >= call.Options.Limits.AuthorizersPerApi) return Reply.TooMany(LimitNames.Authorizers, "Maximum number of Authorizers for this API has been reached.", "AuthorizersPerApi");
        WireValue value = WireValue.NewObject();
        return s_members.Merge(value, call.Body, call.Options.Limits) ?? Complete(call.Book, api, value, "", call.Options.Limits) ?? Kind.Add(call, api, "", value);
    }

    private static Reply Update(Call call)
    {
        if (!Kind.TryFind(call, out ChildRecord? found, out Reply? fault)) return fault;
        string type = found.Value.TextOf("authorizerType")!;
        if (s_members.Merge(found.Value, call.Body, call.Options.Limits) is { } wrong) return wrong;
        if (found.Value.TextOf("authorizerType") != type && RouteWith(call, found) is { } route)
        {
            return Reply.Conflict($"Cannot change the type of authorizer '{found.Value.TextOf("name")}', is referenced in route: {route}");
        }

        return Complete(call.Book, found.Api, found.Value, found.Key, call.Options.Limits) ?? Kind.Put(call, found.Api, found.Key, found.Value);
    }

    private static Reply Delete(Call call, ChildRecord found)
    {
        return RouteWith(call, found) is { } route
            ? Reply.Conflict($"Cannot delete authorizer '{found.Value.TextOf("name")}', is referenced in route: {route}")
            : Kind.Remove(call, found);
    }

    private static string? RouteWith(Call call, ChildRecord authorizer) =>
        RouteOperations.Kind.WithText(call.Book, authorizer.Api, "authorizerId", authorizer.Key)?.Open().TextOf("routeKey");

    /// <summary>Checks an authorizer whole, and completes its defaults; null when nothing is wrong.</summary>
    /// <param name="book">The records.</param>
    /// <param name="api">Its API.</param>
    /// <param name="value">The authorizer.</param>
    /// <param name="id">Its id; empty for a new one.</param>
    /// <param name="limits">How many audiences it may have.</param>
    public static Reply? Complete(BookEdit book, ApiPlace api, WireValue value, string id, ManagementLimits limits)
    {
        if (value.TextOf("name") is not { } name) return Reply.BadRequest("Authorizer name must be non-empty");
        if (Kind.WithText(book, api, "name", name, id) is not null)
        {
            return Reply.BadRequest($"Authorizer name must be unique. Authorizer {name} already exists in this RestApi.");
        }

        return value.TextOf("authorizerType") == "JWT" ? CompleteJwt(api, value, limits.JwtAudiences) : CompleteRequest(api, value);
    }

    private static Reply? CompleteJwt(ApiPlace api, WireValue value, int most)
    {
        if (!api.IsHttp) return ApiOperations.OnlyFor("authorizerType JWT", "HTTP");
        foreach (string member in (ReadOnlySpan<string>)["authorizerUri", "authorizerCredentialsArn", "authorizerPayloadFormatVersion"])
        {
            if (value[member] is not null) return Reply.BadRequest($"{member} is not supported for JWT authorizers");
        }

        if (value.IsTrueOf("enableSimpleResponses")) return Reply.BadRequest("enableSimpleResponses is not supported for JWT authorizers");
        if (value.NumberOf("authorizerResultTtlInSeconds") is not (null or 0)) return Reply.BadRequest("authorizerResultTtlInSeconds is not supported for JWT authorizers");
        value["enableSimpleResponses"] = null;
        value["authorizerResultTtlInSeconds"] = null;
        IReadOnlyList<string> sources = value.TextsOf("identitySource");
        if (sources.Count != 1 || !IdentitySources.IsToken(sources[0])) return InvalidSource(sources.Count == 1 ? sources[0] : "exactly one is needed");
        if (!IsIssuer(value["jwtConfiguration"]?.TextOf("issuer") ?? "")) return Reply.BadRequest("Invalid issuer specified in jwtConfiguration. It must be an absolute https URL.");
        IReadOnlyList<string> audience = value["jwtConfiguration"]!.TextsOf("audience");
        if (audience.Count == 0 || audience.Count > most)
        {
            return Reply.BadRequest($"Invalid audience specified in jwtConfiguration. There must be 1 to {most}.").Meeting(audience.Count == 0 ? null : LimitNames.JwtAudiences);
        }

        foreach (string entry in audience)
        {
            if (entry.Length == 0) return Reply.BadRequest("Invalid audience specified in jwtConfiguration. None can be empty.");
        }

        return null;
    }

    private static Reply? CompleteRequest(ApiPlace api, WireValue value)
    {
        if (value["jwtConfiguration"] is not null) return Reply.BadRequest("jwtConfiguration is supported only for JWT authorizers");
        if (!IntegrationUris.IsInvocation(value.TextOf("authorizerUri") ?? "")) return Reply.BadRequest("Invalid Authorizer URI specified. It must be arn:aws:apigateway:{region}:lambda:path/2015-03-31/functions/{functionArn}/invocations");
        if (value.TextOf("authorizerCredentialsArn") is { } credentials && !IntegrationUris.IsRole(credentials)) return Reply.BadRequest("Invalid ARN specified in the request");
        IReadOnlyList<string> sources = value.TextsOf("identitySource");
        foreach (string source in sources)
        {
            if (!(api.IsHttp ? IdentitySources.IsHttp(source) : IdentitySources.IsWebSocket(source))) return InvalidSource(source);
        }

        return api.IsHttp ? CompleteHttp(value, sources.Count) : CompleteWebSocket(value);
    }

    // http-api.md 11.1
    private static Reply? CompleteHttp(WireValue value, int sources)
    {
        string version = value.TextOf("authorizerPayloadFormatVersion") ?? "";
        if (version is not ("1.0" or "2.0")) return Reply.BadRequest("AuthorizerPayloadFormatVersion is a required parameter for REQUEST authorizer. It must be 1.0 or 2.0");
        if (value["enableSimpleResponses"] is null) value.Set("enableSimpleResponses", false);
        if (value.IsTrueOf("enableSimpleResponses") && version != "2.0") return Reply.BadRequest("enableSimpleResponses is supported only for authorizerPayloadFormatVersion 2.0");
        if (value["authorizerResultTtlInSeconds"] is null) value.Set("authorizerResultTtlInSeconds", 0);
        long ttl = value.NumberOf("authorizerResultTtlInSeconds") ?? -1;
        if (ttl is < 0 or > LongestTtl) return Reply.BadRequest($"Invalid authorizerResultTtlInSeconds specified, must be between 0 and {LongestTtl}");
        return ttl > 0 && sources == 0 ? Reply.BadRequest("Caching of authorizer results needs at least one identity source") : null;
    }

    private static Reply? CompleteWebSocket(WireValue value)
    {
        if (value["authorizerPayloadFormatVersion"] is not null) return ApiOperations.OnlyFor("authorizerPayloadFormatVersion", "HTTP");
        if (value.IsTrueOf("enableSimpleResponses")) return ApiOperations.OnlyFor("enableSimpleResponses", "HTTP");
        if (value.NumberOf("authorizerResultTtlInSeconds") is not (null or 0)) return ApiOperations.OnlyFor("authorizerResultTtlInSeconds", "HTTP");
        value["enableSimpleResponses"] = null;
        value["authorizerResultTtlInSeconds"] = null;
        return null;
    }

    private static Reply InvalidSource(string source) => Reply.BadRequest($"Invalid identity source specified: {(source.Length <= 200 ? source : source[..200])}");

    // Plain HTTP leaves tokens' keys to whoever stands between; on this machine there is nobody.
    private static bool IsIssuer(string issuer) =>
        Uri.TryCreate(issuer, UriKind.Absolute, out Uri? uri) && uri.Host.Length > 0 && uri.Query.Length == 0 && uri.Fragment.Length == 0 && uri.UserInfo.Length == 0
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback));
}

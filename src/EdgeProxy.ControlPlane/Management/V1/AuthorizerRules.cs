using EdgeProxy.Compiler.Mappings;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>What an authorizer must be, when it is made and after each change (control-plane.md 1.4, 1.6).</summary>
internal static class AuthorizerRules
{
    public const int DefaultTtl = 300;
    public const int MostTtl = 3600;
    private const string DefaultSource = "method.request.header.Authorization";

    private static readonly string[] s_types = ["TOKEN", "REQUEST", "COGNITO_USER_POOLS", "JWT"];
    private static readonly string[] s_sources = ["method.request.header.", "method.request.querystring.", "context.", "stageVariables."];

    /// <summary>What is wrong; null for nothing. Puts defaults in place.</summary>
    public static Reply? Check(Call call, WireValue authorizer)
    {
        string type = authorizer.TextOf("type") ?? "";
        if (Array.IndexOf(s_types, type) < 0) return RestLookup.NotOneOf("type", s_types);
        if (authorizer.TextOf("name") is not { Length: > 0 } name) return Reply.BadRequest("Authorizer name must be non-empty");
        foreach (Record other in call.Book.All(RestLookup.ScopeOf(call), Kinds.Authorizer))
        {
            if (other.Key != authorizer.TextOf("id") && other.Open().TextOf("name") == name)
            {
                return Reply.BadRequest($"Authorizer name must be unique. Authorizer with name {name} already exists in RestApi {call.Path("restapi_id")}");
            }
        }

        if (type == "JWT")
        {
            if (JwtRules.Check(authorizer["jwtConfiguration"], call.Options.Limits) is { } badConfiguration) return badConfiguration;
        }
        else
        {
            if (authorizer["jwtConfiguration"] is not null) return Reply.BadRequest("jwtConfiguration is only for authorizers of type JWT");
            if (authorizer["authType"] is null) authorizer.Set("authType", type == "COGNITO_USER_POOLS" ? "cognito_user_pools" : "custom");
        }

        return (type is "TOKEN" or "REQUEST" ? CheckFunction(authorizer) : type == "COGNITO_USER_POOLS" ? CheckPools(authorizer) : null) ?? CheckSource(authorizer, type);
    }

    private static Reply? CheckFunction(WireValue authorizer)
    {
        string uri = authorizer.TextOf("authorizerUri") ?? "";
        string[] parts = uri.Split(':', 6);
        bool isFunction = parts.Length == 6 && parts[0] == "arn" && parts[2] == "apigateway" && parts[4] == "lambda" && parts[5].StartsWith("path/2015-03-31/functions/", StringComparison.Ordinal)
            && parts[5].EndsWith("/invocations", StringComparison.Ordinal);
        if (!isFunction) return Reply.BadRequest($"Invalid Authorizer URI: {uri}. Authorizer URI should be a valid API Gateway ARN that represents a Lambda function invocation.");
        if (authorizer["authorizerResultTtlInSeconds"] is null) authorizer.Set("authorizerResultTtlInSeconds", DefaultTtl);
        if (authorizer.NumberOf("authorizerResultTtlInSeconds") is not (>= 0 and <= MostTtl)) return Reply.BadRequest($"Invalid authorizerResultTtlInSeconds specified, must be between 0 and {MostTtl}");
        if (authorizer.TextOf("authorizerCredentials") is { } credentials && !IsArn(credentials)) return Reply.BadRequest("Invalid ARN specified in the request");
        return authorizer.TextOf("identityValidationExpression") is { } expression && new SelectionPattern(expression) is { Fault: { } fault }
            ? Reply.BadRequest($"Invalid identity validation expression specified: {fault}")
            : null;
    }

    private static Reply? CheckPools(WireValue authorizer)
    {
        IReadOnlyList<string> pools = authorizer.TextsOf("providerARNs");
        if (pools.Count == 0) return Reply.BadRequest("Authorizers of type COGNITO_USER_POOLS need at least one provider ARN");
        foreach (string pool in pools)
        {
            string[] parts = pool.Split(':', 6);
            if (parts.Length < 6 || parts[0] != "arn" || parts[2] != "cognito-idp" || !parts[5].StartsWith("userpool/", StringComparison.Ordinal)) return Reply.BadRequest("Invalid ARN specified in the request");
        }

        return null;
    }

    private static Reply? CheckSource(WireValue authorizer, string type)
    {
        if (authorizer.TextOf("identitySource") is not { Length: > 0 } source)
        {
            if (type == "REQUEST")
            {
                authorizer["identitySource"] = null;
                return authorizer.NumberOf("authorizerResultTtlInSeconds") == 0 ? null : Reply.BadRequest("Identity sources are required when caching is enabled");
            }

            authorizer.Set("identitySource", DefaultSource);
            return null;
        }

        string[] sources = source.Split(',', StringSplitOptions.TrimEntries);
        bool isOneHeader = sources.Length == 1 && source.StartsWith(s_sources[0], StringComparison.Ordinal);
        if (type != "REQUEST" && !isOneHeader) return Invalid(source);
        foreach (string one in sources)
        {
            if (!Array.Exists(s_sources, prefix => one.StartsWith(prefix, StringComparison.Ordinal) && PathSyntax.IsName(one.AsSpan(prefix.Length)))) return Invalid(one);
        }

        return null;
    }

    private static bool IsArn(string text) => text.StartsWith("arn:", StringComparison.Ordinal) && text.Split(':').Length >= 6;

    private static Reply Invalid(string expression) =>
        Reply.BadRequest($"Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression specified: {expression}]");
}

using EdgeProxy.Compiler.Passes;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V1;

/// <summary>What an integration must be, when it is put and after each change (control-plane.md 1.4).</summary>
internal static class IntegrationRules
{
    /// <summary>Milliseconds of the shortest patience that is taken.</summary>
    public const int LeastTimeout = 50;

    private static readonly (string Member, string[] Values)[] s_enumerations =
    [
        ("passthroughBehavior", ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"]),
        ("connectionType", ["INTERNET", "VPC_LINK"]),
        ("contentHandling", ["CONVERT_TO_BINARY", "CONVERT_TO_TEXT"]),
        ("responseTransferMode", ["BUFFERED", "STREAM"]),
    ];

    private static readonly string[] s_verbs = ["GET", "PUT", "POST", "DELETE", "PATCH", "OPTIONS", "HEAD", "ANY"];

    /// <summary>What is wrong; null for nothing.</summary>
    /// <param name="call">Its API's records and the limits.</param>
    /// <param name="integration">The integration as it shall be.</param>
    /// <param name="method">Its method.</param>
    public static Reply? Check(Call call, WireValue integration, WireValue method)
    {
        string type = integration.TextOf("type")!;
        string uri = integration.TextOf("uri") ?? "";
        if (type != "MOCK")
        {
            if (integration.TextOf("httpMethod") is not { Length: > 0 } verb) return Reply.BadRequest("Enumeration value for HttpMethod must be non-empty");
            if (Array.IndexOf(s_verbs, verb) < 0) return Reply.BadRequest("Invalid HttpMethod specified. Valid options are GET,PUT,POST,DELETE,PATCH,OPTIONS,HEAD,ANY");
        }

        Reply? wrong = type switch
        {
            "MOCK" => null,
            "AWS" or "AWS_PROXY" => CheckArn(uri, type == "AWS_PROXY"),
            _ => CheckUrl(uri),
        };
        if (wrong is not null) return wrong;
        foreach ((string member, string[] values) in s_enumerations)
        {
            if (integration.TextOf(member) is { } value && Array.IndexOf(values, value) < 0) return RestLookup.NotOneOf(member, values);
        }

        bool streams = integration.TextOf("responseTransferMode") == "STREAM";
        if (streams && type is not ("HTTP_PROXY" or "AWS_PROXY")) return Reply.BadRequest("The response transfer mode STREAM is only supported for integrations of type HTTP_PROXY and AWS_PROXY.");
        int most = streams ? CheckOptions.LongestStreamTimeoutInMillis : CheckOptions.MostTimeoutOf(call.Options.Limits.IntegrationTimeoutMilliseconds);
        if (integration.NumberOf("timeoutInMillis") is not { } timeout || timeout < LeastTimeout || timeout > most) return Reply.BadRequest($"Timeout should be between {LeastTimeout} ms and {most} ms");
        if (integration["requestParameters"] is { } parameters && MappingRules.CheckIntegrationRequest(parameters, method) is { } badMapping) return badMapping;
        return MappingRules.CheckMediaTypes(integration["requestTemplates"]) ?? MappingRules.CheckCacheKeys(integration.TextsOf("cacheKeyParameters")) ?? CheckConnection(call, integration);
    }

    private static Reply? CheckUrl(string uri)
    {
        int scheme = uri.StartsWith("http://", StringComparison.OrdinalIgnoreCase) ? 7 : uri.StartsWith("https://", StringComparison.OrdinalIgnoreCase) ? 8 : 0;
        bool isVariable = uri.StartsWith("${stageVariables.", StringComparison.Ordinal);
        bool isUrl = isVariable || (scheme > 0 && uri.Length > scheme && uri[scheme] is not ('/' or '?' or '#') && uri.AsSpan().IndexOfAny(' ', '\n', '\r') < 0);
        return isUrl ? null : Reply.BadRequest("Invalid HTTP endpoint specified for URI");
    }

    // arn:{partition}:apigateway:{region}:{service}:path|action/...
    private static Reply? CheckArn(string uri, bool isProxy)
    {
        string[] parts = uri.Split(':', 6);
        if (parts.Length < 6 || parts[0] != "arn" || parts[1].Length == 0 || parts[2].Length == 0) return Reply.BadRequest("Invalid ARN specified in the request");
        string rest = parts[5];
        if (!rest.StartsWith("path/", StringComparison.Ordinal) && !rest.StartsWith("action/", StringComparison.Ordinal)) return Reply.BadRequest("AWS ARN for integration must contain path or action");
        bool isFunction = parts[4] == "lambda" && rest.StartsWith("path/2015-03-31/functions/", StringComparison.Ordinal);
        return isProxy && !isFunction && parts[4] != "firehose"
            ? Reply.BadRequest("Integrations of type 'AWS_PROXY' currently only supports Lambda function and Firehose stream invocations.")
            : null;
    }

    private static Reply? CheckConnection(Call call, WireValue integration)
    {
        if (integration.TextOf("connectionType") != "VPC_LINK") return null;
        string id = integration.TextOf("connectionId") ?? "";
        if (id.StartsWith("${stageVariables.", StringComparison.Ordinal)) return null;
        return call.Book.Find(Scopes.Account, Kinds.VpcLink, id) is null && call.Book.Find(Scopes.Account, Kinds.VpcLinkV2, id) is null
            ? Reply.NotFound("Invalid Vpc Link identifier specified")
            : null;
    }
}

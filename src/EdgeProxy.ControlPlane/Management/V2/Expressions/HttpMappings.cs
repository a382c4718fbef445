using System.Globalization;
using EdgeProxy.Compiler.Passes;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2.Expressions;

/// <summary>The parameter mapping of HTTP APIs (http-api.md 8): what may stand in it.</summary>
internal static class HttpMappings
{
    private static readonly ValueSources s_request = new(
        "request.header.*", "request.querystring.*", "request.body", "request.body[]", "request.path", "request.path.*", "context.*", "stageVariables.*");

    private static readonly ValueSources s_response = new("response.header.*", "response.body", "response.body[]", "context.*", "stageVariables.*");

    private static readonly string[] s_roots = ["request", "response", "context", "stageVariables"];

    // 8.3. Those with a hyphen at the end stand for all that begin so.
    private static readonly string[] s_reserved =
    [
        "access-control-", "apigw-", "x-amz-", "x-amzn-", "authorization", "connection", "content-encoding", "content-length", "content-location", "forwarded",
        "keep-alive", "origin", "proxy-authenticate", "proxy-authorization", "te", "trailers", "transfer-encoding", "upgrade", "x-forwarded-for",
        "x-forwarded-host", "x-forwarded-proto", "via",
    ];

    /// <summary>What is wrong with the mapping of requests; null for nothing.</summary>
    /// <param name="mappings">Targets to values.</param>
    public static string? FaultOfRequest(WireValue mappings)
    {
        foreach ((string key, WireValue value) in mappings.Members)
        {
            if (key != "overwrite:path" && FaultOfTarget(key, isRequest: true) is { } fault) return fault;
            if (MappingFault.BreaksLines(key, value.Text) || (!IsRemoval(key) && !IsValue(value.Text, s_request))) return MappingFault.Invalid(value.Text);
        }

        return null;
    }

    /// <summary>What is wrong with the mapping of responses; null for nothing.</summary>
    /// <param name="groups">Statuses to targets to values.</param>
    public static string? FaultOfResponse(WireValue groups)
    {
        foreach ((string status, WireValue mappings) in groups.Members)
        {
            if (!IsStatus(status)) return MappingFault.Invalid(status);
            foreach ((string key, WireValue value) in mappings.Members)
            {
                if (key == "overwrite:statuscode")
                {
                    if (!value.Text.Contains('$', StringComparison.Ordinal) && !IsStatus(value.Text)) return MappingFault.Invalid(value.Text);
                }
                else if (FaultOfTarget(key, isRequest: false) is { } fault)
                {
                    return fault;
                }

                if (MappingFault.BreaksLines(key, value.Text) || (!IsRemoval(key) && !IsValue(value.Text, s_response))) return MappingFault.Invalid(value.Text);
            }
        }

        return null;
    }

    /// <summary>Whether a text can be an argument of a service integration (http-api.md 7).</summary>
    public static bool IsArgument(string text) => IsValue(text, s_request);

    private static bool IsRemoval(string key) => key.StartsWith("remove:", StringComparison.Ordinal);

    private static bool IsStatus(string text) => text.Length == 3 && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int status) && status is >= 200 and <= 599;

    private static string? FaultOfTarget(string key, bool isRequest)
    {
        int colon = key.IndexOf(':', StringComparison.Ordinal);
        if (colon < 0 || key[..colon] is not ("append" or "overwrite" or "remove")) return MappingFault.Invalid(key);
        ReadOnlySpan<char> place = key.AsSpan(colon + 1);
        if (isRequest && place.StartsWith("querystring.")) return PathSyntax.IsName(place["querystring.".Length..]) ? null : MappingFault.Invalid(key);
        if (!place.StartsWith("header.")) return MappingFault.Invalid(key);
        string header = place["header.".Length..].ToString();
        if (!CorsRules.IsToken(header)) return MappingFault.Invalid(key);
        foreach (string reserved in s_reserved)
        {
            bool isMeant = reserved[^1] == '-' ? header.StartsWith(reserved, StringComparison.OrdinalIgnoreCase) : header.Equals(reserved, StringComparison.OrdinalIgnoreCase);
            if (isMeant) return $"Operations on header {header} are restricted";
        }

        return null;
    }

    // With braces anywhere a text with variables in it; with a dollar sign before a name we know one variable; else a constant.
    private static bool IsValue(string text, ValueSources sources)
    {
        int at = text.IndexOf("${", StringComparison.Ordinal);
        if (at < 0)
        {
            if (!text.StartsWith('$') || sources.Has(text.AsSpan(1))) return true;
            foreach (string root in s_roots)
            {
                if (text.AsSpan(1).StartsWith(root, StringComparison.Ordinal) && (text.Length == root.Length + 1 || text[root.Length + 1] == '.')) return false;
            }

            return true;
        }

        for (; at >= 0; at = text.IndexOf("${", at, StringComparison.Ordinal))
        {
            int close = text.IndexOf('}', at);
            if (close < 0 || !sources.Has(text.AsSpan(at + 2, close - at - 2))) return false;
            at = close;
        }

        return true;
    }
}

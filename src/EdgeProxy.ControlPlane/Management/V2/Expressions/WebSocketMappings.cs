using EdgeProxy.Compiler.Passes;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2.Expressions;

/// <summary>The data mapping of WebSocket APIs (websocket-api.md 7.3): what may stand in it.</summary>
internal static class WebSocketMappings
{
    private static readonly ValueSources s_requestTargets = new("integration.request.header.*", "integration.request.querystring.*", "integration.request.path.*");

    private static readonly ValueSources s_requestSources = new(
        "route.request.querystring.*", "route.request.header.*", "route.request.multivaluequerystring.*", "route.request.multivalueheader.*",
        "route.request.body", "route.request.body[*]", "stageVariables.*", "context.*");

    // Clients made for REST APIs write "method" for "route".
    private static readonly ValueSources s_responseTargets = new("route.response.header.*", "method.response.header.*");

    private static readonly ValueSources s_responseSources = new(
        "integration.response.header.*", "integration.response.multivalueheader.*", "integration.response.body", "integration.response.body[*]",
        "integration.response.statuscode", "stageVariables.*", "context.*");

    private static readonly ValueSources s_connectParameters = new(
        "route.request.querystring.*", "route.request.header.*", "route.request.multivaluequerystring.*", "route.request.multivalueheader.*");

    private static readonly ValueSources s_messageParameters = new("route.request.body", "route.request.body[*]");

    /// <summary>What is wrong with an integration's <c>requestParameters</c>; null for nothing.</summary>
    public static string? FaultOfRequest(WireValue mappings) => Fault(mappings, s_requestTargets, s_requestSources);

    /// <summary>What is wrong with an integration response's <c>responseParameters</c>; null for nothing.</summary>
    public static string? FaultOfResponse(WireValue mappings) => Fault(mappings, s_responseTargets, s_responseSources);

    /// <summary>Whether a route can declare a parameter: fields and query only where there is a request, at <c>$connect</c>.</summary>
    public static bool IsRouteParameter(string key, bool isConnect) => (isConnect ? s_connectParameters : s_messageParameters).Has(key);

    /// <summary>Whether a route response can declare a parameter.</summary>
    public static bool IsResponseParameter(string key) => s_responseTargets.Has(key);

    private static string? Fault(WireValue mappings, ValueSources targets, ValueSources sources)
    {
        foreach ((string key, WireValue value) in mappings.Members)
        {
            if (!targets.Has(key)) return MappingFault.Invalid(key);
            string text = value.Text;
            bool isConstant = text.Length >= 2 && text[0] == '\'' && text[^1] == '\'';
            if (MappingFault.BreaksLines(key, text) || (!isConstant && !sources.Has(text))) return MappingFault.Invalid(text);
        }

        return null;
    }
}

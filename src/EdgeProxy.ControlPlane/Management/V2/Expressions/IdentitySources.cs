namespace EdgeProxy.ControlPlane.Management.V2.Expressions;

/// <summary>Where authorizers look for who calls (http-api.md 10.1, 11.1; websocket-api.md 6.4).</summary>
internal static class IdentitySources
{
    private static readonly ValueSources s_token = new("request.header.*", "request.querystring.*");
    private static readonly ValueSources s_http = new("request.header.*", "request.querystring.*", "context.*", "stageVariables.*");
    private static readonly ValueSources s_webSocket = new("route.request.header.*", "route.request.querystring.*", "context.*", "stageVariables.*");

    /// <summary>Whether a JWT authorizer can find its token there.</summary>
    public static bool IsToken(string text) => text.StartsWith('$') && s_token.Has(text.AsSpan(1));

    /// <summary>Whether a Lambda authorizer of an HTTP API can look there.</summary>
    public static bool IsHttp(string text) => text.StartsWith('$') && s_http.Has(text.AsSpan(1));

    /// <summary>Whether an authorizer of a WebSocket API can look there.</summary>
    public static bool IsWebSocket(string text) => s_webSocket.Has(text);
}

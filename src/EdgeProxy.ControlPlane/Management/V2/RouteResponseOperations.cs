using EdgeProxy.ControlPlane.Management.V2.Expressions;
using EdgeProxy.ControlPlane.Records;
using EdgeProxy.ControlPlane.Wire;

namespace EdgeProxy.ControlPlane.Management.V2;

/// <summary>Route responses of WebSocket APIs: what makes a route answer (control-plane.md 2.2, websocket-api.md 5.4).</summary>
internal static class RouteResponseOperations
{
    private const string Settings = "modelSelectionExpression:str responseModels:map<str> responseParameters:map<ParameterConstraints>";

    private static readonly Members s_members = new("modelSelectionExpression responseModels responseParameters+ routeResponseKey");

    private static readonly ChildKind s_kind = new(Kinds.RouteResponse, "RouteResponse", "routeResponseId", RouteOperations.Kind);

    private static readonly WebSocketResponses s_responses = new(s_kind, "RouteResponse", s_members, Check);

    public static IReadOnlyList<Operation> All { get; } =
    [
        .. s_kind.Rows("/v2/apis/{apiId}/routes/{routeId}/routeresponses"),
        new("CreateRouteResponse", "POST /v2/apis/{apiId}/routes/{routeId}/routeresponses", 201, Settings + " routeResponseKey*:str", s_responses.Create),
        new("UpdateRouteResponse", "PATCH /v2/apis/{apiId}/routes/{routeId}/routeresponses/{routeResponseId}", 200, Settings + " routeResponseKey:str", s_responses.Update),
    ];

    private static Reply? Check(Call call, ApiPlace api, WireValue value, string key, string prefix)
    {
        // The only value that a route's selection expression can have.
        if (value.TextOf("routeResponseKey") != "$default") return Reply.BadRequest("Invalid route response key specified. Only $default is supported");
        if (s_kind.WithText(call.Book, api, "routeResponseKey", "$default", key, prefix) is not null) return Reply.Conflict("RouteResponse with key $default already exists for this Route");
        if (value.TextOf("modelSelectionExpression") is { } expression && !SelectionExpression.Fits(expression, SelectionSources.Route))
        {
            return Reply.BadRequest($"Invalid model selection expression specified: {expression}");
        }

        foreach ((string parameter, _) in value.MembersOf("responseParameters"))
        {
            if (!WebSocketMappings.IsResponseParameter(parameter)) return Reply.BadRequest($"Invalid response parameter specified: {parameter}");
        }

        return ModelOperations.FaultOfNames(call.Book, api, value["responseModels"]);
    }
}

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

    public static IReadOnlyList<Operation> All { get; } =
    [
        new("GetRouteResponses", "GET /v2/apis/{apiId}/routes/{routeId}/routeresponses", 200, "", s_kind.List),
        new("CreateRouteResponse", "POST /v2/apis/{apiId}/routes/{routeId}/routeresponses", 201, Settings + " routeResponseKey*:str", Create),
        new("GetRouteResponse", "GET /v2/apis/{apiId}/routes/{routeId}/routeresponses/{routeResponseId}", 200, "", s_kind.Get),
        new("UpdateRouteResponse", "PATCH /v2/apis/{apiId}/routes/{routeId}/routeresponses/{routeResponseId}", 200, Settings + " routeResponseKey:str", Update),
        new("DeleteRouteResponse", "DELETE /v2/apis/{apiId}/routes/{routeId}/routeresponses/{routeResponseId}", 204, "", Delete),
    ];

    private static Reply Create(Call call)
    {
        if (!s_kind.TryFindOwner(call, out ApiPlace? api, out string prefix, out Reply? fault)) return fault;
        if (api.IsHttp) return ApiOperations.OnlyFor("RouteResponse", "WEBSOCKET");
        WireValue value = WireValue.NewObject();
        return s_members.Merge(value, call.Body, call.Options.Limits) ?? Check(call, api, value, "", prefix) ?? s_kind.Add(call, api, prefix, value);
    }

    private static Reply Update(Call call)
    {
        if (!s_kind.TryFind(call, out ChildRecord? found, out Reply? fault)) return fault;
        return s_members.Merge(found.Value, call.Body, call.Options.Limits)
            ?? Check(call, found.Api, found.Value, found.Key, found.Key[..(found.Key.IndexOf('/', StringComparison.Ordinal) + 1)])
            ?? s_kind.Put(call, found.Api, found.Key, found.Value);
    }

    private static Reply Delete(Call call) => s_kind.TryFind(call, out ChildRecord? found, out Reply? fault) ? s_kind.Remove(call, found) : fault;

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

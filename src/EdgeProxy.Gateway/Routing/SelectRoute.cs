using EdgeProxy.Gateway.Responses;
using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Routing;

/// <summary>Phase: finds the route, and refuses one that is served closed (rest-api.md 1.5; architecture.md 4).</summary>
internal static class SelectRoute
{
    public static Verdict Run(RequestContext request)
    {
        DeploymentPlan plan = request.Deployment!.Plan;
        if (!plan.Table.TryMatch(request.RoutePath, request.Exchange.Request.Method, ref request.Match)) return Verdict.Of(FaultKind.RouteNotFound);

        RoutePlan route = plan.Routes[request.Match.Ordinal];
        request.Route = route;
        return route.ClosedBy switch
        {
            GatewayResponseType.None => Verdict.Continue,
            GatewayResponseType.AuthorizerConfigurationError => Verdict.Of(FaultKind.ClosedAccess),
            _ => Verdict.Of(FaultKind.ClosedConfiguration),
        };
    }
}

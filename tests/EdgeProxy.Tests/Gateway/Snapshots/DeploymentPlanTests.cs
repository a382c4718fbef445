using EdgeProxy.Gateway.Routing;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Messages;

namespace EdgeProxy.Tests.Gateway.Snapshots;

public sealed class DeploymentPlanTests
{
    [Fact]
    public void Refuses_routes_that_are_not_at_their_ordinals()
    {
        var builder = new RouteTableBuilder<RestRules>();
        builder.Add(HttpMethod.Get, "/a");
        RouteTable<RestRules> table = builder.Build(out _);
        RoutePlan route = new() { Ordinal = 0, ResourcePath = "/a", Method = "GET", Integration = ClosedPlan.Instance };
        Assert.Same(route, new DeploymentPlan("d", table, [route]).Routes[0]);
        Assert.Throws<ArgumentException>(() => new DeploymentPlan("d", table, []));
        Assert.Throws<ArgumentException>(() => new DeploymentPlan("d", table, [new RoutePlan { Ordinal = 1, ResourcePath = "/a", Method = "GET", Integration = ClosedPlan.Instance }]));
    }
}

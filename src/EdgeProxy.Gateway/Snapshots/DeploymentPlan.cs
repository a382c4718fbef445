using EdgeProxy.Gateway.Routing;

namespace EdgeProxy.Gateway.Snapshots;

/// <summary>A deployment as it is run: compiled once, immutable, shared by every stage that points at it.</summary>
internal sealed class DeploymentPlan
{
    private static long s_last;

    /// <param name="id">For stages that point at it by no id of a deployment.</param>
    /// <param name="table">Finds a route's ordinal for a path and method.</param>
    /// <param name="routes">The routes at their ordinals; as many as the table was built of.</param>
    public DeploymentPlan(Utf8Text id, RouteTable<RestRules> table, RoutePlan[] routes)
    {
        if (table.RouteCount != routes.Length) throw new ArgumentException("The table has other routes than these.", nameof(routes));
        for (int i = 0; i < routes.Length; i++)
        {
            if (routes[i].Ordinal != i) throw new ArgumentException($"The route at {i} has ordinal {routes[i].Ordinal}.", nameof(routes));
        }

        Id = id;
        Table = table;
        Routes = routes;
    }

    public Utf8Text Id { get; }

    /// <summary>Another for each compilation, however alike: by it one deployment's cached answers are told from another's.</summary>
    public long Number { get; } = Interlocked.Increment(ref s_last);

    public RouteTable<RestRules> Table { get; }

    /// <summary>The gateway's own answers, as far as the API customised them.</summary>
    public GatewayResponses GatewayResponses { get; init; } = GatewayResponses.None;

    /// <summary>The media types that are bytes rather than text.</summary>
    public BinaryMediaTypes BinaryTypes { get; init; } = BinaryMediaTypes.None;

    /// <summary>Fewest bytes of an answer that is compressed for clients that take it (rest-api.md 11.3); -1 for never.</summary>
    public int MinimumCompressionSize { get; init; } = -1;

    /// <summary>Routes by ordinal.</summary>
    public RoutePlan[] Routes { get; }
}

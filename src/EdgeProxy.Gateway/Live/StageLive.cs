using EdgeProxy.Gateway.Snapshots;

namespace EdgeProxy.Gateway.Live;

/// <summary>What outlasts the plans of one stage.</summary>
internal sealed class StageLive
{
    private readonly Dictionary<(string Resource, string Method), RouteLive> _routes = [];
    private readonly Lock _gate = new();

    internal StageLive(ApiFacts api, string stage)
    {
        ApiId = api.Id.ToString();
        Stage = stage;
    }

    public string ApiId { get; }

    public string Stage { get; }

    /// <summary>The live state of a route, made when it is new.</summary>
    /// <param name="resourcePath">The resource path as written.</param>
    /// <param name="method">The method as written.</param>
    public RouteLive Route(string resourcePath, string method)
    {
        lock (_gate)
        {
            if (!_routes.TryGetValue((resourcePath, method), out RouteLive? live))
            {
                live = new RouteLive(resourcePath, method);
                _routes.Add((resourcePath, method), live);
            }

            return live;
        }
    }
}

using EdgeProxy.Gateway.Accounting;

namespace EdgeProxy.Gateway.Live;

/// <summary>The series of what is gone after a change, collected first: taking them out is a pass over all series, one for all that went rather than one for each.</summary>
internal sealed class GoneSeries
{
    private readonly HashSet<string> _apis = new(StringComparer.Ordinal);
    private readonly HashSet<(string Api, string Stage)> _stages = [];
    private readonly HashSet<(string Api, string Stage, string Resource, string Method)> _routes = [];
    private readonly HashSet<(string Api, string Stage, string Upstream)> _upstreams = [];
    private readonly HashSet<(string Api, string Stage, string Upstream, string Target)> _targets = [];

    public void AddApi(string api) => _apis.Add(api);

    public void AddStage(string api, string stage) => _stages.Add((api, stage));

    public void AddRoute(string api, string stage, string resource, string method) => _routes.Add((api, stage, resource, method));

    public void AddUpstream(string api, string stage, string upstream) => _upstreams.Add((api, stage, upstream));

    public void AddTarget(string api, string stage, string upstream, string target) => _targets.Add((api, stage, upstream, target));

    /// <summary>Takes them out. Their owners say that they are gone already.</summary>
    public void TakeOut(GatewayMetrics metrics)
    {
        if (_apis.Count > 0) metrics.Forget(["api_id"], values => _apis.Contains(values[0]));
        if (_stages.Count > 0) metrics.Forget(["api_id", "stage"], values => _stages.Contains((values[0], values[1])));
        if (_routes.Count > 0) metrics.Forget(["api_id", "stage", "resource", "method"], values => _routes.Contains((values[0], values[1], values[2], values[3])));
        if (_upstreams.Count > 0) metrics.Forget(["api_id", "stage", "upstream"], values => _upstreams.Contains((values[0], values[1], values[2])));
        if (_targets.Count > 0) metrics.Forget(["api_id", "stage", "upstream", "target"], values => _targets.Contains((values[0], values[1], values[2], values[3])));
    }
}

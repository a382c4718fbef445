using EdgeProxy.Telemetry.Metrics;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>What is counted of one upstream and its targets.</summary>
/// <param name="metrics">The families.</param>
/// <param name="api">The API's id.</param>
/// <param name="stage">The stage.</param>
/// <param name="upstream">Scheme, host and port of the integration's URI.</param>
internal sealed class UpstreamSeries(TargetMetrics metrics, string api, string stage, string upstream)
{
    public string Api => api;

    public string Stage => stage;

    public Counter Picks(string target) => metrics.Picks.With(api, stage, upstream, target);
}

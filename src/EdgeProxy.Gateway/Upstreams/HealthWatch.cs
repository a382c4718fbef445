using EdgeProxy.Core.Concurrency;
using EdgeProxy.Http.Client;
using EdgeProxy.Telemetry.Tracing;
using Microsoft.Extensions.Logging;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>Has the targets asked whose upstreams want it: each target once for the whole node, on one loop, for as long as a plan in force names it.</summary>
/// <param name="loop">The loop; everything here is on its thread.</param>
/// <param name="upstreams">Its pools.</param>
/// <param name="random">Its generator.</param>
/// <param name="log">The node log.</param>
internal sealed class HealthWatch(EventLoop loop, UpstreamClient upstreams, FastRandom random, ILogger log)
{
    private Dictionary<TargetLive, HealthProbe> _probes = [];

    public EventLoop Loop => loop;

    public UpstreamClient Upstreams => upstreams;

    public FastRandom Random => random;

    public ILogger Log => log;

    /// <summary>How many targets are asked.</summary>
    public int Count => _probes.Count;

    /// <summary>Goes on with the upstreams of a snapshot: targets that were there keep what was found, those that are gone are not asked any more.</summary>
    public void Follow(IReadOnlyList<UpstreamGroup> groups)
    {
        var probes = new Dictionary<TargetLive, HealthProbe>();
        foreach (UpstreamGroup group in groups)
        {
            if (!group.Policy.Health.IsOn) continue;
            foreach (BoundTarget target in group.Targets)
            {
                // Integrations that say different things of one target: the first is followed.
                if (probes.ContainsKey(target.Live)) continue;
                if (_probes.Remove(target.Live, out HealthProbe? probe)) probe.Follow(group);
                else probe = new HealthProbe(this, group, target.Live);
                probes.Add(target.Live, probe);
            }
        }

        foreach (HealthProbe gone in _probes.Values) gone.Stop();
        _probes = probes;
    }
}

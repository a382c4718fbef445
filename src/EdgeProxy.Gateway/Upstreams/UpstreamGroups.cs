using System.Globalization;
using System.Text;
using EdgeProxy.Gateway.Live;
using EdgeProxy.Gateway.Snapshots;
using EdgeProxy.Http.Client;

namespace EdgeProxy.Gateway.Upstreams;

/// <summary>The upstreams of one stage's deployment while its plan is built: integrations that say the same of the same upstream share one group.</summary>
/// <param name="stage">Where live state is kept.</param>
/// <param name="node">The node's policy.</param>
internal sealed class UpstreamGroups(StageLive stage, UpstreamPolicy node)
{
    private readonly Dictionary<(string Name, string Targets, UpstreamName First, UpstreamPolicy Policy), UpstreamGroup> _groups = [];

    /// <summary>All that were made.</summary>
    public IReadOnlyCollection<UpstreamGroup> All => _groups.Values;

    /// <summary>The group of an integration; null when it calls one place and asks for nothing besides.</summary>
    /// <param name="isTls">Whether its URI's scheme is https.</param>
    /// <param name="authority">The host of its URI, as it stands in one.</param>
    /// <param name="port">The port of its URI.</param>
    /// <param name="upstream">Where the URI alone leads.</param>
    /// <param name="plan">What the document says.</param>
    /// <param name="targets">Where the plan's targets are, in its order.</param>
    /// <param name="host">What is sent as Host.</param>
    public UpstreamGroup? GroupOrNull(bool isTls, string authority, int port, UpstreamName upstream, UpstreamPlan plan, UpstreamName[] targets, byte[] host)
    {
        UpstreamPolicy policy = plan.Adjust is { } adjust ? adjust(node) : node;
        if (targets.Length == 0)
        {
            if (!policy.HoldsSingle) return null;
            targets = [upstream];
        }

        string name = $"{(isTls ? "https" : "http")}://{authority}:{port.ToString(CultureInfo.InvariantCulture)}";
        var text = new StringBuilder();
        for (int i = 0; i < targets.Length; i++) text.Append(CultureInfo.InvariantCulture, $"{targets[i]}*{WeightOf(plan, i)} ");
        string all = text.ToString();
        if (_groups.TryGetValue((name, all, targets[0], policy), out UpstreamGroup? group)) return group;
        UpstreamLive live = stage.Upstream(name);
        var bound = new BoundTarget[targets.Length];
        for (int i = 0; i < bound.Length; i++) bound[i] = new BoundTarget(targets[i], WeightOf(plan, i), live.Target(targets[i]));
        return _groups[(name, all, targets[0], policy)] = new UpstreamGroup(live, bound, policy, host);
    }

    private static int WeightOf(UpstreamPlan plan, int index) => plan.Targets.Length == 0 ? 1 : plan.Targets[index].Weight;
}
